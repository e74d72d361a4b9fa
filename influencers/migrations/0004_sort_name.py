"""The name as lists are sorted by it, stored by the database: accents and case folded, signs and emoji ignored.

PostgreSQL's wheel has no ICU, and a language's own order is not worth a second database build; a name of signs alone sorts as it is.
"""

from django.db import migrations, models
from django.db.models import F, Func

SORT_NAME = """
CREATE FUNCTION meso_sort_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN coalesce(nullif(btrim(regexp_replace(meso_fold(name), '[^[:alnum:]]+', ' ', 'g')), ''), meso_fold(name))
"""


class Migration(migrations.Migration):
    dependencies = [("influencers", "0003_account_triggers")]
    operations = [
        migrations.RunSQL(SORT_NAME, "DROP FUNCTION meso_sort_name(text)"),
        migrations.RemoveIndex("influencer", "influencer_by_name"),
        migrations.RemoveField("influencer", "sort_name"),
        migrations.AddField(
            "influencer",
            "sort_name",
            models.GeneratedField(
                expression=Func(F("name"), function="meso_sort_name"), output_field=models.TextField(), db_persist=True
            ),
        ),
        migrations.AddIndex("influencer", models.Index(fields=["agency", "sort_name", "id"], name="influencer_by_name")),
    ]
