"""The same file through django-import-export, in a process of its own: `python -m bench.roster_import_export FILE ROWS [bulk]`."""

import csv
import json
import os
import sys
from pathlib import Path
from typing import Any

import django

from bench.roster_import import peak_mib
from bench.timing import timed


def main(file: Path, rows: int, *, bulk: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")
    django.setup()
    import tablib  # noqa: PLC0415 - models can be imported only now
    from import_export import resources  # noqa: PLC0415

    from agency.models import Agency  # noqa: PLC0415
    from influencers.models import Account, Influencer  # noqa: PLC0415

    agency, _ = Agency.objects.get_or_create(slug="import-export", defaults={"name": "Import-export"})

    class CreatorResource(resources.ModelResource):
        """As the documentation shows it; accounts follow each saved creator. With `bulk` nothing is saved singly: no accounts."""

        class Meta:
            model = Influencer
            fields = ("name", "country", "email")
            import_id_fields = ("name",)
            use_bulk = skip_diff = bulk
            force_init_instance = bulk  # no look-up of known rows
            skip_unchanged = report_skipped = not bulk
            use_transactions = True

        def before_save_instance(self, instance: Any, row: Any, **_kwargs: Any) -> None:
            instance.agency = agency

        def get_queryset(self) -> Any:
            return Influencer.objects.filter(agency=agency)

        def after_save_instance(self, instance: Any, row: Any, **_kwargs: Any) -> None:
            for platform in () if bulk else ("Instagram", "TikTok"):
                if row[platform]:
                    handle = row[platform].rstrip("/").rpartition("/")[2]
                    Account.objects.update_or_create(
                        agency=agency, platform=platform.lower(), handle=handle, defaults={"influencer": instance}
                    )

    with file.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        data = tablib.Dataset(headers=["name", "country", "email", "Instagram", "TikTok"])
        for row, _number in zip(reader, range(rows), strict=False):
            data.append((row["Name"], row["Country"], row["E-mail"], row["Instagram"], row["TikTok"]))
    seconds, result = timed(lambda: CreatorResource().import_data(data, raise_errors=True))
    answer = {"rows": len(data), "totals": dict(result.totals), "seconds": seconds, "peak": peak_mib()}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), bulk=sys.argv[3:] == ["bulk"])
