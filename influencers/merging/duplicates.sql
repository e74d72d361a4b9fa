-- Pairs of an agency's creators that look like one person, the likeliest first.
-- Nobody is compared with everybody: only neighbours are, in the order of a key that both share (name, its words sorted, e-mail
-- address, handle), or in the order of names read forwards and backwards. So the work grows with the number of creators.
WITH person AS MATERIALIZED (
    SELECT id, sort_name, replace(sort_name, ' ', '') AS squeezed, country, lower(email) AS email
    FROM influencers_influencer WHERE agency_id = %(agency)s AND NOT is_erased
), keyed AS (
    SELECT id, squeezed AS key, 'name' AS kind FROM person WHERE length(squeezed) > 3
    UNION ALL
    SELECT id, 'words ' || (SELECT string_agg(word, ' ' ORDER BY word) FROM unnest(string_to_array(sort_name, ' ')) AS word), 'words'
    FROM person WHERE sort_name LIKE '%% %%'
    UNION ALL
    SELECT id, 'mail ' || email, 'mail' FROM person WHERE email <> ''
    UNION ALL
    SELECT influencer_id, key, 'handle' FROM (
        SELECT DISTINCT influencer_id, regexp_replace(lower(handle), '[^[:alnum:]]+', '', 'g') AS key
        FROM influencers_account WHERE agency_id = %(agency)s AND influencer_id IN (SELECT id FROM person)
    ) AS handles WHERE length(key) > 3
), beside AS (
    SELECT k.id, k.kind, n.other, n.other_kind FROM (
        SELECT id, kind, key, lead(id, 1) OVER w AS id1, lead(kind, 1) OVER w AS kind1, lead(id, 2) OVER w AS id2,
            lead(kind, 2) OVER w AS kind2, lead(id, 3) OVER w AS id3, lead(kind, 3) OVER w AS kind3
        FROM keyed WINDOW w AS (PARTITION BY key ORDER BY id, kind)
    ) AS k CROSS JOIN LATERAL (VALUES (id1, kind1), (id2, kind2), (id3, kind3)) AS n (other, other_kind)
    WHERE k.id1 IS NOT NULL AND n.other <> k.id
), sorted AS (
    SELECT id, sort_name, lead(id) OVER w AS id1, lead(sort_name) OVER w AS name1, lead(id, 2) OVER w AS id2,
        lead(sort_name, 2) OVER w AS name2, lead(id) OVER r AS id3, lead(sort_name) OVER r AS name3
    FROM person WINDOW w AS (ORDER BY sort_name, id), r AS (ORDER BY reverse(sort_name), id)
), near AS (
    SELECT s.id, n.other
    FROM sorted AS s CROSS JOIN LATERAL (VALUES (id1, name1), (id2, name2), (id3, name3)) AS n (other, name)
    WHERE n.name <> s.sort_name AND (left(n.name, 4) = left(s.sort_name, 4) OR right(n.name, 4) = right(s.sort_name, 4))
        AND abs(length(n.name) - length(s.sort_name)) < 8 AND similarity(s.sort_name, n.name) >= 0.6
    ORDER BY similarity(s.sort_name, n.name) DESC, s.id LIMIT 1000
), pairs AS (
    SELECT least(id, other) AS first, greatest(id, other) AS second, bool_or(mail) AS mail, bool_or(handle) AS handle,
        bool_or(handle_name) AS handle_name, bool_or(words) AS words
    FROM (
        SELECT id, other, kind = 'mail' AS mail, kind = 'handle' AND other_kind = 'handle' AS handle,
            kind <> other_kind AS handle_name, kind = 'words' AS words
        FROM beside
        UNION ALL SELECT id, other, false, false, false, false FROM near
    ) AS found GROUP BY 1, 2
)
SELECT p.first, p.second
FROM pairs AS p JOIN person AS a ON a.id = p.first JOIN person AS b ON b.id = p.second
LEFT JOIN influencers_rosterline AS l ON l.influencer_id = a.id LEFT JOIN influencers_rosterline AS m ON m.influencer_id = b.id
WHERE NOT EXISTS (SELECT FROM influencers_notduplicates WHERE first_id = p.first AND second_id = p.second)
ORDER BY
    -- What speaks for it leaves less and less doubt; what speaks against it takes some of that away.
    (1 - (1 - CASE WHEN a.squeezed = b.squeezed THEN 0.7 WHEN p.words THEN 0.6
                   ELSE 0.6 * similarity(a.sort_name, b.sort_name) END)
        * CASE WHEN p.mail THEN 0.1 ELSE 1 END
        * CASE WHEN p.handle THEN 0.3 ELSE 1 END
        * CASE WHEN p.handle_name AND a.squeezed <> b.squeezed THEN 0.6 ELSE 1 END)
    * CASE WHEN a.country <> b.country AND a.country <> '' AND b.country <> '' THEN 0.6 ELSE 1 END
    * CASE WHEN l.platforms && m.platforms THEN 0.7 ELSE 1 END DESC,
    p.first, p.second
LIMIT %(limit)s
