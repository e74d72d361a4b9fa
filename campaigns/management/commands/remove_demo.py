"""Take the demo agency away."""

from typing import Any

from agency.management.json_command import JsonCommand
from campaigns.demo.seed import remove_demo


class Command(JsonCommand):
    help = "Take the demo agencies away with everything in them, and the logins that belong to nothing else."

    def run(self, **_options: Any) -> dict[str, Any]:
        return remove_demo()
