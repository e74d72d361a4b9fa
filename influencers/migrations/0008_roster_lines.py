"""One line per creator with what lists sort and filter by, kept by the database, so that no write path can forget it.

Statement-level triggers with transition tables keep bulk imports and nightly runs set-based. The lines are locked before they are
read anew: of two changes to one creator at the same moment the later one sees what the earlier one wrote.
"""

from django.db import migrations

# Without sequential scans: while a first import fills the tables their statistics still say that they are empty.
REFRESH = """
CREATE FUNCTION meso_refresh_roster(ids bigint[]) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF cardinality(ids) = 0 THEN
        RETURN;
    END IF;
    PERFORM FROM influencers_rosterline WHERE influencer_id = ANY(ids) ORDER BY influencer_id FOR UPDATE;
    INSERT INTO influencers_rosterline AS l (influencer_id, agency_id, sort_name, status, country, account_id, platform,
        platforms, followers, headline_rate, growth_30d, saturation, figures_as_of)
    SELECT i.id, i.agency_id, i.sort_name, i.status, i.country, a.id, coalesce(a.platform, ''),
        coalesce(a.platforms, '{}'), a.followers, f.headline_rate, f.growth_30d, f.saturation, f.as_of
    FROM influencers_influencer AS i
    LEFT JOIN LATERAL (
        SELECT id, platform, followers, array_agg(platform) OVER () AS platforms FROM influencers_account
        WHERE influencer_id = i.id ORDER BY is_primary DESC, followers DESC NULLS LAST, id LIMIT 1
    ) AS a ON true
    LEFT JOIN LATERAL (
        SELECT headline_rate, growth_30d, saturation, as_of FROM influencers_engagementfigures
        WHERE account_id = a.id ORDER BY as_of DESC, formula_version DESC LIMIT 1
    ) AS f ON true
    WHERE i.id = ANY(ids) ORDER BY i.id
    ON CONFLICT (influencer_id) DO UPDATE SET agency_id = excluded.agency_id, sort_name = excluded.sort_name,
        status = excluded.status, country = excluded.country, account_id = excluded.account_id,
        platform = excluded.platform, platforms = excluded.platforms, followers = excluded.followers,
        headline_rate = excluded.headline_rate, growth_30d = excluded.growth_30d, saturation = excluded.saturation,
        figures_as_of = excluded.figures_as_of,
        rate_percentile = CASE WHEN (l.account_id, l.headline_rate)
            IS NOT DISTINCT FROM (excluded.account_id, excluded.headline_rate) THEN l.rate_percentile END
    WHERE (l.agency_id, l.sort_name, l.status, l.country, l.account_id, l.platform, l.platforms, l.followers,
            l.headline_rate, l.growth_30d, l.saturation, l.figures_as_of)
        IS DISTINCT FROM (excluded.agency_id, excluded.sort_name, excluded.status, excluded.country, excluded.account_id,
            excluded.platform, excluded.platforms, excluded.followers, excluded.headline_rate, excluded.growth_30d,
            excluded.saturation, excluded.figures_as_of);
END $$;
"""

TRIGGERS = """
CREATE FUNCTION meso_influencer_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_roster(ARRAY(SELECT id FROM new_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION meso_influencer_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_roster(ARRAY(
        SELECT n.id FROM old_rows o JOIN new_rows n USING (id)
        WHERE (o.agency_id, o.sort_name, o.status, o.country) IS DISTINCT FROM (n.agency_id, n.sort_name, n.status, n.country)
    ));
    RETURN NULL;
END $$;
CREATE FUNCTION meso_influencer_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM influencers_rosterline WHERE influencer_id IN (SELECT id FROM old_rows);
    RETURN NULL;
END $$;
CREATE TRIGGER roster_influencer_insert AFTER INSERT ON influencers_influencer
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_influencer_inserted();
CREATE TRIGGER roster_influencer_update AFTER UPDATE ON influencers_influencer
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_influencer_updated();
CREATE TRIGGER roster_influencer_delete AFTER DELETE ON influencers_influencer
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_influencer_deleted();

CREATE FUNCTION meso_roster_account_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_roster(ARRAY(SELECT DISTINCT influencer_id FROM new_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION meso_roster_account_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_roster(ARRAY(SELECT DISTINCT influencer_id FROM old_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION meso_roster_account_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_roster(ARRAY(
        SELECT DISTINCT unnest(ARRAY[o.influencer_id, n.influencer_id]) FROM old_rows o JOIN new_rows n USING (id)
        WHERE (o.influencer_id, o.platform, o.is_primary, o.followers)
            IS DISTINCT FROM (n.influencer_id, n.platform, n.is_primary, n.followers)
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER roster_account_insert AFTER INSERT ON influencers_account
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_roster_account_inserted();
CREATE TRIGGER roster_account_delete AFTER DELETE ON influencers_account
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_roster_account_deleted();
CREATE TRIGGER roster_account_update AFTER UPDATE ON influencers_account
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_roster_account_updated();

CREATE FUNCTION meso_roster_figures_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_roster(ARRAY(
        SELECT DISTINCT a.influencer_id FROM influencers_account AS a WHERE a.id IN (SELECT account_id FROM new_rows)
    ));
    RETURN NULL;
END $$;
CREATE FUNCTION meso_roster_figures_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_roster(ARRAY(
        SELECT DISTINCT a.influencer_id FROM influencers_account AS a WHERE a.id IN (SELECT account_id FROM old_rows)
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER roster_figures_insert AFTER INSERT ON influencers_engagementfigures
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_roster_figures_written();
CREATE TRIGGER roster_figures_update AFTER UPDATE ON influencers_engagementfigures
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_roster_figures_written();
CREATE TRIGGER roster_figures_delete AFTER DELETE ON influencers_engagementfigures
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_roster_figures_deleted();

SELECT meso_refresh_roster(ARRAY(SELECT id FROM influencers_influencer));
"""

NO_TRIGGERS = """
DROP TRIGGER roster_influencer_insert ON influencers_influencer;
DROP TRIGGER roster_influencer_update ON influencers_influencer;
DROP TRIGGER roster_influencer_delete ON influencers_influencer;
DROP TRIGGER roster_account_insert ON influencers_account;
DROP TRIGGER roster_account_delete ON influencers_account;
DROP TRIGGER roster_account_update ON influencers_account;
DROP TRIGGER roster_figures_insert ON influencers_engagementfigures;
DROP TRIGGER roster_figures_update ON influencers_engagementfigures;
DROP TRIGGER roster_figures_delete ON influencers_engagementfigures;
DROP FUNCTION meso_influencer_inserted();
DROP FUNCTION meso_influencer_updated();
DROP FUNCTION meso_influencer_deleted();
DROP FUNCTION meso_roster_account_inserted();
DROP FUNCTION meso_roster_account_deleted();
DROP FUNCTION meso_roster_account_updated();
DROP FUNCTION meso_roster_figures_written();
DROP FUNCTION meso_roster_figures_deleted();
"""


class Migration(migrations.Migration):
    dependencies = [("influencers", "0007_roster_at_scale")]
    operations = [
        migrations.RunSQL(REFRESH, "DROP FUNCTION meso_refresh_roster(bigint[])"),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
