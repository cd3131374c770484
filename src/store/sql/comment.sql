-- Writing comments, and what is known of one.

-- statement: commenter_add
-- about: Adds a guest who may be there already.
-- least: reader
-- in: site int, id blob, key_hash blob, created_s int
-- rows: none
INSERT INTO commenter (site, id, key_hash, created_s) VALUES ($1, $2, $3, $4)
ON CONFLICT DO NOTHING;

-- statement: commenter_new
-- about: Adds a guest with an id of his own.
-- least: reader
-- in: site int, id blob, key_hash blob, created_s int
-- rows: none
-- errors: late
INSERT INTO commenter (site, id, key_hash, created_s) VALUES ($1, $2, $3, $4);
-- together:
INSERT INTO commenter (site, id, key_hash, created_s)
SELECT r.site, r.id, r.key_hash, r.created_s
FROM unnest($1, $2, $3, $4) AS r (site, id, key_hash, created_s);

-- statement: commenter_get
-- about: What moderators think of a commenter.
-- least: reader
-- in: site int, id blob
-- out: approved int, rejected int, trust int, trust_until_s int
-- rows: maybe
SELECT approved, rejected, trust, trust_until_s FROM commenter WHERE site = $1 AND id = $2;

-- statement: commenter_key
-- about: The hash of a guest's secret.
-- least: reader
-- in: site int, id blob
-- out: key_hash blob
-- rows: maybe
SELECT key_hash FROM commenter WHERE site = $1 AND id = $2;

-- statement: commenter_change
-- about: Adds to what moderators thought of a commenter.
-- least: moderator
-- in: site int, id blob, approved int, rejected int
-- rows: none
-- errors: late
UPDATE commenter SET approved = approved + $3, rejected = rejected + $4
WHERE site = $1 AND id = $2;

-- statement: comment_before
-- about: All that must be known before a comment is written, in one question: its conversation,
--        kept from other writers until the transaction ends; what the same form made before;
--        whether the name is protected and the words were said there since a time; what it answers;
--        what moderators think of its author, and of those who wrote by the same network.
--        days: a JSON list of the days since then.
-- least: reader
-- in: site int, thread int, idem blob, skeleton text, days text, text_hash blob, since_s int,
--     parent int, commenter blob, network blob, network_since_s int, now_s int
-- out: mode int, closes_s int, slow_s int, next_number int, holds_all int, repeats int?,
--      protected text?, same_words int?, parent_depth int?, parent_path blob?, parent_state int?,
--      parent_placed int?, parent_name text?, approved int?, trust int?, trust_until_s int?,
--      banned int?
-- rows: maybe
SELECT t.mode, t.closes_s, t.slow_s, t.next_number,
       COALESCE((SELECT s.value FROM control s WHERE s.site = $1 AND s.name = 'hold_all'), 0),
       (SELECT r.id FROM comment r WHERE r.site = $1 AND r.thread = $2 AND r.idem = $3),
       (SELECT n.skeleton FROM protected_name n WHERE n.site = $1 AND n.skeleton = $4),
       (SELECT q.id FROM json_each($5) day CROSS JOIN comment q
        WHERE q.site = $1 AND q.created_s / 86400 = day.value AND q.text_hash = $6
          AND q.thread = $2 AND q.created_s > $7
        LIMIT 1),
       p.depth, p.path, p.state, p.placed, p.name,
       k.approved, k.trust, k.trust_until_s,
       (SELECT b.id
        FROM (SELECT a.site, a.comment FROM arrival a
              WHERE a.site = $1 AND a.network = $10 AND a.at_s > $11
              ORDER BY a.at_s DESC LIMIT 200) w
        CROSS JOIN comment b
        CROSS JOIN commenter o
        WHERE b.site = w.site AND b.id = w.comment AND o.site = b.site AND o.id = b.commenter
          AND o.trust = 3 AND (o.trust_until_s = 0 OR o.trust_until_s > $12)
        LIMIT 1)
FROM thread t
LEFT JOIN comment p ON p.site = t.site AND p.id = $8
LEFT JOIN commenter k ON k.site = t.site AND k.id = $9
WHERE t.site = $1 AND t.id = $2;
-- postgres:
SELECT t.mode, t.closes_s, t.slow_s, t.next_number,
       COALESCE((SELECT s.value FROM control s WHERE s.site = $1 AND s.name = 'hold_all'), 0),
       (SELECT r.id FROM comment r WHERE r.site = $1 AND r.thread = $2 AND r.idem = $3),
       (SELECT n.skeleton FROM protected_name n WHERE n.site = $1 AND n.skeleton = $4),
       (SELECT q.id
        FROM unnest(CAST(translate($5, '[]', '{}') AS BIGINT[])) day
        CROSS JOIN LATERAL (SELECT c.id FROM comment c
                            WHERE c.site = $1 AND c.created_s / 86400 = day AND c.text_hash = $6
                              AND +c.thread = $2 AND c.created_s > $7
                            LIMIT 1) q
        LIMIT 1),
       p.depth, p.path, p.state, p.placed, p.name,
       k.approved, k.trust, k.trust_until_s,
       (SELECT b.id
        FROM (SELECT a.site, a.comment FROM arrival a
              WHERE a.site = $1 AND a.network = $10 AND a.at_s > $11
              ORDER BY a.at_s DESC LIMIT 200) w
        CROSS JOIN comment b
        CROSS JOIN commenter o
        WHERE b.site = w.site AND b.id = w.comment AND o.site = b.site AND o.id = b.commenter
          AND o.trust = 3 AND (o.trust_until_s = 0 OR o.trust_until_s > $12)
        LIMIT 1)
FROM thread t
LEFT JOIN comment p ON p.site = t.site AND p.id = $8
LEFT JOIN commenter k ON k.site = t.site AND k.id = $9
WHERE t.site = $1 AND t.id = $2
FOR UPDATE OF t;

-- statement: comment_by_idem
-- about: The comment that a form with that idempotency key made.
-- least: reader
-- in: site int, thread int, idem blob
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, featured int, created_s int, edited_s int,
--      parent_name text?, key_hash blob
-- rows: one
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s,
       CASE WHEN p.state = 1 THEN p.name END, k.key_hash
FROM comment c
JOIN commenter k ON k.site = c.site AND k.id = c.commenter
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE c.site = $1 AND c.thread = $2 AND c.idem = $3;

-- statement: comment_place
-- about: Where a comment stands, for a reply to it.
-- least: reader
-- in: site int, id int
-- out: depth int, root int, path blob, placed int, state int, name text
-- rows: maybe
SELECT depth, root, path, placed, state, name FROM comment WHERE site = $1 AND id = $2;

-- statement: comment_same_words
-- about: A comment with the same words in a conversation since a time, other than one.
--      days: a JSON list of the days since then.
-- least: reader
-- in: site int, days text, thread int, text_hash blob, since_s int, but_id int
-- out: id int
-- rows: maybe
SELECT w.id FROM json_each($2) day CROSS JOIN comment w
WHERE w.site = $1 AND w.created_s / 86400 = day.value AND w.text_hash = $4 AND w.thread = $3
  AND w.created_s > $5 AND w.id <> $6
LIMIT 1;
-- postgres:
SELECT w.id
FROM unnest(CAST(translate($2, '[]', '{}') AS BIGINT[])) day
CROSS JOIN LATERAL (SELECT id FROM comment
                    WHERE site = $1 AND created_s / 86400 = day AND text_hash = $4
                      AND +thread = $3 AND created_s > $5 AND id <> $6
                    LIMIT 1) w
LIMIT 1;

-- statement: comment_insert
-- about: Adds a comment.
-- least: reader
-- in: site int, id int, thread int, parent int, depth int, root int, path blob, state int,
--     placed int, withdrawn_by int, created_s int, commenter blob, idem blob, text_hash blob,
--     lang text, name text, text text
-- rows: none
-- errors: late
INSERT INTO comment (site, id, thread, parent, depth, root, path, state, placed, withdrawn_by,
                     created_s, commenter, idem, text_hash, lang, name, text)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17);
-- together:
INSERT INTO comment (site, id, thread, parent, depth, root, path, state, placed, withdrawn_by,
                     created_s, commenter, idem, text_hash, lang, name, text)
SELECT r.site, r.id, r.thread, r.parent, r.depth, r.root, r.path, r.state, r.placed,
       r.withdrawn_by, r.created_s, r.commenter, r.idem, r.text_hash, r.lang, r.name, r.text
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     AS r (site, id, thread, parent, depth, root, path, state, placed, withdrawn_by, created_s,
           commenter, idem, text_hash, lang, name, text);

-- statement: comment_judge_get
-- about: What rules need to know of a comment before it changes.
-- least: reader
-- in: site int, id int
-- out: state int, placed int, judged int, commenter blob, created_s int, edited_s int, lang text,
--      text text, withdrawn_by int, featured int, reports int, approved int, trust int,
--      trust_until_s int
-- rows: maybe
SELECT c.state, c.placed, c.judged, c.commenter, c.created_s, c.edited_s, c.lang, c.text,
       c.withdrawn_by, c.featured, c.reports, k.approved, k.trust, k.trust_until_s
FROM comment c JOIN commenter k ON k.site = c.site AND k.id = c.commenter
WHERE c.site = $1 AND c.id = $2;

-- statement: comment_set_text
-- about: Other words in place of the old ones; nobody has featured them, and they are no copies
--        before they are compared.
-- least: reader
-- in: site int, id int, state int, edited_s int, text_hash blob, lang text, text text
-- rows: none
UPDATE comment SET state = $3, edited_s = $4, text_hash = $5, lang = $6, text = $7, campaign = 0,
    featured = 0
WHERE site = $1 AND id = $2;

-- statement: comment_set_state
-- about: What moderators made of a comment.
-- least: moderator
-- in: site int, id int, state int, placed int, judged int, featured int
-- rows: none
UPDATE comment SET state = $3, placed = $4, judged = $5, featured = $6 WHERE site = $1 AND id = $2;

-- statement: comment_erase
-- about: Takes the words and the name out of a comment for ever.
-- least: reader
-- in: site int, id int, withdrawn_by int, judged int, nothing blob
-- rows: none
UPDATE comment SET state = 4, withdrawn_by = $3, judged = $4, text_hash = $5, edited_s = 0,
    featured = 0, name = '', text = ''
WHERE site = $1 AND id = $2;

-- statement: decision_add
-- about: Adds a row to what was decided about a comment.
-- least: reader
-- in: site int, comment int, moderator int, rule text, action int, from_state int, to_state int,
--     reason text, note text, evidence text, undoes int, batch int, was_placed int,
--     was_judged int, was_featured int, was_edited_s int, at_s int
-- rows: none
-- errors: late
INSERT INTO decision (site, comment, seq, moderator, rule, action, from_state, to_state, reason,
                      note, evidence, undoes, batch, was_placed, was_judged, was_featured,
                      was_edited_s, at_s)
VALUES ($1, $2, (SELECT COALESCE(MAX(d.seq), 0) + 1 FROM decision d
                 WHERE d.site = $1 AND d.comment = $2), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
        $13, $14, $15, $16, $17);
-- together:
INSERT INTO decision (site, comment, seq, moderator, rule, action, from_state, to_state, reason,
                      note, evidence, undoes, batch, was_placed, was_judged, was_featured,
                      was_edited_s, at_s)
SELECT r.site, r.comment, (SELECT COALESCE(MAX(d.seq), 0) FROM decision d
                           WHERE d.site = r.site AND d.comment = r.comment)
                          + ROW_NUMBER() OVER (PARTITION BY r.site, r.comment ORDER BY r.turn),
       r.moderator, r.rule, r.action, r.from_state, r.to_state, r.reason, r.note, r.evidence,
       r.undoes, r.batch, r.was_placed, r.was_judged, r.was_featured, r.was_edited_s, r.at_s
FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
     WITH ORDINALITY
     AS r (site, comment, moderator, rule, action, from_state, to_state, reason, note, evidence,
           undoes, batch, was_placed, was_judged, was_featured, was_edited_s, at_s, turn);
