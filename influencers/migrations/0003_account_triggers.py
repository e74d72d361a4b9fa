"""Columns that follow from other rows are kept by the database, so that no write path can forget them.

`influencer.handle_text` follows the accounts; `account.followers` and `followers_on` follow the latest follower count, else the
typed one. Statement-level triggers with transition tables keep bulk imports set-based.
"""

from django.db import migrations

HANDLES = """
CREATE FUNCTION meso_refresh_handles(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE influencers_influencer AS i SET handle_text = fresh.handles
    FROM (
        SELECT wanted.id, coalesce(string_agg(a.handle, ' ' ORDER BY a.id), '') AS handles
        FROM unnest(ids) AS wanted(id) LEFT JOIN influencers_account AS a ON a.influencer_id = wanted.id
        GROUP BY wanted.id
    ) AS fresh
    WHERE i.id = fresh.id AND i.handle_text IS DISTINCT FROM fresh.handles
$$;

CREATE FUNCTION meso_account_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_handles(ARRAY(SELECT DISTINCT influencer_id FROM new_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION meso_account_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_handles(ARRAY(SELECT DISTINCT influencer_id FROM old_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION meso_account_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_handles(ARRAY(
        SELECT DISTINCT unnest(ARRAY[o.influencer_id, n.influencer_id]) FROM old_rows o JOIN new_rows n USING (id)
        WHERE o.handle IS DISTINCT FROM n.handle OR o.influencer_id IS DISTINCT FROM n.influencer_id
    ));
    RETURN NULL;
END $$;
CREATE TRIGGER account_handles_insert AFTER INSERT ON influencers_account
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_account_inserted();
CREATE TRIGGER account_handles_delete AFTER DELETE ON influencers_account
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_account_deleted();
CREATE TRIGGER account_handles_update AFTER UPDATE ON influencers_account
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_account_updated();
"""

NO_HANDLES = """
DROP TRIGGER account_handles_insert ON influencers_account;
DROP TRIGGER account_handles_delete ON influencers_account;
DROP TRIGGER account_handles_update ON influencers_account;
DROP FUNCTION meso_account_inserted();
DROP FUNCTION meso_account_deleted();
DROP FUNCTION meso_account_updated();
DROP FUNCTION meso_refresh_handles(bigint[]);
"""

FOLLOWERS = """
CREATE FUNCTION meso_account_followers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE latest record;
BEGIN
    SELECT c.followers, c.day INTO latest FROM influencers_followercount AS c
    WHERE c.account_id = NEW.id ORDER BY c.day DESC LIMIT 1;
    IF FOUND THEN
        NEW.followers := latest.followers;
        NEW.followers_on := latest.day;
    ELSE
        NEW.followers := NEW.typed_followers;
        NEW.followers_on := NEW.typed_followers_on;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_followers BEFORE INSERT OR UPDATE OF typed_followers, typed_followers_on ON influencers_account
    FOR EACH ROW EXECUTE FUNCTION meso_account_followers();

CREATE FUNCTION meso_refresh_followers(ids bigint[]) RETURNS void LANGUAGE sql AS $$
    UPDATE influencers_account AS a
    SET followers = CASE WHEN fresh.day IS NULL THEN a.typed_followers ELSE fresh.followers END,
        followers_on = CASE WHEN fresh.day IS NULL THEN a.typed_followers_on ELSE fresh.day END
    FROM (
        SELECT wanted.id, latest.followers, latest.day FROM unnest(ids) AS wanted(id) LEFT JOIN LATERAL (
            SELECT c.followers, c.day FROM influencers_followercount AS c
            WHERE c.account_id = wanted.id ORDER BY c.day DESC LIMIT 1
        ) AS latest ON true
    ) AS fresh
    WHERE a.id = fresh.id AND (a.followers, a.followers_on) IS DISTINCT FROM (
        CASE WHEN fresh.day IS NULL THEN a.typed_followers ELSE fresh.followers END,
        CASE WHEN fresh.day IS NULL THEN a.typed_followers_on ELSE fresh.day END
    )
$$;
CREATE FUNCTION meso_counts_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_followers(ARRAY(SELECT DISTINCT account_id FROM new_rows));
    RETURN NULL;
END $$;
CREATE FUNCTION meso_counts_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_followers(ARRAY(SELECT DISTINCT account_id FROM old_rows));
    RETURN NULL;
END $$;
CREATE TRIGGER counts_insert AFTER INSERT ON influencers_followercount
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_counts_written();
CREATE TRIGGER counts_update AFTER UPDATE ON influencers_followercount
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_counts_written();
CREATE TRIGGER counts_delete AFTER DELETE ON influencers_followercount
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION meso_counts_deleted();
"""

NO_FOLLOWERS = """
DROP TRIGGER counts_insert ON influencers_followercount;
DROP TRIGGER counts_update ON influencers_followercount;
DROP TRIGGER counts_delete ON influencers_followercount;
DROP TRIGGER account_followers ON influencers_account;
DROP FUNCTION meso_counts_written();
DROP FUNCTION meso_counts_deleted();
DROP FUNCTION meso_refresh_followers(bigint[]);
DROP FUNCTION meso_account_followers();
"""


class Migration(migrations.Migration):
    dependencies = [("influencers", "0002_initial")]
    operations = [
        migrations.RunSQL(HANDLES, NO_HANDLES),
        migrations.RunSQL(FOLLOWERS, NO_FOLLOWERS),
    ]
