-- Counts and posts of every account, the same at each run: chance is a hash of account, row and purpose.
-- Parameters: as_of, day.
CREATE FUNCTION pg_temp.chance(account bigint, n bigint, purpose int) RETURNS float8 LANGUAGE sql IMMUTABLE AS $$
    SELECT (hashint8extended(account * 1000 + n, purpose) & 1048575) / 1048576.0::float8
$$;

-- About one account in thirty has no counts; some counts are of the days after the cut-off, some are zero.
INSERT INTO influencers_followercount (agency_id, account_id, day, followers, source)
SELECT
    a.agency_id, a.id, %(day)s::date + 3 - (n * 13 + floor(pg_temp.chance(a.id, n, 1) * 12))::int,
    CASE WHEN pg_temp.chance(a.id, n, 2) < 0.01 THEN 0
        ELSE coalesce(a.typed_followers, 8000) * (1.1 - n * 0.02 + pg_temp.chance(a.id, n, 3) * 0.02) END,
    'import'
FROM influencers_account AS a CROSS JOIN generate_series(0, 11) AS n
WHERE pg_temp.chance(a.id, 0, 4) > 0.03 AND pg_temp.chance(a.id, n, 5) > 0.15;

-- 10 to 50 posts each, from 118 days before the cut-off to 2 days after it, on full hours so that some share theirs.
INSERT INTO influencers_post (
    agency_id, account_id, external_id, posted_at, kind, caption, url, likes, comments, shares, saves, views, reach,
    impressions, replies, is_sponsored, sponsored_source, is_excluded, excluded_reason, is_deleted, counted_at
)
SELECT
    a.agency_id, a.id,
    CASE WHEN mod(n, 2) = 0 THEN md5(a.id || '-' || n) ELSE upper(md5(a.id || '-' || n)) END,
    CASE WHEN pg_temp.chance(a.id, n, 10) > 0.002 THEN
        date_trunc('hour', %(as_of)s::timestamptz + interval '2 days' - pg_temp.chance(a.id, n, 11) * interval '120 days') END,
    CASE WHEN pg_temp.chance(a.id, n, 12) < 0.08 THEN 'story' ELSE 'post' END,
    '', '',
    CASE WHEN pg_temp.chance(a.id, n, 13) > 0.06 * (1 + mod(a.id, 10)) THEN size.f * (0.01 + 0.05 * pg_temp.chance(a.id, n, 14)) END,
    CASE WHEN pg_temp.chance(a.id, n, 15) > 0.03 THEN size.f * 0.004 * pg_temp.chance(a.id, n, 16) END,
    CASE WHEN pg_temp.chance(a.id, n, 17) > 0.3 THEN size.f * 0.003 * pg_temp.chance(a.id, n, 18) END,
    NULL,
    CASE WHEN pg_temp.chance(a.id, n, 19) > 0.15 THEN floor(size.f * (pg_temp.chance(a.id, n, 20) - 0.01) + size.f * 0.01) END,
    CASE WHEN pg_temp.chance(a.id, n, 21) > 0.5 THEN size.f * pg_temp.chance(a.id, n, 22) * 0.8 END,
    NULL,
    CASE WHEN pg_temp.chance(a.id, n, 23) > 0.4 THEN size.f * 0.001 * pg_temp.chance(a.id, n, 24) END,
    CASE WHEN pg_temp.chance(a.id, n, 25) < 0.2 THEN 'yes' WHEN pg_temp.chance(a.id, n, 25) < 0.75 THEN 'no' ELSE 'unknown' END,
    '', pg_temp.chance(a.id, n, 26) < 0.01, '', pg_temp.chance(a.id, n, 27) < 0.01, %(as_of)s
FROM influencers_account AS a
CROSS JOIN LATERAL (SELECT coalesce(a.typed_followers, 8000) AS f) AS size
CROSS JOIN LATERAL generate_series(1, 10 + floor(pg_temp.chance(a.id, 0, 28) * 41)::int) AS n;
