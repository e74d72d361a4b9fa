"""How a creator's rate compares with others on the same platform and in the same tier of the agency's scheme."""

from django.db import connection

LEAST = 30
"""In a cell of fewer a place says nothing."""

# Where a platform has bands of its own, those of any platform do not count for it. percent_rank is the share of the others
# in the cell whose rate is lower. Rows are locked by id, as the triggers do that keep the lines.
RATE_PERCENTILES = """
WITH bands AS (
    SELECT b.platform, b.name, b.floor AS low, lead(b.floor) OVER (PARTITION BY b.platform ORDER BY b.floor) AS high
    FROM influencers_tierband AS b JOIN influencers_tierscheme AS s ON s.id = b.scheme_id
    WHERE s.agency_id = %(agency)s AND s.is_default
), ranked AS (
    SELECT l.influencer_id, count(*) OVER cell AS number,
        percent_rank() OVER (PARTITION BY l.platform, b.name ORDER BY l.headline_rate) AS place
    FROM influencers_rosterline AS l
    JOIN bands AS b ON l.followers >= b.low AND (b.high IS NULL OR l.followers < b.high)
        AND b.platform = CASE WHEN l.platform IN (SELECT platform FROM bands) THEN l.platform ELSE '' END
    WHERE l.agency_id = %(agency)s AND l.headline_rate IS NOT NULL
    WINDOW cell AS (PARTITION BY l.platform, b.name)
), changed AS MATERIALIZED (
    SELECT l.influencer_id, CASE WHEN r.number >= %(least)s THEN r.place END AS place
    FROM influencers_rosterline AS l LEFT JOIN ranked AS r USING (influencer_id)
    WHERE l.agency_id = %(agency)s
        AND l.rate_percentile IS DISTINCT FROM CASE WHEN r.number >= %(least)s THEN r.place END
), locked AS MATERIALIZED (
    SELECT influencer_id FROM influencers_rosterline
    WHERE influencer_id IN (SELECT influencer_id FROM changed) ORDER BY influencer_id FOR UPDATE
)
UPDATE influencers_rosterline AS l SET rate_percentile = c.place
FROM changed AS c JOIN locked USING (influencer_id) WHERE l.influencer_id = c.influencer_id
"""


def set_rate_percentiles(agency_id: int) -> int:
    """Every line of the agency says its place by today's bands; returns how many lines changed. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(RATE_PERCENTILES, {"agency": agency_id, "least": LEAST})
        changed: int = cursor.rowcount
    return changed
