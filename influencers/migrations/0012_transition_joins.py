"""Old and new rows of a bulk update are joined by hash: PostgreSQL has no statistics of transition tables and would compare each with each."""

from django.db import migrations

JOINING = ("meso_influencer_updated()", "meso_roster_account_updated()", "meso_account_updated()")
CALLED = ("meso_refresh_roster(bigint[])", "meso_refresh_handles(bigint[])")
HASHED = [f"ALTER FUNCTION {name} SET enable_nestloop = off" for name in JOINING]
# What they call looks rows up by index again.
HASHED += [f"ALTER FUNCTION {name} SET enable_nestloop = on" for name in CALLED]
AS_BEFORE = [f"ALTER FUNCTION {name} RESET enable_nestloop" for name in (*JOINING, *CALLED)]


class Migration(migrations.Migration):
    dependencies = [("influencers", "0011_history_by_row")]
    operations = [migrations.RunSQL(HASHED, AS_BEFORE)]
