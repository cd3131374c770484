-- What the team looks for among comments. First ids, in the order of one index and so many as are
-- asked for; then those of them that fit the rest of a filter; then the cards. A plus before a
-- column keeps SQLite from taking an index on it.

-- statement: queue_oldest
-- about: Comments in a state, oldest first.
-- least: moderator
-- in: site int, state int, after_s int, after int, max int
-- out: at_s int, id int
-- rows: many
SELECT created_s, id FROM comment
WHERE site = $1 AND state = $2 AND (created_s, id) > ($3, $4)
ORDER BY created_s, id
LIMIT $5;

-- statement: queue_newest
-- about: Comments in a state, newest first.
-- least: moderator
-- in: site int, state int, after_s int, after int, max int
-- out: at_s int, id int
-- rows: many
SELECT created_s, id FROM comment
WHERE site = $1 AND state = $2 AND (created_s, id) < ($3, $4)
ORDER BY created_s DESC, id DESC
LIMIT $5;

-- statement: queue_reported
-- about: Comments with open reports, oldest first.
-- least: moderator
-- in: site int, after_s int, after int, max int
-- out: at_s int, id int
-- rows: many
SELECT created_s, id FROM comment
WHERE site = $1 AND reports > 0 AND (created_s, id) > ($2, $3)
ORDER BY created_s, id
LIMIT $4;

-- statement: queue_featured
-- about: Comments that the newsroom points out, newest first.
-- least: moderator
-- in: site int, after_s int, after int, max int
-- out: at_s int, id int
-- rows: many
SELECT created_s, id FROM comment
WHERE site = $1 AND featured = 1 AND (created_s, id) < ($2, $3)
ORDER BY created_s DESC, id DESC
LIMIT $4;

-- statement: queue_of_commenter
-- about: Comments of a commenter, newest first.
-- least: moderator
-- in: site int, commenter blob, after_s int, after int, max int
-- out: at_s int, id int
-- rows: many
SELECT created_s, id FROM comment
WHERE site = $1 AND commenter = $2 AND (created_s, id) < ($3, $4)
ORDER BY created_s DESC, id DESC
LIMIT $5;

-- statement: queue_asked
-- about: Comments on which a second opinion is asked for, by the time of asking.
-- least: moderator
-- in: site int, after_s int, after int, max int
-- out: at_s int, id int
-- rows: many
SELECT at_s, comment FROM opinion
WHERE site = $1 AND (at_s, comment) > ($2, $3)
ORDER BY at_s, comment
LIMIT $4;

-- statement: queue_of_campaign
-- about: Near-copies, by id.
-- least: moderator
-- in: site int, campaign int, after int, max int
-- out: at_s int, id int
-- rows: many
SELECT created_s, id FROM comment
WHERE site = $1 AND campaign = $2 AND campaign <> 0 AND id > $3
ORDER BY id
LIMIT $4;

-- statement: queue_aside_oldest
-- about: Comments in a conversation and a state that is not public, oldest first.
-- least: moderator
-- in: site int, thread int, state int, after int, max int
-- out: at_s int, id int
-- rows: many
SELECT created_s, id FROM comment
WHERE site = $1 AND thread = $2 AND state = $3 AND state <> 1 AND id > $4
ORDER BY id
LIMIT $5;

-- statement: queue_aside_newest
-- about: Comments in a conversation and a state that is not public, newest first.
-- least: moderator
-- in: site int, thread int, state int, before int, max int
-- out: at_s int, id int
-- rows: many
SELECT created_s, id FROM comment
WHERE site = $1 AND thread = $2 AND state = $3 AND state <> 1 AND id < $4
ORDER BY id DESC
LIMIT $5;

-- statement: queue_public
-- about: Published comments of a conversation, newest first.
-- least: moderator
-- in: site int, thread int, before int, max int
-- out: at_s int, id int
-- rows: many
SELECT created_s, id FROM comment
WHERE site = $1 AND thread = $2 AND state = 1 AND id < $3
ORDER BY id DESC
LIMIT $4;

-- statement: queue_of_thread
-- about: Comments between two ids, newest first.
-- least: moderator
-- in: site int, above int, before int, max int
-- out: at_s int, id int
-- rows: many
SELECT created_s, id FROM comment
WHERE +site = $1 AND id > $2 AND id < $3
ORDER BY id DESC
LIMIT $4;
-- postgres:
SELECT created_s, id FROM comment
WHERE site = $1 AND id > $2 AND id < $3
ORDER BY id DESC
LIMIT $4;

-- statement: queue_fit
-- about: Those of a JSON list of ids that fit a filter; what is empty, 0 or state -1 fits all, and
--        rule 'campaign' those that any campaign met.
-- least: moderator
-- in: site int, ids text, state int, reported int, featured int, asked int, thread int, lang text,
--     edition text, rule text, commenter blob, campaign int
-- out: id int
-- rows: many
SELECT c.id FROM json_each($2) l JOIN comment c ON c.id = l.value
WHERE +c.site = $1
  AND ($3 < 0 OR c.state = $3) AND ($4 = 0 OR c.reports > 0) AND ($5 = 0 OR c.featured = 1)
  AND ($6 = 0 OR EXISTS (SELECT 1 FROM opinion o WHERE o.site = c.site AND o.comment = c.id))
  AND ($7 = 0 OR c.thread = $7) AND ($8 = '' OR c.lang = $8)
  AND ($9 = '' OR EXISTS (SELECT 1 FROM edition e
                          WHERE e.site = c.site AND e.article = c.thread AND e.lang = $9))
  AND ($10 = '' OR $10 = (SELECT CASE WHEN $10 = 'campaign' AND substr(d.rule, 1, 9) = 'campaign:'
                                 THEN 'campaign' ELSE d.rule END
                          FROM decision d
                          WHERE d.site = c.site AND d.comment = c.id AND d.rule <> ''
                          ORDER BY d.seq DESC LIMIT 1))
  AND (length($11) = 0 OR c.commenter = $11) AND ($12 = 0 OR c.campaign = $12);
-- postgres:
SELECT c.id
FROM json_array_elements_text(CAST($2 AS json)) l
JOIN comment c ON c.id = CAST(l.value AS BIGINT)
WHERE c.site = $1
  AND ($3 < 0 OR c.state = $3) AND ($4 = 0 OR c.reports > 0) AND ($5 = 0 OR c.featured = 1)
  AND ($6 = 0 OR EXISTS (SELECT 1 FROM opinion o WHERE o.site = c.site AND o.comment = c.id))
  AND ($7 = 0 OR c.thread = $7) AND ($8 = '' OR c.lang = $8)
  AND ($9 = '' OR EXISTS (SELECT 1 FROM edition e
                          WHERE e.site = c.site AND e.article = c.thread AND e.lang COLLATE "C" = $9))
  AND ($10 = '' OR $10 = (SELECT CASE WHEN $10 = 'campaign' AND substr(d.rule, 1, 9) = 'campaign:'
                                 THEN 'campaign' ELSE d.rule END
                          FROM decision d
                          WHERE d.site = c.site AND d.comment = c.id AND d.rule <> ''
                          ORDER BY d.seq DESC LIMIT 1))
  AND (length($11) = 0 OR c.commenter = $11) AND ($12 = 0 OR c.campaign = $12);

-- statement: queue_cards
-- about: Comments of a JSON list of ids as the queue shows them. The edition shown is the one in the
--      comment's language, else in the site's, else any.
-- least: moderator
-- in: site int, lang text, ids text
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, featured int, created_s int, edited_s int,
--      reports int, campaign int, judged int, approved int, rejected int, trust int,
--      trust_until_s int, parent_name text?, parent_text text?, parent_lang text?,
--      parent_state int?, parent_withdrawn_by int?, parent_created_s int?, parent_edited_s int?,
--      article_lang text?, article_slug text?, article_headline text?
-- rows: many
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, c.reports, c.campaign, c.judged,
       k.approved, k.rejected, k.trust, k.trust_until_s, p.name, p.text, p.lang, p.state,
       p.withdrawn_by, p.created_s, p.edited_s, e.lang, e.slug, e.headline
FROM json_each($3) l JOIN comment c ON c.id = l.value
JOIN commenter k ON k.site = c.site AND k.id = c.commenter
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
LEFT JOIN edition e ON e.site = c.site AND e.article = c.thread AND e.lang =
    COALESCE((SELECT x.lang FROM edition x
              WHERE x.site = c.site AND x.article = c.thread AND x.lang = c.lang),
             (SELECT x.lang FROM edition x
              WHERE x.site = c.site AND x.article = c.thread AND x.lang = $2),
             (SELECT MIN(x.lang) FROM edition x WHERE x.site = c.site AND x.article = c.thread))
WHERE +c.site = $1;
-- postgres:
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, c.reports, c.campaign, c.judged,
       k.approved, k.rejected, k.trust, k.trust_until_s, p.name, p.text, p.lang, p.state,
       p.withdrawn_by, p.created_s, p.edited_s, e.lang, e.slug, e.headline
FROM json_array_elements_text(CAST($3 AS json)) l
CROSS JOIN LATERAL (SELECT y.id, y.site, y.thread, y.parent, y.depth, y.path, y.lang, y.name, y.text,
                           y.commenter, y.state, y.placed, y.withdrawn_by, y.featured, y.created_s,
                           y.edited_s, y.reports, y.campaign, y.judged
                    FROM comment y WHERE y.site = $1 AND y.id = CAST(l.value AS BIGINT) LIMIT 1) c
JOIN commenter k ON k.site = c.site AND k.id = c.commenter
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
LEFT JOIN edition e ON e.site = c.site AND e.article = c.thread AND e.lang COLLATE "C" =
    COALESCE((SELECT x.lang FROM edition x
              WHERE x.site = c.site AND x.article = c.thread AND x.lang COLLATE "C" = c.lang),
             (SELECT x.lang FROM edition x
              WHERE x.site = c.site AND x.article = c.thread AND x.lang COLLATE "C" = $2),
             (SELECT MIN(x.lang) FROM edition x WHERE x.site = c.site AND x.article = c.thread));

-- statement: queue_marks
-- about: What else the cards of a JSON list of ids bear. Figures are counted so far as shown.
-- least: moderator
-- in: site int, ids text, since_s int, now_s int
-- out: id int, rule text?, evidence text?, rule_edited_s int?, claimer int?, claimer_name text?,
--      claimed_until_s int?, asker int?, asker_name text?, asked_s int?, question text?, notes int, copies int, copiers int,
--      others int, reported_s int
-- rows: many
SELECT c.id,
       (SELECT d.rule FROM decision d
        WHERE d.site = c.site AND d.comment = c.id AND d.rule <> '' ORDER BY d.seq DESC LIMIT 1),
       (SELECT d.evidence FROM decision d
        WHERE d.site = c.site AND d.comment = c.id AND d.rule <> '' ORDER BY d.seq DESC LIMIT 1),
       (SELECT d.was_edited_s FROM decision d
        WHERE d.site = c.site AND d.comment = c.id AND d.rule <> '' ORDER BY d.seq DESC LIMIT 1),
       a.moderator, am.name, a.until_s, o.moderator, om.name, o.at_s, o.note,
       (SELECT COUNT(n.id) FROM team_note n WHERE n.site = c.site AND n.comment = c.id AND n.comment <> 0)
     + (SELECT COUNT(n.id) FROM team_note n
        WHERE n.site = c.site AND n.commenter = c.commenter AND n.comment = 0),
       (SELECT COUNT(w.id) FROM (SELECT x.id FROM comment x
                                 WHERE x.site = c.site AND x.campaign = c.campaign
                                   AND x.campaign <> 0 LIMIT 1000) w),
       (SELECT COUNT(DISTINCT w.commenter)
        FROM (SELECT x.commenter FROM comment x WHERE x.site = c.site AND x.campaign = c.campaign
                                                  AND x.campaign <> 0 LIMIT 1000) w),
       (SELECT COUNT(DISTINCT w.commenter)
        FROM (SELECT x.commenter FROM arrival v
              JOIN arrival b ON b.site = v.site AND b.network = v.network AND b.at_s > $3
              JOIN comment x ON x.site = b.site AND x.id = b.comment
              WHERE v.site = c.site AND v.comment = c.id AND x.commenter <> c.commenter
              LIMIT 200) w),
       COALESCE((SELECT MAX(r.at_s) FROM report r WHERE r.site = c.site AND r.comment = c.id), 0)
FROM json_each($2) l JOIN comment c ON c.id = l.value
LEFT JOIN claim a ON a.site = c.site AND a.comment = c.id AND a.until_s > $4
LEFT JOIN moderator am ON am.site = a.site AND am.id = a.moderator
LEFT JOIN opinion o ON o.site = c.site AND o.comment = c.id
LEFT JOIN moderator om ON om.site = o.site AND om.id = o.moderator
WHERE +c.site = $1;
-- postgres:
SELECT c.id,
       (SELECT d.rule FROM decision d
        WHERE d.site = c.site AND d.comment = c.id AND d.rule <> '' ORDER BY d.seq DESC LIMIT 1),
       (SELECT d.evidence FROM decision d
        WHERE d.site = c.site AND d.comment = c.id AND d.rule <> '' ORDER BY d.seq DESC LIMIT 1),
       (SELECT d.was_edited_s FROM decision d
        WHERE d.site = c.site AND d.comment = c.id AND d.rule <> '' ORDER BY d.seq DESC LIMIT 1),
       a.moderator, am.name, a.until_s, o.moderator, om.name, o.at_s, o.note,
       (SELECT COUNT(n.id) FROM team_note n WHERE n.site = c.site AND n.comment = c.id AND n.comment <> 0)
     + (SELECT COUNT(n.id) FROM team_note n
        WHERE n.site = c.site AND n.commenter = c.commenter AND n.comment = 0),
       (SELECT COUNT(w.id) FROM (SELECT x.id FROM comment x
                                 WHERE x.site = c.site AND x.campaign = c.campaign
                                   AND x.campaign <> 0 LIMIT 1000) w),
       (SELECT COUNT(DISTINCT w.commenter)
        FROM (SELECT x.commenter FROM comment x WHERE x.site = c.site AND x.campaign = c.campaign
                                                  AND x.campaign <> 0 LIMIT 1000) w),
       (SELECT COUNT(DISTINCT w.commenter)
        FROM (SELECT x.commenter FROM arrival v
              JOIN arrival b ON b.site = v.site AND b.network = v.network AND b.at_s > $3
              JOIN comment x ON x.site = b.site AND x.id = b.comment
              WHERE v.site = c.site AND v.comment = c.id AND x.commenter <> c.commenter
              LIMIT 200) w),
       COALESCE((SELECT MAX(r.at_s) FROM report r WHERE r.site = c.site AND r.comment = c.id), 0)
FROM json_array_elements_text(CAST($2 AS json)) l
JOIN comment c ON c.id = CAST(l.value AS BIGINT)
LEFT JOIN LATERAL (SELECT x.site, x.moderator, x.until_s FROM claim x
                   WHERE x.site = c.site AND x.comment = c.id AND +x.until_s > $4 LIMIT 1) a ON true
LEFT JOIN moderator am ON am.site = a.site AND am.id = a.moderator
LEFT JOIN LATERAL (SELECT x.site, x.moderator, x.at_s, x.note FROM opinion x
                   WHERE x.site = c.site AND x.comment = c.id LIMIT 1) o ON true
LEFT JOIN moderator om ON om.site = o.site AND om.id = o.moderator
WHERE c.site = $1;

-- statement: queue_reports
-- about: How many open reports of a JSON list of comments give which reason.
-- least: moderator
-- in: site int, ids text
-- out: comment int, reason text, n int
-- rows: many
SELECT comment, reason, COUNT(reporter) FROM report
WHERE site = $1 AND comment IN (SELECT value FROM json_each($2)) AND closed_s = 0
GROUP BY comment, reason;
-- postgres:
SELECT CAST(l.value AS BIGINT), r.reason, r.n
FROM json_array_elements_text(CAST($2 AS json)) l
CROSS JOIN LATERAL (SELECT reason, COUNT(reporter) AS n FROM report
                    WHERE site = $1 AND comment = CAST(l.value AS BIGINT) AND closed_s = 0
                    GROUP BY reason) r
ORDER BY 1, 2;

-- statement: queue_count
-- about: How much waits, each counted up to a maximum.
-- least: moderator
-- in: site int, max int
-- out: held int, reported int, asked int
-- rows: one
SELECT (SELECT COUNT(w.id) FROM (SELECT c.id FROM comment c
                                 WHERE c.site = $1 AND c.state = 0 LIMIT $2) w),
       (SELECT COUNT(w.id) FROM (SELECT c.id FROM comment c
                                 WHERE c.site = $1 AND c.reports > 0 AND c.created_s >= 0
                                 LIMIT $2) w),
       (SELECT COUNT(w.comment) FROM (SELECT o.comment FROM opinion o
                                      WHERE o.site = $1 LIMIT $2) w);

-- statement: decision_list
-- about: All decisions about a comment, oldest first.
-- least: moderator
-- in: site int, comment int
-- out: seq int, moderator int, moderator_name text?, rule text, evidence text, action int,
--      from_state int, to_state int, reason text, note text, undoes int, batch int, at_s int
-- rows: many
SELECT d.seq, d.moderator, m.name, d.rule, d.evidence, d.action, d.from_state, d.to_state, d.reason,
       d.note, d.undoes, d.batch, d.at_s
FROM decision d LEFT JOIN moderator m ON m.site = d.site AND m.id = d.moderator
WHERE d.site = $1 AND d.comment = $2
ORDER BY d.seq;

-- statement: decision_newest
-- about: The newest decision about a comment that was not taken back.
-- least: reader
-- in: site int, comment int
-- out: seq int, moderator int, moderator_name text?, rule text, evidence text, action int,
--      from_state int, to_state int, reason text, note text, undoes int, batch int, at_s int
-- rows: maybe
SELECT d.seq, d.moderator, m.name, d.rule, d.evidence, d.action, d.from_state, d.to_state, d.reason,
       d.note, d.undoes, d.batch, d.at_s
FROM decision d LEFT JOIN moderator m ON m.site = d.site AND m.id = d.moderator
WHERE d.site = $1 AND d.comment = $2 AND d.undoes = 0
  AND NOT EXISTS (SELECT 1 FROM decision u
                  WHERE u.site = d.site AND u.comment = d.comment AND u.undoes = d.seq)
ORDER BY d.seq DESC
LIMIT 1;
