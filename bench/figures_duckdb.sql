-- The figures of docs/metrics.md as somebody would write them for DuckDB, over its own tables accounts, counts and posts.
CREATE OR REPLACE TABLE figures AS
WITH known_counts AS (
    SELECT account_id, day, followers FROM counts WHERE day <= $day
), first_counts AS (
    SELECT account_id, arg_min(followers, day) AS followers FROM known_counts GROUP BY account_id
), counted AS (
    SELECT
        p.*, a.typed_followers, a.platform IN ('tiktok', 'youtube') AS by_views,
        (p.posted_at AT TIME ZONE $zone)::DATE AS posted_on,
        p.posted_at <= $ripe_until AS is_ripe,
        CASE
            WHEN a.platform IN ('instagram', 'youtube') THEN p.likes + p.comments
            WHEN a.platform IN ('tiktok', 'facebook', 'x', 'linkedin') THEN p.likes + p.comments + coalesce(p.shares, 0)
        END::DOUBLE AS interactions
    FROM posts AS p JOIN accounts AS a ON a.id = p.account_id
    WHERE p.posted_at > $window_from AND p.posted_at <= $as_of
        AND p.kind <> 'story' AND NOT p.is_excluded AND NOT p.is_deleted
), placed AS (
    SELECT *, is_ripe AND row_number() OVER (
        PARTITION BY account_id, is_ripe ORDER BY posted_at DESC, external_id DESC
    ) <= 12 AS in_window
    FROM counted
), followed AS (
    SELECT
        placed.*,
        nullif(coalesce(upto.followers, first_counts.followers, placed.typed_followers), 0)::DOUBLE AS followers_then
    FROM placed
    ASOF LEFT JOIN known_counts AS upto ON placed.account_id = upto.account_id AND placed.posted_on >= upto.day
    LEFT JOIN first_counts ON placed.account_id = first_counts.account_id
), rated AS (
    SELECT
        *,
        interactions / followers_then AS er_followers,
        CASE WHEN views > 0 THEN interactions / views END AS er_views,
        CASE WHEN reach > 0 THEN interactions / reach END AS er_reach,
        CASE WHEN by_views THEN CASE WHEN views > 0 THEN interactions / views END
            ELSE interactions / followers_then END AS headline
    FROM followed
), per_account AS (
    SELECT
        account_id,
        count(*) FILTER (in_window) AS window_posts,
        count(*) FILTER (in_window AND (likes IS NULL OR comments IS NULL)) AS without_interactions,
        count(*) FILTER (in_window AND coalesce(views, 0) = 0) AS without_views,
        count(*) FILTER (in_window AND followers_then IS NULL) AS without_followers,
        count(er_followers) FILTER (in_window) AS er_followers_n,
        quantile_cont(er_followers, [0.25, 0.5, 0.75]) FILTER (in_window) AS er_followers,
        avg(er_followers) FILTER (in_window) AS er_followers_mean,
        count(er_views) FILTER (in_window) AS er_views_n,
        quantile_cont(er_views, [0.25, 0.5, 0.75]) FILTER (in_window) AS er_views,
        avg(er_views) FILTER (in_window) AS er_views_mean,
        count(er_reach) FILTER (in_window) AS er_reach_n,
        quantile_cont(er_reach, [0.25, 0.5, 0.75]) FILTER (in_window) AS er_reach,
        avg(er_reach) FILTER (in_window) AS er_reach_mean,
        count(*) FILTER (posted_at > $month_from) AS month_posts,
        count(*) FILTER (is_sponsored <> 'unknown') AS disclosed,
        count(*) FILTER (is_sponsored = 'yes') AS sponsored,
        count(headline) FILTER (is_ripe AND is_sponsored = 'yes') AS sponsored_rated,
        quantile_cont(headline, 0.5) FILTER (is_ripe AND is_sponsored = 'yes') AS sponsored_rate,
        count(headline) FILTER (is_ripe AND is_sponsored = 'no') AS organic_rated,
        quantile_cont(headline, 0.5) FILTER (is_ripe AND is_sponsored = 'no') AS organic_rate,
        sum(comments) FILTER (in_window AND likes IS NOT NULL)
            / nullif(sum(likes) FILTER (in_window AND comments IS NOT NULL), 0)::DOUBLE AS comment_like_ratio,
        sum(replies) FILTER (in_window AND comments IS NOT NULL)
            / nullif(sum(comments) FILTER (in_window AND replies IS NOT NULL), 0)::DOUBLE AS reply_rate,
        quantile_cont(views / followers_then, 0.5) FILTER (in_window) AS view_rate,
        quantile_cont(reach / followers_then, 0.5) FILTER (in_window) AS reach_rate
    FROM rated GROUP BY account_id
), latest AS (
    SELECT account_id, max(day) AS day1, arg_max(followers, day) AS followers FROM known_counts GROUP BY account_id
), earlier AS (
    SELECT
        c.account_id,
        max(c.day) FILTER (c.day BETWEEN day1 - 120 AND day1 - 30) AS month_day,
        arg_max(c.followers, c.day) FILTER (c.day BETWEEN day1 - 120 AND day1 - 30) AS month_followers,
        min(c.day) FILTER (c.day <= day1 - 7) AS week_day,
        arg_min(c.followers, c.day) FILTER (c.day <= day1 - 7) AS week_followers
    FROM known_counts AS c JOIN latest USING (account_id) GROUP BY c.account_id
), growth AS (
    SELECT
        account_id, latest.followers,
        CASE WHEN day1 >= $day - 7 THEN pow(
            latest.followers / nullif(CASE WHEN month_day IS NULL THEN week_followers ELSE month_followers END, 0)::DOUBLE,
            30.0 / (day1 - coalesce(month_day, week_day))
        ) - 1 END AS rate
    FROM latest JOIN earlier USING (account_id)
), complete AS (
    SELECT
        a.*, f.*, growth.followers AS counted_followers, growth.rate AS growth_30d,
        a.platform IN ('tiktok', 'youtube') AS by_views_here,
        coalesce(CASE WHEN by_views_here THEN f.er_views_n ELSE f.er_followers_n END, 0) AS headline_n
    FROM accounts AS a
    LEFT JOIN per_account AS f ON f.account_id = a.id
    LEFT JOIN growth ON growth.account_id = a.id
)
SELECT
    id AS account_id,
    coalesce(counted_followers, typed_followers) AS followers,
    CASE WHEN headline_n >= 5 THEN CASE WHEN by_views_here THEN er_views[2] ELSE er_followers[2] END END AS headline_rate,
    CASE
        WHEN platform NOT IN ('instagram', 'tiktok', 'youtube', 'facebook', 'x', 'linkedin') THEN 'not_applicable'
        WHEN coalesce(window_posts, 0) = 0 THEN 'no_posts'
        WHEN headline_n >= 5 THEN ''
        WHEN without_interactions > headline_n THEN 'likes_hidden'
        WHEN by_views_here AND without_views > headline_n THEN 'views_unknown'
        WHEN NOT by_views_here AND without_followers > headline_n THEN 'followers_unknown'
        ELSE 'too_few_posts'
    END AS headline_reason,
    coalesce(er_followers_n, 0) AS er_followers_n, er_followers[2] AS er_followers_median, er_followers_mean,
    er_followers[1] AS er_followers_p25, er_followers[3] AS er_followers_p75,
    coalesce(er_views_n, 0) AS er_views_n, er_views[2] AS er_views_median, er_views_mean,
    er_views[1] AS er_views_p25, er_views[3] AS er_views_p75,
    coalesce(er_reach_n, 0) AS er_reach_n, er_reach[2] AS er_reach_median, er_reach_mean,
    er_reach[1] AS er_reach_p25, er_reach[3] AS er_reach_p75,
    nullif(month_posts, 0) / 4.0::DOUBLE AS posts_per_week,
    CASE WHEN disclosed >= 5 THEN sponsored / disclosed::DOUBLE END AS saturation,
    CASE WHEN sponsored_rated >= 3 AND organic_rated >= 3 THEN sponsored_rate / nullif(organic_rate, 0) END
        AS sponsored_to_organic,
    comment_like_ratio, reply_rate, view_rate, reach_rate, growth_30d
FROM complete
