"""The line of a creator also says what is filtered and searched by, so that a filter over a hundred thousand reads one table."""

from importlib import import_module

import django.contrib.postgres.fields
from django.db import migrations, models

BEFORE = import_module("influencers.migrations.0008_roster_lines")

# Without sequential scans, as before: while a first import fills the tables their statistics still say that they are empty.
REFRESH = """
CREATE OR REPLACE FUNCTION meso_refresh_roster(ids bigint[]) RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF cardinality(ids) = 0 THEN
        RETURN;
    END IF;
    PERFORM FROM influencers_rosterline WHERE influencer_id = ANY(ids) ORDER BY influencer_id FOR UPDATE;
    INSERT INTO influencers_rosterline AS l (influencer_id, agency_id, sort_name, status, country, kind, region, city,
        languages, niches, tags, search_text, account_id, platform, platforms, followers, headline_rate, growth_30d,
        saturation, figures_as_of)
    SELECT i.id, i.agency_id, i.sort_name, i.status, i.country, i.kind, meso_fold(i.region), meso_fold(i.city),
        i.languages, i.niches, i.tags, i.search_text, a.id, coalesce(a.platform, ''),
        ARRAY(SELECT DISTINCT platform FROM influencers_account WHERE influencer_id = i.id ORDER BY platform),
        a.followers, f.headline_rate, f.growth_30d, f.saturation, f.as_of
    FROM influencers_influencer AS i
    LEFT JOIN LATERAL (
        SELECT id, platform, followers FROM influencers_account
        WHERE influencer_id = i.id ORDER BY is_primary DESC, followers DESC NULLS LAST, id LIMIT 1
    ) AS a ON true
    LEFT JOIN LATERAL (
        SELECT headline_rate, growth_30d, saturation, as_of FROM influencers_engagementfigures
        WHERE account_id = a.id ORDER BY as_of DESC, formula_version DESC LIMIT 1
    ) AS f ON true
    WHERE i.id = ANY(ids) ORDER BY i.id
    ON CONFLICT (influencer_id) DO UPDATE SET agency_id = excluded.agency_id, sort_name = excluded.sort_name,
        status = excluded.status, country = excluded.country, kind = excluded.kind, region = excluded.region,
        city = excluded.city, languages = excluded.languages, niches = excluded.niches, tags = excluded.tags,
        search_text = excluded.search_text, account_id = excluded.account_id, platform = excluded.platform,
        platforms = excluded.platforms, followers = excluded.followers, headline_rate = excluded.headline_rate,
        growth_30d = excluded.growth_30d, saturation = excluded.saturation, figures_as_of = excluded.figures_as_of,
        rate_percentile = CASE WHEN (l.account_id, l.headline_rate)
            IS NOT DISTINCT FROM (excluded.account_id, excluded.headline_rate) THEN l.rate_percentile END
    WHERE (l.agency_id, l.sort_name, l.status, l.country, l.kind, l.region, l.city, l.languages, l.niches, l.tags,
            l.search_text, l.account_id, l.platform, l.platforms, l.followers, l.headline_rate, l.growth_30d, l.saturation,
            l.figures_as_of)
        IS DISTINCT FROM (excluded.agency_id, excluded.sort_name, excluded.status, excluded.country, excluded.kind,
            excluded.region, excluded.city, excluded.languages, excluded.niches, excluded.tags, excluded.search_text,
            excluded.account_id, excluded.platform, excluded.platforms, excluded.followers, excluded.headline_rate,
            excluded.growth_30d, excluded.saturation, excluded.figures_as_of);
END $$;
"""

UPDATED = """
CREATE OR REPLACE FUNCTION meso_influencer_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_roster(ARRAY(
        SELECT n.id FROM old_rows o JOIN new_rows n USING (id)
        WHERE (o.agency_id, o.sort_name, o.status, o.country, o.kind, o.region, o.city, o.languages, o.niches, o.tags,
                o.search_text)
            IS DISTINCT FROM (n.agency_id, n.sort_name, n.status, n.country, n.kind, n.region, n.city, n.languages,
                n.niches, n.tags, n.search_text)
    ));
    RETURN NULL;
END $$;
"""

UPDATED_BEFORE = """
CREATE OR REPLACE FUNCTION meso_influencer_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM meso_refresh_roster(ARRAY(
        SELECT n.id FROM old_rows o JOIN new_rows n USING (id)
        WHERE (o.agency_id, o.sort_name, o.status, o.country) IS DISTINCT FROM (n.agency_id, n.sort_name, n.status, n.country)
    ));
    RETURN NULL;
END $$;
"""

FILL = "SELECT meso_refresh_roster(ARRAY(SELECT id FROM influencers_influencer))"


class Migration(migrations.Migration):
    dependencies = [("influencers", "0008_roster_lines")]
    operations = [
        migrations.AddField("rosterline", "city", models.TextField(default="")),
        migrations.AddField("rosterline", "kind", models.CharField(default="", max_length=12)),
        migrations.AddField(
            "rosterline",
            "languages",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=10), default=list, size=None),
        ),
        migrations.AddField(
            "rosterline",
            "niches",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=60), default=list, size=None),
        ),
        migrations.AddField("rosterline", "region", models.TextField(default="")),
        migrations.AddField("rosterline", "search_text", models.TextField(default="")),
        migrations.AddField(
            "rosterline",
            "tags",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=60), default=list, size=None),
        ),
        migrations.RunSQL(REFRESH, BEFORE.REFRESH.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
        migrations.RunSQL(UPDATED, UPDATED_BEFORE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
