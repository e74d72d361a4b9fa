"""The search text names its helper's schema: pg_restore works with an empty search path, and a backup must come back."""

from django.db import migrations

SEARCH_TEXT = """
CREATE OR REPLACE FUNCTION meso_search_text(name text, niches text[], tags text[], handles text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    -- array_to_string is only STABLE for element types whose output may change; text never does
    RETURN public.meso_fold(concat_ws(' ', name, handles, array_to_string(niches, ' '), array_to_string(tags, ' ')));
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("influencers", "0004_sort_name")]
    operations = [migrations.RunSQL(SEARCH_TEXT, migrations.RunSQL.noop)]
