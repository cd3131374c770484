-- Moving a newsroom as it is, table by table: aitys copy. Each table is read in the order of its
-- primary key from after a row on, and written where the row is not there yet. The key stands
-- first; an id alone is a key on SQLite. What was written to since it was copied is emptied in the
-- same order and copied anew; tables that are only ever added to have no statement for that. What the
-- copy notes for itself are counters of site -1.

-- statement: copy_column_list
-- about: Every column of every table there is, as the database itself knows them.
-- least: system
-- out: table_name text, name text
-- rows: many
SELECT t.name AS table_name, c.name
FROM sqlite_schema t JOIN pragma_table_info(t.name) c
WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite^_%' ESCAPE '^'
ORDER BY t.name, c.name;
-- postgres:
SELECT t.relname::text AS table_name, c.attname::text AS name
FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped
WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind IN ('r', 'p')
    AND NOT EXISTS (SELECT 1 FROM pg_depend d -- an extension's
        WHERE d.classid = 'pg_class'::regclass AND d.objid = t.oid AND d.deptype = 'e')
ORDER BY t.relname, c.attname;

-- statement: copy_secret_get
-- about: Rows of secret after one, by primary key.
-- least: system
-- in: after_site int, after_name text, max int
-- out: site int, name text, value blob
-- rows: many
SELECT site, name, value
FROM secret
WHERE (site, name) > ($1, $2)
ORDER BY site, name LIMIT $3;

-- statement: copy_secret_put
-- about: A row of secret, unless it is there.
-- least: system
-- in: site int, name text, value blob
-- rows: none
-- errors: late
INSERT INTO secret (site, name, value)
VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- statement: copy_secret_drop
-- about: Empties secret up to a row, by primary key.
-- least: system
-- in: site int, name text
-- rows: none
-- errors: late
DELETE FROM secret WHERE (site, name) <= ($1, $2);

-- statement: copy_thread_get
-- about: Rows of thread after one, by primary key.
-- least: system
-- in: after_site int, after_id int, max int
-- out: site int, id int, mode int, closes_s int, slow_s int, next_number int, placed int, held int,
--    yes int, no int, rev int
-- rows: many
SELECT site, id, mode, closes_s, slow_s, next_number, placed, held, yes, no, rev
FROM thread
WHERE id > $2 AND $1 = $1
ORDER BY id LIMIT $3;
-- postgres:
SELECT site, id, mode, closes_s, slow_s, next_number, placed, held, yes, no, rev
FROM thread
WHERE (site, id) > ($1, $2)
ORDER BY site, id LIMIT $3;

-- statement: copy_thread_put
-- about: A row of thread, unless it is there.
-- least: system
-- in: site int, id int, mode int, closes_s int, slow_s int, next_number int, placed int, held int,
--    yes int, no int, rev int
-- rows: none
-- errors: late
INSERT INTO thread (site, id, mode, closes_s, slow_s, next_number, placed, held, yes, no, rev)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT DO NOTHING;

-- statement: copy_thread_last
-- about: The last row of thread, its key.
-- least: system
-- out: site int, id int
-- rows: maybe
SELECT site, id
FROM thread
ORDER BY id DESC LIMIT 1;
-- postgres:
SELECT site, id
FROM thread
ORDER BY site DESC, id DESC LIMIT 1;

-- statement: copy_thread_drop
-- about: Empties thread up to a row, by primary key.
-- least: system
-- in: site int, id int
-- rows: none
-- errors: late
DELETE FROM thread WHERE id <= $2 AND $1 = $1;
-- postgres:
DELETE FROM thread WHERE (site, id) <= ($1, $2);

-- statement: copy_article_get
-- about: Rows of article after one, by primary key.
-- least: system
-- in: after_site int, after_id int, max int
-- out: site int, id int, key text
-- rows: many
SELECT site, id, key
FROM article
WHERE id > $2 AND $1 = $1
ORDER BY id LIMIT $3;
-- postgres:
SELECT site, id, key
FROM article
WHERE (site, id) > ($1, $2)
ORDER BY site, id LIMIT $3;

-- statement: copy_article_put
-- about: A row of article, unless it is there.
-- least: system
-- in: site int, id int, key text
-- rows: none
-- errors: late
INSERT INTO article (site, id, key)
VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- statement: copy_article_last
-- about: The last row of article, its key.
-- least: system
-- out: site int, id int
-- rows: maybe
SELECT site, id
FROM article
ORDER BY id DESC LIMIT 1;
-- postgres:
SELECT site, id
FROM article
ORDER BY site DESC, id DESC LIMIT 1;

-- statement: copy_article_drop
-- about: Empties article up to a row, by primary key.
-- least: system
-- in: site int, id int
-- rows: none
-- errors: late
DELETE FROM article WHERE id <= $2 AND $1 = $1;
-- postgres:
DELETE FROM article WHERE (site, id) <= ($1, $2);

-- statement: copy_section_get
-- about: Rows of section after one, by primary key.
-- least: system
-- in: after_site int, after_lang text, after_key text, max int
-- out: site int, lang text, key text, slug text, name text, about text, source blob
-- rows: many
SELECT site, lang, key, slug, name, about, source
FROM section
WHERE (site, lang, key) > ($1, $2, $3)
ORDER BY site, lang, key LIMIT $4;

-- statement: copy_section_put
-- about: A row of section, unless it is there.
-- least: system
-- in: site int, lang text, key text, slug text, name text, about text, source blob
-- rows: none
-- errors: late
INSERT INTO section (site, lang, key, slug, name, about, source)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- statement: copy_section_drop
-- about: Empties section up to a row, by primary key.
-- least: system
-- in: site int, lang text, key text
-- rows: none
-- errors: late
DELETE FROM section WHERE (site, lang, key) <= ($1, $2, $3);

-- statement: copy_standing_get
-- about: Rows of standing after one, by primary key.
-- least: system
-- in: after_site int, after_lang text, after_key text, max int
-- out: site int, lang text, key text, slug text, title text, source blob, body text
-- rows: many
SELECT site, lang, key, slug, title, source, body
FROM standing
WHERE (site, lang, key) > ($1, $2, $3)
ORDER BY site, lang, key LIMIT $4;

-- statement: copy_standing_put
-- about: A row of standing, unless it is there.
-- least: system
-- in: site int, lang text, key text, slug text, title text, source blob, body text
-- rows: none
-- errors: late
INSERT INTO standing (site, lang, key, slug, title, source, body)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- statement: copy_standing_drop
-- about: Empties standing up to a row, by primary key.
-- least: system
-- in: site int, lang text, key text
-- rows: none
-- errors: late
DELETE FROM standing WHERE (site, lang, key) <= ($1, $2, $3);

-- statement: copy_picture_get
-- about: Rows of picture after one, by primary key.
-- least: system
-- in: after_site int, after_hash blob, max int
-- out: site int, hash blob, extension text, width int, height int, widths text
-- rows: many
SELECT site, hash, extension, width, height, widths
FROM picture
WHERE (site, hash) > ($1, $2)
ORDER BY site, hash LIMIT $3;

-- statement: copy_picture_put
-- about: A row of picture, unless it is there.
-- least: system
-- in: site int, hash blob, extension text, width int, height int, widths text
-- rows: none
-- errors: late
INSERT INTO picture (site, hash, extension, width, height, widths)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- statement: copy_picture_last
-- about: The last row of picture, its key.
-- least: system
-- out: site int, hash blob
-- rows: maybe
SELECT site, hash
FROM picture
ORDER BY site DESC, hash DESC LIMIT 1;

-- statement: copy_picture_drop
-- about: Empties picture up to a row, by primary key.
-- least: system
-- in: site int, hash blob
-- rows: none
-- errors: late
DELETE FROM picture WHERE (site, hash) <= ($1, $2);

-- statement: copy_picture_file_get
-- about: Rows of picture_file after one, by primary key.
-- least: system
-- in: after_site int, after_hash blob, after_width int, max int
-- out: site int, hash blob, width int, bytes blob
-- rows: many
SELECT site, hash, width, bytes
FROM picture_file
WHERE (site, hash, width) > ($1, $2, $3)
ORDER BY site, hash, width LIMIT $4;

-- statement: copy_picture_file_put
-- about: A row of picture_file, unless it is there.
-- least: system
-- in: site int, hash blob, width int, bytes blob
-- rows: none
-- errors: late
INSERT INTO picture_file (site, hash, width, bytes)
VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- statement: copy_picture_file_last
-- about: The last row of picture_file, its key.
-- least: system
-- out: site int, hash blob, width int
-- rows: maybe
SELECT site, hash, width
FROM picture_file
ORDER BY site DESC, hash DESC, width DESC LIMIT 1;

-- statement: copy_picture_file_drop
-- about: Empties picture_file up to a row, by primary key.
-- least: system
-- in: site int, hash blob, width int
-- rows: none
-- errors: late
DELETE FROM picture_file WHERE (site, hash, width) <= ($1, $2, $3);

-- statement: copy_edition_get
-- about: Rows of edition after one, by primary key.
-- least: system
-- in: after_site int, after_article int, after_lang text, max int
-- out: site int, article int, lang text, slug text, section text, published_s int, updated_s int,
--    wish_mode int, wish_closes_s int, source blob, headline text, dateline text, standfirst text,
--    body text
-- rows: many
SELECT site, article, lang, slug, section, published_s, updated_s, wish_mode, wish_closes_s, source,
       headline, dateline, standfirst, body
FROM edition
WHERE (site, article, lang) > ($1, $2, $3)
ORDER BY site, article, lang LIMIT $4;

-- statement: copy_edition_put
-- about: A row of edition, unless it is there.
-- least: system
-- in: site int, article int, lang text, slug text, section text, published_s int, updated_s int,
--    wish_mode int, wish_closes_s int, source blob, headline text, dateline text, standfirst text,
--    body text
-- rows: none
-- errors: late
INSERT INTO edition (site, article, lang, slug, section, published_s, updated_s, wish_mode,
    wish_closes_s, source, headline, dateline, standfirst, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT DO NOTHING;

-- statement: copy_edition_drop
-- about: Empties edition up to a row, by primary key.
-- least: system
-- in: site int, article int, lang text
-- rows: none
-- errors: late
DELETE FROM edition WHERE (site, article, lang) <= ($1, $2, $3);

-- statement: copy_moved_get
-- about: Rows of moved after one, by primary key.
-- least: system
-- in: after_site int, after_lang text, after_slug text, max int
-- out: site int, lang text, slug text, article int
-- rows: many
SELECT site, lang, slug, article
FROM moved
WHERE (site, lang, slug) > ($1, $2, $3)
ORDER BY site, lang, slug LIMIT $4;

-- statement: copy_moved_put
-- about: A row of moved, unless it is there.
-- least: system
-- in: site int, lang text, slug text, article int
-- rows: none
-- errors: late
INSERT INTO moved (site, lang, slug, article)
VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- statement: copy_moved_drop
-- about: Empties moved up to a row, by primary key.
-- least: system
-- in: site int, lang text, slug text
-- rows: none
-- errors: late
DELETE FROM moved WHERE (site, lang, slug) <= ($1, $2, $3);

-- statement: copy_byline_get
-- about: Rows of byline after one, by primary key.
-- least: system
-- in: after_site int, after_article int, after_lang text, after_position int, max int
-- out: site int, article int, lang text, position int, author text, name text, published_s int
-- rows: many
SELECT site, article, lang, position, author, name, published_s
FROM byline
WHERE (site, article, lang, position) > ($1, $2, $3, $4)
ORDER BY site, article, lang, position LIMIT $5;

-- statement: copy_byline_put
-- about: A row of byline, unless it is there.
-- least: system
-- in: site int, article int, lang text, position int, author text, name text, published_s int
-- rows: none
-- errors: late
INSERT INTO byline (site, article, lang, position, author, name, published_s)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- statement: copy_byline_drop
-- about: Empties byline up to a row, by primary key.
-- least: system
-- in: site int, article int, lang text, position int
-- rows: none
-- errors: late
DELETE FROM byline WHERE (site, article, lang, position) <= ($1, $2, $3, $4);

-- statement: copy_edition_picture_get
-- about: Rows of edition_picture after one, by primary key.
-- least: system
-- in: after_site int, after_article int, after_lang text, after_position int, max int
-- out: site int, article int, lang text, position int, hash blob, caption text, credit text,
--    alt text
-- rows: many
SELECT site, article, lang, position, hash, caption, credit, alt
FROM edition_picture
WHERE (site, article, lang, position) > ($1, $2, $3, $4)
ORDER BY site, article, lang, position LIMIT $5;

-- statement: copy_edition_picture_put
-- about: A row of edition_picture, unless it is there.
-- least: system
-- in: site int, article int, lang text, position int, hash blob, caption text, credit text,
--    alt text
-- rows: none
-- errors: late
INSERT INTO edition_picture (site, article, lang, position, hash, caption, credit, alt)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- statement: copy_edition_picture_drop
-- about: Empties edition_picture up to a row, by primary key.
-- least: system
-- in: site int, article int, lang text, position int
-- rows: none
-- errors: late
DELETE FROM edition_picture WHERE (site, article, lang, position) <= ($1, $2, $3, $4);

-- statement: copy_protected_name_get
-- about: Rows of protected_name after one, by primary key.
-- least: system
-- in: after_site int, after_skeleton text, max int
-- out: site int, skeleton text, name text
-- rows: many
SELECT site, skeleton, name
FROM protected_name
WHERE (site, skeleton) > ($1, $2)
ORDER BY site, skeleton LIMIT $3;

-- statement: copy_protected_name_put
-- about: A row of protected_name, unless it is there.
-- least: system
-- in: site int, skeleton text, name text
-- rows: none
-- errors: late
INSERT INTO protected_name (site, skeleton, name)
VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- statement: copy_protected_name_drop
-- about: Empties protected_name up to a row, by primary key.
-- least: system
-- in: site int, skeleton text
-- rows: none
-- errors: late
DELETE FROM protected_name WHERE (site, skeleton) <= ($1, $2);

-- statement: copy_commenter_get
-- about: Rows of commenter after one, by primary key.
-- least: system
-- in: after_site int, after_id blob, max int
-- out: site int, id blob, key_hash blob, approved int, rejected int, trust int, trust_until_s int,
--    created_s int
-- rows: many
SELECT site, id, key_hash, approved, rejected, trust, trust_until_s, created_s
FROM commenter
WHERE (site, id) > ($1, $2)
ORDER BY site, id LIMIT $3;

-- statement: copy_commenter_put
-- about: A row of commenter, unless it is there.
-- least: system
-- in: site int, id blob, key_hash blob, approved int, rejected int, trust int, trust_until_s int,
--    created_s int
-- rows: none
-- errors: late
INSERT INTO commenter (site, id, key_hash, approved, rejected, trust, trust_until_s, created_s)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- statement: copy_commenter_last
-- about: The last row of commenter, its key.
-- least: system
-- out: site int, id blob
-- rows: maybe
SELECT site, id
FROM commenter
ORDER BY site DESC, id DESC LIMIT 1;

-- statement: copy_commenter_drop
-- about: Empties commenter up to a row, by primary key.
-- least: system
-- in: site int, id blob
-- rows: none
-- errors: late
DELETE FROM commenter WHERE (site, id) <= ($1, $2);

-- statement: copy_comment_get
-- about: Rows of comment after one, by primary key.
-- least: system
-- in: after_site int, after_id int, max int
-- out: site int, id int, thread int, parent int, depth int, root int, path blob, state int,
--    placed int, judged int, withdrawn_by int, featured int, reports int, campaign int,
--    created_s int, edited_s int, commenter blob, idem blob, text_hash blob, lang text, name text,
--    text text
-- rows: many
SELECT site, id, thread, parent, depth, root, path, state, placed, judged, withdrawn_by, featured,
       reports, campaign, created_s, edited_s, commenter, idem, text_hash, lang, name, text
FROM comment
WHERE id > $2 AND $1 = $1
ORDER BY id LIMIT $3;
-- postgres:
SELECT site, id, thread, parent, depth, root, path, state, placed, judged, withdrawn_by, featured,
       reports, campaign, created_s, edited_s, commenter, idem, text_hash, lang, name, text
FROM comment
WHERE (site, id) > ($1, $2)
ORDER BY site, id LIMIT $3;

-- statement: copy_comment_put
-- about: A row of comment, unless it is there.
-- least: system
-- in: site int, id int, thread int, parent int, depth int, root int, path blob, state int,
--    placed int, judged int, withdrawn_by int, featured int, reports int, campaign int,
--    created_s int, edited_s int, commenter blob, idem blob, text_hash blob, lang text, name text,
--    text text
-- rows: none
-- errors: late
INSERT INTO comment (site, id, thread, parent, depth, root, path, state, placed, judged,
    withdrawn_by, featured, reports, campaign, created_s, edited_s, commenter, idem, text_hash,
    lang, name, text)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22)
ON CONFLICT DO NOTHING;

-- statement: copy_comment_last
-- about: The last row of comment, its key.
-- least: system
-- out: site int, id int
-- rows: maybe
SELECT site, id
FROM comment
ORDER BY id DESC LIMIT 1;
-- postgres:
SELECT site, id
FROM comment
ORDER BY site DESC, id DESC LIMIT 1;

-- statement: copy_comment_drop
-- about: Empties comment up to a row, by primary key.
-- least: system
-- in: site int, id int
-- rows: none
-- errors: late
DELETE FROM comment WHERE id <= $2 AND $1 = $1;
-- postgres:
DELETE FROM comment WHERE (site, id) <= ($1, $2);

-- statement: copy_rating_get
-- about: Rows of rating after one, by primary key.
-- least: system
-- in: after_site int, after_thread int, after_rater blob, max int
-- out: site int, thread int, rater blob, answer int
-- rows: many
SELECT site, thread, rater, answer
FROM rating
WHERE (site, thread, rater) > ($1, $2, $3)
ORDER BY site, thread, rater LIMIT $4;

-- statement: copy_rating_put
-- about: A row of rating, unless it is there.
-- least: system
-- in: site int, thread int, rater blob, answer int
-- rows: none
-- errors: late
INSERT INTO rating (site, thread, rater, answer)
VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- statement: copy_rating_last
-- about: The last row of rating, its key.
-- least: system
-- out: site int, thread int, rater blob
-- rows: maybe
SELECT site, thread, rater
FROM rating
ORDER BY site DESC, thread DESC, rater DESC LIMIT 1;

-- statement: copy_rating_drop
-- about: Empties rating up to a row, by primary key.
-- least: system
-- in: site int, thread int, rater blob
-- rows: none
-- errors: late
DELETE FROM rating WHERE (site, thread, rater) <= ($1, $2, $3);

-- statement: copy_moderator_get
-- about: Rows of moderator after one, by primary key.
-- least: system
-- in: after_site int, after_id int, max int
-- out: site int, id int, name text, password text, role int, totp blob, totp_step int, misses int,
--    missed_s int, signed_in_s int, disabled_s int, created_s int
-- rows: many
SELECT site, id, name, password, role, totp, totp_step, misses, missed_s, signed_in_s, disabled_s,
       created_s
FROM moderator
WHERE (site, id) > ($1, $2)
ORDER BY site, id LIMIT $3;

-- statement: copy_moderator_put
-- about: A row of moderator, unless it is there.
-- least: system
-- in: site int, id int, name text, password text, role int, totp blob, totp_step int, misses int,
--    missed_s int, signed_in_s int, disabled_s int, created_s int
-- rows: none
-- errors: late
INSERT INTO moderator (site, id, name, password, role, totp, totp_step, misses, missed_s,
    signed_in_s, disabled_s, created_s)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT DO NOTHING;

-- statement: copy_moderator_last
-- about: The last row of moderator, its key.
-- least: system
-- out: site int, id int
-- rows: maybe
SELECT site, id
FROM moderator
ORDER BY site DESC, id DESC LIMIT 1;

-- statement: copy_moderator_drop
-- about: Empties moderator up to a row, by primary key.
-- least: system
-- in: site int, id int
-- rows: none
-- errors: late
DELETE FROM moderator WHERE (site, id) <= ($1, $2);

-- statement: copy_session_get
-- about: Rows of session after one, by primary key.
-- least: system
-- in: after_site int, after_hash blob, max int
-- out: site int, hash blob, moderator int, created_s int, expires_s int, used_s int, strength int
-- rows: many
SELECT site, hash, moderator, created_s, expires_s, used_s, strength
FROM session
WHERE (site, hash) > ($1, $2)
ORDER BY site, hash LIMIT $3;

-- statement: copy_session_put
-- about: A row of session, unless it is there.
-- least: system
-- in: site int, hash blob, moderator int, created_s int, expires_s int, used_s int, strength int
-- rows: none
-- errors: late
INSERT INTO session (site, hash, moderator, created_s, expires_s, used_s, strength)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- statement: copy_session_last
-- about: The last row of session, its key.
-- least: system
-- out: site int, hash blob
-- rows: maybe
SELECT site, hash
FROM session
ORDER BY site DESC, hash DESC LIMIT 1;

-- statement: copy_session_drop
-- about: Empties session up to a row, by primary key.
-- least: system
-- in: site int, hash blob
-- rows: none
-- errors: late
DELETE FROM session WHERE (site, hash) <= ($1, $2);

-- statement: copy_decision_get
-- about: Rows of decision after one, by primary key.
-- least: system
-- in: after_site int, after_comment int, after_seq int, max int
-- out: site int, comment int, seq int, moderator int, rule text, action int, from_state int,
--    to_state int, reason text, note text, evidence text, undoes int, batch int, was_placed int,
--    was_judged int, was_featured int, was_edited_s int, at_s int
-- rows: many
SELECT site, comment, seq, moderator, rule, action, from_state, to_state, reason, note, evidence,
       undoes, batch, was_placed, was_judged, was_featured, was_edited_s, at_s
FROM decision
WHERE (site, comment, seq) > ($1, $2, $3)
ORDER BY site, comment, seq LIMIT $4;

-- statement: copy_decision_put
-- about: A row of decision, unless it is there.
-- least: system
-- in: site int, comment int, seq int, moderator int, rule text, action int, from_state int,
--    to_state int, reason text, note text, evidence text, undoes int, batch int, was_placed int,
--    was_judged int, was_featured int, was_edited_s int, at_s int
-- rows: none
-- errors: late
INSERT INTO decision (site, comment, seq, moderator, rule, action, from_state, to_state, reason,
    note, evidence, undoes, batch, was_placed, was_judged, was_featured, was_edited_s, at_s)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
ON CONFLICT DO NOTHING;

-- statement: copy_decision_last
-- about: The last row of decision, its key.
-- least: system
-- out: site int, comment int, seq int
-- rows: maybe
SELECT site, comment, seq
FROM decision
ORDER BY site DESC, comment DESC, seq DESC LIMIT 1;

-- statement: copy_trust_change_get
-- about: Rows of trust_change after one, by primary key.
-- least: system
-- in: after_site int, after_commenter blob, after_seq int, max int
-- out: site int, commenter blob, seq int, moderator int, was_trust int, was_until_s int, trust int,
--    until_s int, undoes int, at_s int, reason text, note text
-- rows: many
SELECT site, commenter, seq, moderator, was_trust, was_until_s, trust, until_s, undoes, at_s, reason,
       note
FROM trust_change
WHERE (site, commenter, seq) > ($1, $2, $3)
ORDER BY site, commenter, seq LIMIT $4;

-- statement: copy_trust_change_put
-- about: A row of trust_change, unless it is there.
-- least: system
-- in: site int, commenter blob, seq int, moderator int, was_trust int, was_until_s int, trust int,
--    until_s int, undoes int, at_s int, reason text, note text
-- rows: none
-- errors: late
INSERT INTO trust_change (site, commenter, seq, moderator, was_trust, was_until_s, trust, until_s,
    undoes, at_s, reason, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT DO NOTHING;

-- statement: copy_trust_change_last
-- about: The last row of trust_change, its key.
-- least: system
-- out: site int, commenter blob, seq int
-- rows: maybe
SELECT site, commenter, seq
FROM trust_change
ORDER BY site DESC, commenter DESC, seq DESC LIMIT 1;

-- statement: copy_arrival_get
-- about: Rows of arrival after one, by primary key.
-- least: system
-- in: after_site int, after_comment int, max int
-- out: site int, comment int, network blob, at_s int
-- rows: many
SELECT site, comment, network, at_s
FROM arrival
WHERE (site, comment) > ($1, $2)
ORDER BY site, comment LIMIT $3;

-- statement: copy_arrival_put
-- about: A row of arrival, unless it is there.
-- least: system
-- in: site int, comment int, network blob, at_s int
-- rows: none
-- errors: late
INSERT INTO arrival (site, comment, network, at_s)
VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- statement: copy_arrival_last
-- about: The last row of arrival, its key.
-- least: system
-- out: site int, comment int
-- rows: maybe
SELECT site, comment
FROM arrival
ORDER BY site DESC, comment DESC LIMIT 1;

-- statement: copy_arrival_drop
-- about: Empties arrival up to a row, by primary key.
-- least: system
-- in: site int, comment int
-- rows: none
-- errors: late
DELETE FROM arrival WHERE (site, comment) <= ($1, $2);

-- statement: copy_batch_get
-- about: Rows of batch after one, by primary key.
-- least: system
-- in: after_site int, after_id int, max int
-- out: site int, id int, moderator int, action int, role int, expected int, until_s int,
--    takes_unseen int, comments int, carried int, undone int, skipped int, kept int, after_s int,
--    after_id int, is_done int, undone_s int, undone_by int, stopped_s int, at_s int, reason text,
--    note text, choice text
-- rows: many
SELECT site, id, moderator, action, role, expected, until_s, takes_unseen, comments, carried,
       undone, skipped, kept, after_s, after_id, is_done, undone_s, undone_by, stopped_s, at_s,
       reason, note, choice
FROM batch
WHERE (site, id) > ($1, $2)
ORDER BY site, id LIMIT $3;

-- statement: copy_batch_put
-- about: A row of batch, unless it is there.
-- least: system
-- in: site int, id int, moderator int, action int, role int, expected int, until_s int,
--    takes_unseen int, comments int, carried int, undone int, skipped int, kept int, after_s int,
--    after_id int, is_done int, undone_s int, undone_by int, stopped_s int, at_s int, reason text,
--    note text, choice text
-- rows: none
-- errors: late
INSERT INTO batch (site, id, moderator, action, role, expected, until_s, takes_unseen, comments,
    carried, undone, skipped, kept, after_s, after_id, is_done, undone_s, undone_by, stopped_s, at_s,
    reason, note, choice)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
    $21, $22, $23)
ON CONFLICT DO NOTHING;

-- statement: copy_batch_last
-- about: The last row of batch, its key.
-- least: system
-- out: site int, id int
-- rows: maybe
SELECT site, id
FROM batch
ORDER BY site DESC, id DESC LIMIT 1;

-- statement: copy_batch_drop
-- about: Empties batch up to a row, by primary key.
-- least: system
-- in: site int, id int
-- rows: none
-- errors: late
DELETE FROM batch WHERE (site, id) <= ($1, $2);

-- statement: copy_campaign_get
-- about: Rows of campaign after one, by primary key.
-- least: system
-- in: after_site int, after_id int, max int
-- out: site int, id int, alert_s int, action int, moderator int, decided_s int, batch int,
--    reason text
-- rows: many
SELECT site, id, alert_s, action, moderator, decided_s, batch, reason
FROM campaign
WHERE (site, id) > ($1, $2)
ORDER BY site, id LIMIT $3;

-- statement: copy_campaign_put
-- about: A row of campaign, unless it is there.
-- least: system
-- in: site int, id int, alert_s int, action int, moderator int, decided_s int, batch int,
--    reason text
-- rows: none
-- errors: late
INSERT INTO campaign (site, id, alert_s, action, moderator, decided_s, batch, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- statement: copy_campaign_last
-- about: The last row of campaign, its key.
-- least: system
-- out: site int, id int
-- rows: maybe
SELECT site, id
FROM campaign
ORDER BY site DESC, id DESC LIMIT 1;

-- statement: copy_campaign_drop
-- about: Empties campaign up to a row, by primary key.
-- least: system
-- in: site int, id int
-- rows: none
-- errors: late
DELETE FROM campaign WHERE (site, id) <= ($1, $2);

-- statement: copy_control_get
-- about: Rows of control after one, by primary key.
-- least: system
-- in: after_site int, after_name text, max int
-- out: site int, name text, value int, changed_s int, moderator int
-- rows: many
SELECT site, name, value, changed_s, moderator
FROM control
WHERE (site, name) > ($1, $2)
ORDER BY site, name LIMIT $3;

-- statement: copy_control_put
-- about: A row of control, unless it is there.
-- least: system
-- in: site int, name text, value int, changed_s int, moderator int
-- rows: none
-- errors: late
INSERT INTO control (site, name, value, changed_s, moderator)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- statement: copy_control_drop
-- about: Empties control up to a row, by primary key.
-- least: system
-- in: site int, name text
-- rows: none
-- errors: late
DELETE FROM control WHERE (site, name) <= ($1, $2);

-- statement: copy_kept_words_get
-- about: Rows of kept_words after one, by primary key.
-- least: system
-- in: after_site int, after_comment int, max int
-- out: site int, comment int, until_s int, edited_s int, text_hash blob, name text, text text
-- rows: many
SELECT site, comment, until_s, edited_s, text_hash, name, text
FROM kept_words
WHERE (site, comment) > ($1, $2)
ORDER BY site, comment LIMIT $3;

-- statement: copy_kept_words_put
-- about: A row of kept_words, unless it is there.
-- least: system
-- in: site int, comment int, until_s int, edited_s int, text_hash blob, name text, text text
-- rows: none
-- errors: late
INSERT INTO kept_words (site, comment, until_s, edited_s, text_hash, name, text)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- statement: copy_kept_words_last
-- about: The last row of kept_words, its key.
-- least: system
-- out: site int, comment int
-- rows: maybe
SELECT site, comment
FROM kept_words
ORDER BY site DESC, comment DESC LIMIT 1;

-- statement: copy_kept_words_drop
-- about: Empties kept_words up to a row, by primary key.
-- least: system
-- in: site int, comment int
-- rows: none
-- errors: late
DELETE FROM kept_words WHERE (site, comment) <= ($1, $2);

-- statement: copy_ledger_get
-- about: Rows of ledger after one, by primary key.
-- least: system
-- in: after_site int, after_seq int, max int
-- out: site int, seq int, at_s int, moderator int, kind text, body text, hash blob
-- rows: many
SELECT site, seq, at_s, moderator, kind, body, hash
FROM ledger
WHERE (site, seq) > ($1, $2)
ORDER BY site, seq LIMIT $3;

-- statement: copy_ledger_put
-- about: A row of ledger, unless it is there.
-- least: system
-- in: site int, seq int, at_s int, moderator int, kind text, body text, hash blob
-- rows: none
-- errors: late
INSERT INTO ledger (site, seq, at_s, moderator, kind, body, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- statement: copy_ledger_last
-- about: The last row of ledger, its key.
-- least: system
-- out: site int, seq int
-- rows: maybe
SELECT site, seq
FROM ledger
ORDER BY site DESC, seq DESC LIMIT 1;

-- statement: copy_ledger_head_get
-- about: Rows of ledger_head after one, by primary key.
-- least: system
-- in: after_site int, after_seq int, max int
-- out: site int, seq int, at_s int, hash blob, previous int, public_key blob, signature blob
-- rows: many
SELECT site, seq, at_s, hash, previous, public_key, signature
FROM ledger_head
WHERE (site, seq) > ($1, $2)
ORDER BY site, seq LIMIT $3;

-- statement: copy_ledger_head_put
-- about: A row of ledger_head, unless it is there.
-- least: system
-- in: site int, seq int, at_s int, hash blob, previous int, public_key blob, signature blob
-- rows: none
-- errors: late
INSERT INTO ledger_head (site, seq, at_s, hash, previous, public_key, signature)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- statement: copy_ledger_head_last
-- about: The last row of ledger_head, its key.
-- least: system
-- out: site int, seq int
-- rows: maybe
SELECT site, seq
FROM ledger_head
ORDER BY site DESC, seq DESC LIMIT 1;

-- statement: copy_opinion_get
-- about: Rows of opinion after one, by primary key.
-- least: system
-- in: after_site int, after_comment int, max int
-- out: site int, comment int, moderator int, at_s int, note text
-- rows: many
SELECT site, comment, moderator, at_s, note
FROM opinion
WHERE (site, comment) > ($1, $2)
ORDER BY site, comment LIMIT $3;

-- statement: copy_opinion_put
-- about: A row of opinion, unless it is there.
-- least: system
-- in: site int, comment int, moderator int, at_s int, note text
-- rows: none
-- errors: late
INSERT INTO opinion (site, comment, moderator, at_s, note)
VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- statement: copy_opinion_last
-- about: The last row of opinion, its key.
-- least: system
-- out: site int, comment int
-- rows: maybe
SELECT site, comment
FROM opinion
ORDER BY site DESC, comment DESC LIMIT 1;

-- statement: copy_opinion_drop
-- about: Empties opinion up to a row, by primary key.
-- least: system
-- in: site int, comment int
-- rows: none
-- errors: late
DELETE FROM opinion WHERE (site, comment) <= ($1, $2);

-- statement: copy_passkey_get
-- about: Rows of passkey after one, by primary key.
-- least: system
-- in: after_site int, after_id blob, max int
-- out: site int, id blob, moderator int, public_key blob, uses int, created_s int, used_s int,
--    name text
-- rows: many
SELECT site, id, moderator, public_key, uses, created_s, used_s, name
FROM passkey
WHERE (site, id) > ($1, $2)
ORDER BY site, id LIMIT $3;

-- statement: copy_passkey_put
-- about: A row of passkey, unless it is there.
-- least: system
-- in: site int, id blob, moderator int, public_key blob, uses int, created_s int, used_s int,
--    name text
-- rows: none
-- errors: late
INSERT INTO passkey (site, id, moderator, public_key, uses, created_s, used_s, name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- statement: copy_passkey_last
-- about: The last row of passkey, its key.
-- least: system
-- out: site int, id blob
-- rows: maybe
SELECT site, id
FROM passkey
ORDER BY site DESC, id DESC LIMIT 1;

-- statement: copy_passkey_drop
-- about: Empties passkey up to a row, by primary key.
-- least: system
-- in: site int, id blob
-- rows: none
-- errors: late
DELETE FROM passkey WHERE (site, id) <= ($1, $2);

-- statement: copy_reason_get
-- about: Rows of reason after one, by primary key.
-- least: system
-- in: after_site int, after_key text, max int
-- out: site int, key text, is_on int, wants_note int, is_used int, position int, rev int, successor text, name text
-- rows: many
SELECT site, key, is_on, wants_note, is_used, position, rev, successor, name
FROM reason
WHERE (site, key) > ($1, $2)
ORDER BY site, key LIMIT $3;

-- statement: copy_reason_put
-- about: A row of reason, unless it is there.
-- least: system
-- in: site int, key text, is_on int, wants_note int, is_used int, position int, rev int, successor text, name text
-- rows: none
-- errors: late
INSERT INTO reason (site, key, is_on, wants_note, is_used, position, rev, successor, name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT DO NOTHING;

-- statement: copy_reason_drop
-- about: Empties reason up to a row, by primary key.
-- least: system
-- in: site int, key text
-- rows: none
-- errors: late
DELETE FROM reason WHERE (site, key) <= ($1, $2);

-- statement: copy_reason_text_get
-- about: Rows of reason_text after one, by primary key.
-- least: system
-- in: after_site int, after_reason text, after_lang text, max int
-- out: site int, reason text, lang text, text text
-- rows: many
SELECT site, reason, lang, text
FROM reason_text
WHERE (site, reason, lang) > ($1, $2, $3)
ORDER BY site, reason, lang LIMIT $4;

-- statement: copy_reason_text_put
-- about: A row of reason_text, unless it is there.
-- least: system
-- in: site int, reason text, lang text, text text
-- rows: none
-- errors: late
INSERT INTO reason_text (site, reason, lang, text)
VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- statement: copy_reason_text_drop
-- about: Empties reason_text up to a row, by primary key.
-- least: system
-- in: site int, reason text, lang text
-- rows: none
-- errors: late
DELETE FROM reason_text WHERE (site, reason, lang) <= ($1, $2, $3);

-- statement: copy_recovery_code_get
-- about: Rows of recovery_code after one, by primary key.
-- least: system
-- in: after_site int, after_moderator int, after_hash blob, max int
-- out: site int, moderator int, hash blob
-- rows: many
SELECT site, moderator, hash
FROM recovery_code
WHERE (site, moderator, hash) > ($1, $2, $3)
ORDER BY site, moderator, hash LIMIT $4;

-- statement: copy_recovery_code_put
-- about: A row of recovery_code, unless it is there.
-- least: system
-- in: site int, moderator int, hash blob
-- rows: none
-- errors: late
INSERT INTO recovery_code (site, moderator, hash)
VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- statement: copy_recovery_code_last
-- about: The last row of recovery_code, its key.
-- least: system
-- out: site int, moderator int, hash blob
-- rows: maybe
SELECT site, moderator, hash
FROM recovery_code
ORDER BY site DESC, moderator DESC, hash DESC LIMIT 1;

-- statement: copy_recovery_code_drop
-- about: Empties recovery_code up to a row, by primary key.
-- least: system
-- in: site int, moderator int, hash blob
-- rows: none
-- errors: late
DELETE FROM recovery_code WHERE (site, moderator, hash) <= ($1, $2, $3);

-- statement: copy_report_get
-- about: Rows of report after one, by primary key.
-- least: system
-- in: after_site int, after_comment int, after_reporter blob, max int
-- out: site int, comment int, reporter blob, network blob, reason text, at_s int, closed_s int,
--    text text
-- rows: many
SELECT site, comment, reporter, network, reason, at_s, closed_s, text
FROM report
WHERE (site, comment, reporter) > ($1, $2, $3)
ORDER BY site, comment, reporter LIMIT $4;

-- statement: copy_report_put
-- about: A row of report, unless it is there.
-- least: system
-- in: site int, comment int, reporter blob, network blob, reason text, at_s int, closed_s int,
--    text text
-- rows: none
-- errors: late
INSERT INTO report (site, comment, reporter, network, reason, at_s, closed_s, text)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- statement: copy_report_last
-- about: The last row of report, its key.
-- least: system
-- out: site int, comment int, reporter blob
-- rows: maybe
SELECT site, comment, reporter
FROM report
ORDER BY site DESC, comment DESC, reporter DESC LIMIT 1;

-- statement: copy_report_drop
-- about: Empties report up to a row, by primary key.
-- least: system
-- in: site int, comment int, reporter blob
-- rows: none
-- errors: late
DELETE FROM report WHERE (site, comment, reporter) <= ($1, $2, $3);

-- statement: copy_rule_get
-- about: Rows of rule after one, by primary key.
-- least: system
-- in: after_site int, after_id int, max int
-- out: site int, id int, kind int, does int, is_on int, met int, agreed int, overruled int,
--    rev int, changed_s int, moderator int, name text, source text
-- rows: many
SELECT site, id, kind, does, is_on, met, agreed, overruled, rev, changed_s, moderator, name, source
FROM rule
WHERE (site, id) > ($1, $2)
ORDER BY site, id LIMIT $3;

-- statement: copy_rule_put
-- about: A row of rule, unless it is there.
-- least: system
-- in: site int, id int, kind int, does int, is_on int, met int, agreed int, overruled int, rev int,
--    changed_s int, moderator int, name text, source text
-- rows: none
-- errors: late
INSERT INTO rule (site, id, kind, does, is_on, met, agreed, overruled, rev, changed_s, moderator,
    name, source)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
ON CONFLICT DO NOTHING;

-- statement: copy_rule_last
-- about: The last row of rule, its key.
-- least: system
-- out: site int, id int
-- rows: maybe
SELECT site, id
FROM rule
ORDER BY site DESC, id DESC LIMIT 1;

-- statement: copy_rule_drop
-- about: Empties rule up to a row, by primary key.
-- least: system
-- in: site int, id int
-- rows: none
-- errors: late
DELETE FROM rule WHERE (site, id) <= ($1, $2);

-- statement: copy_team_note_get
-- about: Rows of team_note after one, by primary key.
-- least: system
-- in: after_site int, after_id int, max int
-- out: site int, id int, comment int, commenter blob, moderator int, at_s int, text text
-- rows: many
SELECT site, id, comment, commenter, moderator, at_s, text
FROM team_note
WHERE (site, id) > ($1, $2)
ORDER BY site, id LIMIT $3;

-- statement: copy_team_note_put
-- about: A row of team_note, unless it is there.
-- least: system
-- in: site int, id int, comment int, commenter blob, moderator int, at_s int, text text
-- rows: none
-- errors: late
INSERT INTO team_note (site, id, comment, commenter, moderator, at_s, text)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- statement: copy_team_note_last
-- about: The last row of team_note, its key.
-- least: system
-- out: site int, id int
-- rows: maybe
SELECT site, id
FROM team_note
ORDER BY site DESC, id DESC LIMIT 1;

-- statement: copy_team_note_drop
-- about: Empties team_note up to a row, by primary key.
-- least: system
-- in: site int, id int
-- rows: none
-- errors: late
DELETE FROM team_note WHERE (site, id) <= ($1, $2);

-- statement: copy_thread_message_get
-- about: Rows of thread_message after one, by primary key.
-- least: system
-- in: after_site int, after_thread int, after_lang text, max int
-- out: site int, thread int, lang text, text text
-- rows: many
SELECT site, thread, lang, text
FROM thread_message
WHERE (site, thread, lang) > ($1, $2, $3)
ORDER BY site, thread, lang LIMIT $4;

-- statement: copy_thread_message_put
-- about: A row of thread_message, unless it is there.
-- least: system
-- in: site int, thread int, lang text, text text
-- rows: none
-- errors: late
INSERT INTO thread_message (site, thread, lang, text)
VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- statement: copy_thread_message_drop
-- about: Empties thread_message up to a row, by primary key.
-- least: system
-- in: site int, thread int, lang text
-- rows: none
-- errors: late
DELETE FROM thread_message WHERE (site, thread, lang) <= ($1, $2, $3);

-- statement: copy_counter_get
-- about: Rows of counter after one, by primary key.
-- least: system
-- in: after_site int, after_name text, max int
-- out: site int, name text, next_id int
-- rows: many
SELECT site, name, next_id
FROM counter
WHERE (site, name) > ($1, $2) AND site >= 0
ORDER BY site, name LIMIT $3;

-- statement: copy_counter_put
-- about: A row of counter, unless it is there.
-- least: system
-- in: site int, name text, next_id int
-- rows: none
-- errors: late
INSERT INTO counter (site, name, next_id)
VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING;

-- statement: copy_counter_drop
-- about: Empties counter up to a row, by primary key.
-- least: system
-- in: site int, name text
-- rows: none
-- errors: late
DELETE FROM counter WHERE (site, name) <= ($1, $2) AND site >= 0;

-- statement: copy_note_list
-- about: What an unfinished copy noted for itself.
-- least: system
-- out: name text, next_id int
-- rows: many
SELECT name, next_id FROM counter WHERE site = -1 ORDER BY name;

-- statement: copy_note_put
-- about: Notes something for the copy under way.
-- least: system
-- in: name text, n int
-- rows: none
INSERT INTO counter (site, name, next_id) VALUES (-1, $1, $2)
ON CONFLICT (site, name) DO UPDATE SET next_id = excluded.next_id;

-- statement: copy_note_drop
-- about: Ends a copy.
-- least: system
-- rows: none
DELETE FROM counter WHERE site = -1;
