"""Make the demo agency."""

from typing import Any

from agency.management.json_command import JsonCommand
from campaigns.demo.seed import seed_demo


class Command(JsonCommand):
    help = (
        "Make the demo agency, unless it is there. The password is MESO_DEMO_PASSWORD, else a random one that is kept."
    )

    def run(self, **_options: Any) -> dict[str, Any]:
        return seed_demo()
