-- The figures of the accounts low..high of one agency as of one instant (docs/metrics.md says each in words).
-- Parameters: agency, low, high, as_of (T), ripe_until (T - 72 h), window_from (T - 90 d), month_from (T - 28 d),
-- day (D, the calendar day of T in the agency's zone), zone, version, run, replace.
-- A row of the same account, T and version is overwritten by its own run (a range may be computed twice) or with replace.
INSERT INTO influencers_engagementfigures AS stored (
    agency_id, account_id, as_of, formula_version, run_id, computed_at, followers, window_posts,
    headline_rate, headline_reason,
    er_followers_n, er_followers_median, er_followers_mean, er_followers_p25, er_followers_p75,
    er_views_n, er_views_median, er_views_mean, er_views_p25, er_views_p75,
    er_reach_n, er_reach_median, er_reach_mean, er_reach_p25, er_reach_p75,
    posts_per_week, saturation, saturation_known, sponsored_to_organic, comment_like_ratio, reply_rate,
    view_rate, reach_rate, growth_30d, growth_from, growth_to
)
SELECT
    a.agency_id, a.id, %(as_of)s, %(version)s, %(run)s, statement_timestamp(), coalesce(growth.followers, a.typed_followers),
    f.window_posts,
    CASE WHEN headline.n >= 5 THEN headline.median END,
    CASE
        WHEN headline.n >= 5 THEN ''
        WHEN NOT platform.has_rates THEN 'not_applicable'
        WHEN f.window_posts = 0 THEN 'no_posts'
        WHEN f.without_interactions > headline.n THEN 'likes_hidden'
        WHEN platform.by_views AND f.without_views > headline.n THEN 'views_unknown'
        WHEN NOT platform.by_views AND f.without_followers > headline.n THEN 'followers_unknown'
        ELSE 'too_few_posts'
    END,
    f.er_followers_n, f.er_followers[2], f.er_followers_mean, f.er_followers[1], f.er_followers[3],
    f.er_views_n, f.er_views[2], f.er_views_mean, f.er_views[1], f.er_views[3],
    f.er_reach_n, f.er_reach[2], f.er_reach_mean, f.er_reach[1], f.er_reach[3],
    nullif(f.month_posts, 0) / 4.0::float8,
    CASE WHEN f.disclosed >= 5 THEN f.sponsored / f.disclosed::float8 END,
    f.disclosed,
    CASE WHEN f.sponsored_rated >= 3 AND f.organic_rated >= 3 THEN f.sponsored_rate / nullif(f.organic_rate, 0) END,
    f.comments_of_liked / nullif(f.likes_of_commented, 0),
    f.replies_of_commented / nullif(f.comments_of_replied, 0),
    f.view_rate, f.reach_rate,
    growth.rate,
    CASE WHEN growth.rate IS NOT NULL THEN growth.day0 END,
    CASE WHEN growth.rate IS NOT NULL THEN growth.day1 END
FROM influencers_account AS a
CROSS JOIN LATERAL (
    SELECT
        a.platform IN ('instagram', 'tiktok', 'youtube', 'facebook', 'x', 'linkedin') AS has_rates,
        a.platform IN ('tiktok', 'facebook', 'x', 'linkedin') AS counts_shares,
        a.platform IN ('tiktok', 'youtube') AS by_views
) AS platform
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (WHERE in_window) AS window_posts,
        count(*) FILTER (WHERE in_window AND (likes IS NULL OR comments IS NULL)) AS without_interactions,
        count(*) FILTER (WHERE in_window AND coalesce(views, 0) = 0) AS without_views,
        count(*) FILTER (WHERE in_window AND followers_then IS NULL) AS without_followers,
        count(er_followers) FILTER (WHERE in_window) AS er_followers_n,
        percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY er_followers) FILTER (WHERE in_window) AS er_followers,
        avg(er_followers) FILTER (WHERE in_window) AS er_followers_mean,
        count(er_views) FILTER (WHERE in_window) AS er_views_n,
        percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY er_views) FILTER (WHERE in_window) AS er_views,
        avg(er_views) FILTER (WHERE in_window) AS er_views_mean,
        count(er_reach) FILTER (WHERE in_window) AS er_reach_n,
        percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY er_reach) FILTER (WHERE in_window) AS er_reach,
        avg(er_reach) FILTER (WHERE in_window) AS er_reach_mean,
        count(*) FILTER (WHERE posted_at > %(month_from)s) AS month_posts,
        count(*) FILTER (WHERE is_sponsored <> 'unknown') AS disclosed,
        count(*) FILTER (WHERE is_sponsored = 'yes') AS sponsored,
        count(headline) FILTER (WHERE is_ripe AND is_sponsored = 'yes') AS sponsored_rated,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY headline)
            FILTER (WHERE is_ripe AND is_sponsored = 'yes') AS sponsored_rate,
        count(headline) FILTER (WHERE is_ripe AND is_sponsored = 'no') AS organic_rated,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY headline)
            FILTER (WHERE is_ripe AND is_sponsored = 'no') AS organic_rate,
        sum(comments::float8) FILTER (WHERE in_window AND likes IS NOT NULL) AS comments_of_liked,
        sum(likes::float8) FILTER (WHERE in_window AND comments IS NOT NULL) AS likes_of_commented,
        sum(replies::float8) FILTER (WHERE in_window AND comments IS NOT NULL) AS replies_of_commented,
        sum(comments::float8) FILTER (WHERE in_window AND replies IS NOT NULL) AS comments_of_replied,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY views / followers_then) FILTER (WHERE in_window) AS view_rate,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY reach / followers_then) FILTER (WHERE in_window) AS reach_rate
    FROM (
        SELECT
            placed.*,
            interactions / followers_then AS er_followers,
            CASE WHEN views > 0 THEN interactions / views END AS er_views,
            CASE WHEN reach > 0 THEN interactions / reach END AS er_reach,
            CASE
                WHEN platform.by_views THEN CASE WHEN views > 0 THEN interactions / views END
                ELSE interactions / followers_then
            END AS headline
        FROM (
            SELECT
                counted.*,
                is_ripe AND ripe_place <= 12 AS in_window,
                -- Sums as floating point: a nonsense count of 19 digits must not stop the run with an overflow.
                CASE WHEN platform.has_rates THEN
                    likes::float8 + comments::float8
                    + CASE WHEN platform.counts_shares THEN coalesce(shares, 0)::float8 ELSE 0 END
                END AS interactions,
                -- Looked up only where a figure needs it.
                CASE WHEN is_ripe AND (ripe_place <= 12 OR (is_sponsored <> 'unknown' AND NOT platform.by_views)) THEN
                    nullif(coalesce(
                        (
                            SELECT c.followers FROM influencers_followercount AS c
                            WHERE c.account_id = a.id AND c.day <= posted_on ORDER BY c.day DESC LIMIT 1
                        ),
                        (
                            SELECT c.followers FROM influencers_followercount AS c
                            WHERE c.account_id = a.id AND c.day > posted_on AND c.day <= %(day)s ORDER BY c.day LIMIT 1
                        ),
                        a.typed_followers
                    ), 0)::float8
                END AS followers_then
            FROM (
                SELECT
                    p.likes, p.comments, p.shares, p.views, p.reach, p.replies, p.is_sponsored, p.posted_at,
                    (p.posted_at AT TIME ZONE %(zone)s)::date AS posted_on,
                    p.posted_at <= %(ripe_until)s AS is_ripe,
                    -- Byte order, whatever the collation of the database.
                    count(*) FILTER (WHERE p.posted_at <= %(ripe_until)s) OVER (
                        ORDER BY p.posted_at DESC, p.external_id COLLATE "C" DESC ROWS UNBOUNDED PRECEDING
                    ) AS ripe_place
                FROM influencers_post AS p
                WHERE p.account_id = a.id AND p.posted_at > %(window_from)s AND p.posted_at <= %(as_of)s
                    AND p.kind <> 'story' AND NOT p.is_excluded AND NOT p.is_deleted
            ) AS counted
            OFFSET 0  -- keeps the planner from repeating the look-up in every expression that uses it
        ) AS placed
    ) AS rated
) AS f
CROSS JOIN LATERAL (
    SELECT
        CASE WHEN platform.by_views THEN f.er_views_n ELSE f.er_followers_n END AS n,
        CASE WHEN platform.by_views THEN f.er_views[2] ELSE f.er_followers[2] END AS median
) AS headline
LEFT JOIN LATERAL (
    SELECT
        latest.followers, latest.day AS day1, earlier.day AS day0,
        CASE WHEN latest.day >= %(day)s - 7 THEN
            power(latest.followers / nullif(earlier.followers, 0)::float8, 30.0::float8 / (latest.day - earlier.day)) - 1
        END AS rate
    FROM (
        SELECT c.day, c.followers FROM influencers_followercount AS c
        WHERE c.account_id = a.id AND c.day <= %(day)s ORDER BY c.day DESC LIMIT 1
    ) AS latest
    LEFT JOIN LATERAL (
        SELECT choice.day, choice.followers FROM (
            (
                SELECT 1 AS place, c.day, c.followers FROM influencers_followercount AS c
                WHERE c.account_id = a.id AND c.day BETWEEN latest.day - 120 AND latest.day - 30
                ORDER BY c.day DESC LIMIT 1
            ) UNION ALL (
                SELECT 2 AS place, c.day, c.followers FROM influencers_followercount AS c
                WHERE c.account_id = a.id AND c.day <= latest.day - 7 ORDER BY c.day LIMIT 1
            )
        ) AS choice ORDER BY choice.place LIMIT 1
    ) AS earlier ON true
) AS growth ON true
WHERE a.agency_id = %(agency)s AND a.id BETWEEN %(low)s AND %(high)s
ORDER BY a.id  -- two workers on one range wait for each other instead of deadlocking
ON CONFLICT (account_id, as_of, formula_version) DO UPDATE SET (
    run_id, computed_at, followers, window_posts, headline_rate, headline_reason,
    er_followers_n, er_followers_median, er_followers_mean, er_followers_p25, er_followers_p75,
    er_views_n, er_views_median, er_views_mean, er_views_p25, er_views_p75,
    er_reach_n, er_reach_median, er_reach_mean, er_reach_p25, er_reach_p75,
    posts_per_week, saturation, saturation_known, sponsored_to_organic, comment_like_ratio, reply_rate,
    view_rate, reach_rate, growth_30d, growth_from, growth_to
) = (
    excluded.run_id, excluded.computed_at, excluded.followers, excluded.window_posts,
    excluded.headline_rate, excluded.headline_reason,
    excluded.er_followers_n, excluded.er_followers_median, excluded.er_followers_mean,
    excluded.er_followers_p25, excluded.er_followers_p75,
    excluded.er_views_n, excluded.er_views_median, excluded.er_views_mean, excluded.er_views_p25, excluded.er_views_p75,
    excluded.er_reach_n, excluded.er_reach_median, excluded.er_reach_mean, excluded.er_reach_p25, excluded.er_reach_p75,
    excluded.posts_per_week, excluded.saturation, excluded.saturation_known, excluded.sponsored_to_organic,
    excluded.comment_like_ratio, excluded.reply_rate, excluded.view_rate, excluded.reach_rate,
    excluded.growth_30d, excluded.growth_from, excluded.growth_to
)
WHERE %(replace)s OR stored.run_id = excluded.run_id
