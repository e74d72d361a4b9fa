"""Imports: the check of a big file is a state, people who objected are told by line; accounts that come before their creators cost little."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

HANDLES = import_module("influencers.migrations.0003_account_triggers")
LINES = import_module("influencers.migrations.0008_roster_lines")

# An import writes accounts before their creators: what is not there yet needs no refreshing. Without sequential scans, because
# a plan made while the table was empty would be kept for the session.
INSERTED = """
CREATE OR REPLACE FUNCTION meso_account_inserted() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE ids bigint[] := ARRAY(
    SELECT i.id FROM (SELECT DISTINCT influencer_id FROM new_rows) AS n JOIN influencers_influencer AS i ON i.id = n.influencer_id);
BEGIN
    IF cardinality(ids) > 0 THEN
        PERFORM meso_refresh_handles(ids);
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION meso_roster_account_inserted() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE ids bigint[] := ARRAY(
    SELECT i.id FROM (SELECT DISTINCT influencer_id FROM new_rows) AS n JOIN influencers_influencer AS i ON i.id = n.influencer_id);
BEGIN
    PERFORM meso_refresh_roster(ids);
    RETURN NULL;
END $$;
"""
# A new account has no counts, so its followers are those that were typed; whoever says so already is not asked.
FOLLOWERS = """
DROP TRIGGER account_followers ON influencers_account;
CREATE TRIGGER account_followers BEFORE UPDATE OF typed_followers, typed_followers_on ON influencers_account
    FOR EACH ROW EXECUTE FUNCTION meso_account_followers();
CREATE TRIGGER account_followers_insert BEFORE INSERT ON influencers_account FOR EACH ROW
    WHEN (NEW.followers IS DISTINCT FROM NEW.typed_followers OR NEW.followers_on IS DISTINCT FROM NEW.typed_followers_on)
    EXECUTE FUNCTION meso_account_followers();
"""
FOLLOWERS_BEFORE = """
DROP TRIGGER account_followers_insert ON influencers_account;
DROP TRIGGER account_followers ON influencers_account;
CREATE TRIGGER account_followers BEFORE INSERT OR UPDATE OF typed_followers, typed_followers_on ON influencers_account
    FOR EACH ROW EXECUTE FUNCTION meso_account_followers();
"""


def function(source: str, name: str) -> str:
    """The definition of a function in the text of an earlier migration."""
    start = source.index(f"CREATE FUNCTION {name}")
    return source[start : source.index("END $$;", start) + 7].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


INSERTED_BEFORE = function(HANDLES.HANDLES, "meso_account_inserted()") + function(
    LINES.TRIGGERS, "meso_roster_account_inserted()"
)


class Migration(migrations.Migration):
    dependencies = [("influencers", "0012_transition_joins")]
    operations = [
        migrations.AddField(
            "importbatch",
            "objected",
            django.contrib.postgres.fields.ArrayField(
                models.PositiveIntegerField(),
                default=list,
                help_text="Lines that were skipped because the person had asked to be erased.",
                size=None,
            ),
        ),
        migrations.AlterField(
            "importbatch",
            "state",
            models.CharField(
                choices=[
                    ("uploaded", "uploaded"),
                    ("checking", "being checked"),
                    ("applying", "being imported"),
                    ("applied", "imported"),
                    ("failed", "failed"),
                    ("undoing", "being taken back"),
                    ("undone", "taken back"),
                    ("given_up", "given up"),
                ],
                default="applied",
                max_length=10,
            ),
        ),
        migrations.RunSQL(INSERTED, INSERTED_BEFORE),
        migrations.RunSQL(FOLLOWERS, FOLLOWERS_BEFORE),
    ]
