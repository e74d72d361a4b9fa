"""The search column's text: immutable, so that PostgreSQL can store it as a generated column."""

from django.db import migrations

SEARCH_TEXT = """
CREATE FUNCTION meso_search_text(name text, niches text[], tags text[], handles text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    -- array_to_string is only STABLE for element types whose output may change; text never does
    RETURN meso_fold(concat_ws(' ', name, handles, array_to_string(niches, ' '), array_to_string(tags, ' ')));
END
$$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("agency", "0001_initial")]
    operations = [
        migrations.RunSQL(SEARCH_TEXT, "DROP FUNCTION meso_search_text(text, text[], text[], text)"),
    ]
