"""A row of an erased person has no line in the roster; whom to inform is found without reading everybody."""

from importlib import import_module

from django.db import migrations, models

BEFORE = import_module("influencers.migrations.0009_roster_filter_columns")
REFRESH = BEFORE.REFRESH.replace(
    "WHERE i.id = ANY(ids) ORDER BY i.id", "WHERE i.id = ANY(ids) AND NOT i.is_erased ORDER BY i.id"
)


class Migration(migrations.Migration):
    dependencies = [("influencers", "0009_roster_filter_columns")]
    operations = [
        migrations.AddField(
            "influencer", "is_erased", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AddIndex(
            "influencer",
            models.Index(
                fields=["agency", "created_at"],
                condition=models.Q(informed_on__isnull=True, is_erased=False),
                name="influencer_to_inform",
            ),
        ),
        migrations.RunSQL(REFRESH, BEFORE.REFRESH),
    ]
