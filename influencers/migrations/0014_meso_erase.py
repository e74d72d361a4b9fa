"""The one function that erases people: it deletes what is theirs and takes their names out of everything that stays.

It works only where the transaction says `SET LOCAL meso.erasing = 'on'`, which the erasure service alone does.
"""

from django.db import migrations

# Keys and values of any depth; numbers stay, because a count may look like an id.
REDACT_JSON = r"""
CREATE FUNCTION meso_redact_json(body jsonb, pattern text, label text) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    CASE jsonb_typeof(body)
    WHEN 'string' THEN
        RETURN to_jsonb(regexp_replace(body #>> '{}', pattern, '\1\2' || label, 'gi'));
    WHEN 'array' THEN
        RETURN coalesce((
            SELECT jsonb_agg(meso_redact_json(value, pattern, label) ORDER BY ordinality)
            FROM jsonb_array_elements(body) WITH ORDINALITY
        ), '[]');
    WHEN 'object' THEN
        RETURN coalesce((
            SELECT jsonb_object_agg(regexp_replace(key, pattern, '\1\2' || label, 'gi'), meso_redact_json(value, pattern, label))
            FROM jsonb_each(body)
        ), '{}');
    ELSE
        RETURN body;
    END CASE;
END $$;
"""

# Every text that people write or import in the agency, found in the catalogue: a table of tomorrow is swept too. Left alone are
# codes and choices (short columns), what identifies somebody else (names, handles, ids, addresses of other accounts and posts,
# clients, brands, users), what triggers derive, and what the law keeps. Rows of history come last: redacting writes some.
COLUMNS = r"""
CREATE FUNCTION meso_swept_columns() RETURNS TABLE (of_table text, of_column text, kind text, size integer, belongs text)
LANGUAGE sql STABLE AS $$
    WITH ours AS (
        SELECT c.oid, c.relname::text AS name, EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = c.oid AND attname = 'agency_id' AND NOT attisdropped
        ) AS has_agency
        FROM pg_class AS c
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
            AND c.relname ~ '^(agency|influencers|campaigns)_'
            AND c.relname <> ALL (ARRAY['agency_user', 'agency_agency', 'agency_membership', 'agency_invitation', 'agency_client',
                'agency_clientcontact', 'agency_category', 'influencers_erasure', 'influencers_fingerprint',
                'influencers_legalretention', 'influencers_rosterline', 'influencers_tierscheme', 'influencers_tierband'])
    ), scoped AS (
        SELECT oid, name, 't.agency_id = $1' AS belongs FROM ours WHERE has_agency
        UNION ALL
        (SELECT DISTINCT ON (o.oid) o.oid, o.name,
            format('EXISTS (SELECT FROM %I AS p WHERE p.id = t.%I AND p.agency_id = $1)', parent.relname, k.attname)
        FROM ours AS o
        JOIN pg_constraint AS f ON f.conrelid = o.oid AND f.contype = 'f'
        JOIN pg_class AS parent ON parent.oid = f.confrelid
        JOIN pg_attribute AS k ON k.attrelid = o.oid AND k.attnum = f.conkey[1]
        WHERE NOT o.has_agency AND EXISTS (
            SELECT FROM pg_attribute WHERE attrelid = parent.oid AND attname = 'agency_id' AND NOT attisdropped
        )
        ORDER BY o.oid, f.oid)
    )
    SELECT s.name, a.attname::text,
        CASE WHEN y.typname = 'jsonb' THEN 'json' WHEN y.typname IN ('_text', '_varchar') THEN 'array' ELSE 'text' END,
        CASE WHEN a.atttypmod > 4 THEN a.atttypmod - 4 END, s.belongs
    FROM scoped AS s
    JOIN pg_attribute AS a ON a.attrelid = s.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    JOIN pg_type AS y ON y.oid = a.atttypid
    WHERE y.typname IN ('text', 'varchar', 'jsonb', '_text', '_varchar') AND (a.atttypmod <= 4 OR a.atttypmod - 4 >= 40)
        AND s.name || '.' || a.attname <> ALL (ARRAY['agency_brand.name', 'agency_brandevent.name',
            'influencers_influencer.name', 'influencers_influencer.handle_text', 'influencers_influencerevent.name',
            'influencers_account.handle', 'influencers_account.external_id', 'influencers_account.url',
            'influencers_accountevent.handle', 'influencers_accountevent.external_id', 'influencers_accountevent.url',
            'influencers_post.external_id', 'influencers_post.url', 'influencers_importbatch.sha256',
            'influencers_importbatch.upload'])
    ORDER BY s.name ~ 'event$', s.name, a.attname
$$;
"""

# `strict` spares common words; `loose` takes every word of theirs, for columns in which a word too many does no harm.
SWEEP = r"""
CREATE FUNCTION meso_sweep(agency bigint, label text, strict text, loose text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    c record;
    pattern text;
    fresh text;
    hit text;
    touched bigint;
    counts jsonb := '{}';
BEGIN
    FOR c IN SELECT * FROM meso_swept_columns() LOOP
        pattern := CASE
            WHEN c.of_table IN ('influencers_importbatch', 'influencers_dataexport', 'influencers_savedview') THEN loose
            ELSE strict
        END;
        hit := format(CASE c.kind
            WHEN 'text' THEN 't.%I ~* $2'
            WHEN 'json' THEN 'replace(regexp_replace(t.%I::text, ''\\[nrtbf]'', '' '', ''g''), ''\"'', ''"'') ~* $2'
            ELSE 't.%I::text ~* $2'
        END, c.of_column);
        fresh := CASE c.kind
            WHEN 'text' THEN format('regexp_replace(t.%I, $2, ''\1\2'' || $3, ''gi'')', c.of_column)
            WHEN 'json' THEN format('meso_redact_json(t.%I, $2, $3)', c.of_column)
            ELSE format('ARRAY(SELECT regexp_replace(part, $2, ''\1\2'' || $3, ''gi'')
                FROM unnest(t.%I) WITH ORDINALITY AS parts (part, place) ORDER BY place)', c.of_column)
        END;
        IF c.kind = 'text' AND c.size IS NOT NULL THEN
            fresh := format('left(%s, %s)', fresh, c.size);
        END IF;
        BEGIN
            EXECUTE format('UPDATE %I AS t SET %I = %s WHERE %s AND %s', c.of_table, c.of_column, fresh, c.belongs, hit)
                USING agency, pattern, label;
            GET DIAGNOSTICS touched = ROW_COUNT;
        EXCEPTION WHEN unique_violation THEN
            -- Two lists or views of one owner that differed by the name alone: the number of the row tells them apart.
            EXECUTE format('UPDATE %I AS t SET %I = $3 || '' '' || t.id WHERE %s AND %s', c.of_table, c.of_column, c.belongs, hit)
                USING agency, pattern, label;
            GET DIAGNOSTICS touched = ROW_COUNT;
        END;
        IF touched > 0 THEN
            counts := counts || jsonb_build_object(c.of_table, touched + coalesce((counts ->> c.of_table)::bigint, 0));
        END IF;
    END LOOP;
    UPDATE django_admin_log SET object_repr = left(regexp_replace(object_repr, loose, '\1\2' || label, 'gi'), 200),
        change_message = regexp_replace(change_message, loose, '\1\2' || label, 'gi')
    WHERE (object_repr ~* loose OR change_message ~* loose)
        AND user_id IN (SELECT m.user_id FROM agency_membership AS m WHERE m.agency_id = agency);
    GET DIAGNOSTICS touched = ROW_COUNT;
    IF touched > 0 THEN
        counts := counts || jsonb_build_object('django_admin_log', touched);
    END IF;
    RETURN counts;
END $$;
"""

ERASE = r"""
CREATE FUNCTION meso_erase(erasure bigint, person bigint, strict text, loose text, keep_shell boolean) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    agency bigint;
    label text;
    ids bigint[];
    accounts bigint[];
    duos bigint[];
    step record;
    touched bigint;
    deleted jsonb := '{}';
    kept jsonb := '{}';
BEGIN
    IF current_setting('meso.erasing', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'people are erased by the erasure service only' USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT e.agency_id, 'erased-' || e.number INTO STRICT agency, label FROM influencers_erasure AS e WHERE e.id = erasure;
    PERFORM FROM influencers_influencer AS i WHERE i.id = person AND i.agency_id = agency FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'creator % is not of the erasure''s agency', person USING ERRCODE = 'no_data_found';
    END IF;
    -- Records that were merged into this one were the same person.
    ids := ARRAY(SELECT m.merged_id FROM influencers_merge AS m WHERE m.kept_id = person AND m.undone_at IS NULL) || person;
    accounts := ARRAY(SELECT a.id FROM influencers_account AS a WHERE a.influencer_id = person);
    accounts := accounts || ARRAY(
        SELECT DISTINCT h.pgh_obj_id FROM influencers_accountevent AS h WHERE h.influencer_id = ANY(ids)
            AND h.pgh_obj_id IS NOT NULL AND NOT EXISTS (SELECT FROM influencers_account AS a WHERE a.id = h.pgh_obj_id)
    );
    duos := ARRAY(SELECT d.from_influencer_id FROM influencers_influencer_members AS d WHERE d.to_influencer_id = person);
    UPDATE influencers_influencer SET name = regexp_replace(name, loose, '\1\2' || label, 'gi')
    WHERE id = ANY(duos) AND name ~* loose;
    UPDATE influencers_influencerevent SET name = regexp_replace(name, loose, '\1\2' || label, 'gi')
    WHERE pgh_obj_id = ANY(duos) AND name ~* loose;
    UPDATE influencers_importchange SET created_ids = ARRAY(SELECT n FROM unnest(created_ids) AS n WHERE n <> ALL(ids))
    WHERE "table" = 'influencer' AND created_ids && ids AND NOT created_ids <@ ids;
    UPDATE influencers_importchange SET created_ids = ARRAY(SELECT n FROM unnest(created_ids) AS n WHERE n <> ALL(accounts))
    WHERE "table" = 'account' AND created_ids && accounts AND NOT created_ids <@ accounts;
    UPDATE influencers_dataexport SET influencer_ids = ARRAY(SELECT n FROM unnest(influencer_ids) AS n WHERE n <> ALL(ids))
    WHERE agency_id = agency AND influencer_ids && ids;
    UPDATE django_admin_log AS l SET object_repr = label, change_message = ''
    FROM django_content_type AS t
    WHERE t.id = l.content_type_id AND t.app_label = 'influencers'
        AND (t.model = 'influencer' AND l.object_id = ANY(ids::text[]) OR t.model = 'account' AND l.object_id = ANY(accounts::text[]));
    FOR step IN SELECT * FROM (VALUES
        ('influencers_post', 'account_id = ANY($2)'),
        ('influencers_followercount', 'account_id = ANY($2)'),
        ('influencers_audienceshare', 'account_id = ANY($2)'),
        ('influencers_engagementfigures', 'account_id = ANY($2)'),
        ('influencers_account', 'influencer_id = $3'),
        ('influencers_price', 'influencer_id = $3'),
        ('influencers_brandfitscore', 'fit_id IN (SELECT f.id FROM influencers_brandfit AS f WHERE f.influencer_id = $3)'),
        ('influencers_brandfit', 'influencer_id = $3'),
        ('influencers_brandfitnote', 'influencer_id = $3'),
        ('influencers_shortlistentry', 'influencer_id = $3'),
        ('influencers_influencer_members', 'from_influencer_id = $3 OR to_influencer_id = $3'),
        ('influencers_merge', 'kept_id = $3 OR merged_id = $3'),
        ('influencers_notduplicates', 'first_id = $3 OR second_id = $3'),
        ('influencers_importchange', '"table" = ''influencer'' AND (row_id = ANY($1) OR created_ids <> ''{}'' AND created_ids <@ $1)
            OR "table" = ''account'' AND (row_id = ANY($2) OR created_ids <> ''{}'' AND created_ids <@ $2)'),
        ('influencers_rosterline', 'influencer_id = $3')
    ) AS steps (of_table, of_rows) LOOP
        EXECUTE format('DELETE FROM %I WHERE %s', step.of_table, step.of_rows) USING ids, accounts, person;
        GET DIAGNOSTICS touched = ROW_COUNT;
        IF touched > 0 THEN
            deleted := deleted || jsonb_build_object(step.of_table, touched);
        END IF;
    END LOOP;
    IF keep_shell THEN
        UPDATE influencers_influencer SET name = label, is_erased = true, kind = 'creator', role_type = '', languages = '{}',
            country = '', region = '', city = '', niches = '{}', tags = '{}', email = '', phone = '', management_contact = '',
            management_email = '', status = 'blocked', source = '', lawful_basis = 'legitimate_interest', informed_on = NULL,
            informed_how = '', created_by_id = NULL, handle_text = '', created_at = now()
        WHERE id = person;
        DELETE FROM influencers_rosterline WHERE influencer_id = person;
    ELSE
        DELETE FROM influencers_influencer WHERE id = person;
        deleted := deleted || jsonb_build_object('influencers_influencer', 1);
    END IF;
    -- Last, because each deletion above wrote the old row into the history.
    FOR step IN SELECT * FROM (VALUES
        ('influencers_influencerevent', 'pgh_obj_id = ANY($1)'),
        ('influencers_accountevent', 'influencer_id = ANY($1) OR pgh_obj_id = ANY($2)'),
        ('influencers_audienceshareevent', 'account_id = ANY($2)'),
        ('influencers_priceevent', 'influencer_id = ANY($1)'),
        ('influencers_brandfitnoteevent', 'influencer_id = ANY($1)')
    ) AS steps (of_table, of_rows) LOOP
        EXECUTE format('DELETE FROM %I WHERE %s', step.of_table, step.of_rows) USING ids, accounts;
        GET DIAGNOSTICS touched = ROW_COUNT;
        IF touched > 0 THEN
            deleted := deleted || jsonb_build_object(step.of_table, touched);
        END IF;
    END LOOP;
    kept := meso_sweep(agency, label, strict, loose);
    RETURN jsonb_build_object('deleted', deleted, 'redacted', kept);
END $$;
REVOKE ALL ON FUNCTION meso_erase(bigint, bigint, text, text, boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION meso_sweep(bigint, text, text, text) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("influencers", "0013_import_states"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]
    operations = [
        migrations.RunSQL(REDACT_JSON, "DROP FUNCTION meso_redact_json(jsonb, text, text)"),
        migrations.RunSQL(COLUMNS, "DROP FUNCTION meso_swept_columns()"),
        migrations.RunSQL(SWEEP, "DROP FUNCTION meso_sweep(bigint, text, text, text)"),
        migrations.RunSQL(ERASE, "DROP FUNCTION meso_erase(bigint, bigint, text, text, boolean)"),
    ]
