"""The members of a duo are people, not duos: claims reach one level deep, so a duo in a duo could be booked twice."""

from django.db import migrations

# The rows of both creators are locked first, so that of two nestings at the same time the second sees the first.
PEOPLE_ONLY = """
CREATE FUNCTION meso_refuse_nested_duo() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM public.influencers_influencer WHERE id IN (NEW.from_influencer_id, NEW.to_influencer_id)
    ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM public.influencers_influencer_members
        WHERE from_influencer_id = NEW.to_influencer_id OR to_influencer_id = NEW.from_influencer_id
    ) THEN
        RAISE EXCEPTION 'a duo (%) cannot have a duo (%) as a member', NEW.from_influencer_id, NEW.to_influencer_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'influencer_members_are_people';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER influencer_members_are_people AFTER INSERT OR UPDATE ON influencers_influencer_members
    FOR EACH ROW EXECUTE FUNCTION meso_refuse_nested_duo();
"""

ANYBODY = """
DROP TRIGGER influencer_members_are_people ON influencers_influencer_members;
DROP FUNCTION meso_refuse_nested_duo();
"""


class Migration(migrations.Migration):
    dependencies = [("influencers", "0005_search_text_by_schema")]
    operations = [migrations.RunSQL(PEOPLE_ONLY, ANYBODY)]
