-- Rules: what the team holds, rejects or reports without looking.

-- statement: rule_heads
-- about: All rules of a site without their sources, by id.
-- least: reader
-- in: site int
-- out: id int, kind int, does int, is_on int, met int, agreed int, overruled int, rev int,
--      changed_s int, moderator int, moderator_name text?, name text
-- rows: many
SELECT r.id, r.kind, r.does, r.is_on, r.met, r.agreed, r.overruled, r.rev, r.changed_s,
       r.moderator, m.name, r.name
FROM rule r LEFT JOIN moderator m ON m.site = r.site AND m.id = r.moderator
WHERE r.site = $1
ORDER BY r.id;

-- statement: rule_source
-- about: The source of a rule.
-- least: reader
-- in: site int, id int
-- out: rev int, source text
-- rows: maybe
SELECT rev, source FROM rule WHERE site = $1 AND id = $2;

-- statement: rule_add
-- about: Adds a rule.
-- least: editor
-- in: site int, id int, kind int, does int, is_on int, changed_s int, moderator int, name text,
--     source text
-- rows: none
INSERT INTO rule (site, id, kind, does, is_on, changed_s, moderator, name, source)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- statement: rule_change
-- about: Changes a rule that is still as it was when it was read.
-- least: editor
-- in: site int, id int, rev int, does int, is_on int, changed_s int, moderator int, name text,
--     source text
-- rows: none
UPDATE rule SET does = $4, is_on = $5, changed_s = $6, moderator = $7, name = $8, source = $9,
    rev = rev + 1
WHERE site = $1 AND id = $2 AND rev = $3;

-- statement: rule_switch
-- about: Switches a rule on or off.
-- least: editor
-- in: site int, id int, is_on int, changed_s int, moderator int
-- rows: none
UPDATE rule SET is_on = $3, changed_s = $4, moderator = $5, rev = rev + 1
WHERE site = $1 AND id = $2 AND is_on <> $3;

-- statement: rule_remove
-- about: Removes a rule.
-- least: editor
-- in: site int, id int
-- rows: none
DELETE FROM rule WHERE site = $1 AND id = $2;

-- statement: rule_count_met
-- about: One more comment to which a rule did something, unless the rule has decided on that comment
--      more than once: it was counted then.
-- least: reader
-- in: site int, id int, comment int, rule text
-- rows: none
-- errors: late
UPDATE rule SET met = met + 1
WHERE site = $1 AND id = $2
  AND (SELECT COUNT(d.seq) FROM decision d
       WHERE d.site = $1 AND d.comment = $3 AND d.rule = $4) < 2;

-- statement: rule_writer
-- about: How new a commenter is: since when there is one, and how many of the newest $3 comments
--      are published.
-- least: reader
-- in: site int, commenter blob, max int
-- out: created_s int, published int
-- rows: maybe
SELECT k.created_s,
       (SELECT COUNT(w.state) FROM (SELECT c.state FROM comment c
                                    WHERE c.site = k.site AND c.commenter = k.id
                                    ORDER BY c.created_s DESC, c.id DESC LIMIT $3) w
        WHERE w.state = 1)
FROM commenter k WHERE k.site = $1 AND k.id = $2;

-- statement: rule_copies
-- about: How many comments in other conversations have the same words since a time, counted up to a
--      maximum. days: a JSON list of the days since then.
-- least: reader
-- in: site int, days text, text_hash blob, since_s int, thread int, max int
-- out: copies int
-- rows: one
SELECT COUNT(w.id)
FROM (SELECT c.id FROM json_each($2) day CROSS JOIN comment c
      WHERE c.site = $1 AND c.created_s / 86400 = day.value AND c.text_hash = $3
        AND c.created_s > $4 AND c.thread <> $5
      LIMIT $6) w;
-- postgres:
SELECT COUNT(w.id)
FROM (SELECT c.id
      FROM unnest(CAST(translate($2, '[]', '{}') AS BIGINT[])) day
      CROSS JOIN LATERAL (SELECT id FROM comment
                          WHERE site = $1 AND created_s / 86400 = day AND text_hash = $3
                            AND created_s > $4 AND thread <> $5
                          LIMIT $6) c
      LIMIT $6) w;

-- statement: rule_report
-- about: A rule's report on a comment, or the one it made before, open again.
-- least: reader
-- in: site int, comment int, reporter blob, network blob, at_s int
-- rows: none
INSERT INTO report (site, comment, reporter, network, reason, at_s, text)
VALUES ($1, $2, $3, $4, 'rule', $5, '')
ON CONFLICT (site, comment, reporter) DO UPDATE SET at_s = $5, closed_s = 0
WHERE report.closed_s <> 0;

-- statement: rule_report_close
-- about: Closes the open report that a rule made.
-- least: reader
-- in: site int, comment int, reporter blob, now_s int
-- rows: none
UPDATE report SET closed_s = $4
WHERE site = $1 AND comment = $2 AND reporter = $3 AND closed_s = 0;

-- statement: rule_reported
-- about: One more open report of a comment.
-- least: reader
-- in: site int, id int
-- rows: none
UPDATE comment SET reports = reports + 1 WHERE site = $1 AND id = $2;

-- statement: rule_sample
-- about: Comments with their words since a time, newest first, before a place in that order.
-- least: editor
-- in: site int, since_s int, before_s int, before int, max int
-- out: id int, state int, judged int, created_s int, commenter_s int, commenter blob,
--      text_hash blob, text text
-- rows: many
SELECT c.id, c.state, c.judged, c.created_s, k.created_s, c.commenter, c.text_hash, c.text
FROM (SELECT l.id FROM (SELECT id, created_s FROM
                        (SELECT id, created_s FROM comment
                         WHERE site = $1 AND state = 0 AND created_s > $2
                           AND (created_s, id) < ($3, $4)
                         ORDER BY created_s DESC, id DESC LIMIT $5)
                        UNION ALL
                        SELECT id, created_s FROM
                        (SELECT id, created_s FROM comment
                         WHERE site = $1 AND state = 1 AND created_s > $2
                           AND (created_s, id) < ($3, $4)
                         ORDER BY created_s DESC, id DESC LIMIT $5)
                        UNION ALL
                        SELECT id, created_s FROM
                        (SELECT id, created_s FROM comment
                         WHERE site = $1 AND state = 2 AND created_s > $2
                           AND (created_s, id) < ($3, $4)
                         ORDER BY created_s DESC, id DESC LIMIT $5)
                        UNION ALL
                        SELECT id, created_s FROM
                        (SELECT id, created_s FROM comment
                         WHERE site = $1 AND state = 3 AND created_s > $2
                           AND (created_s, id) < ($3, $4)
                         ORDER BY created_s DESC, id DESC LIMIT $5)) l
      ORDER BY l.created_s DESC, l.id DESC LIMIT $5) s
JOIN comment c ON c.id = s.id
JOIN commenter k ON k.site = c.site AND k.id = c.commenter
WHERE +c.site = $1
ORDER BY c.created_s DESC, c.id DESC;
-- postgres:
SELECT c.id, c.state, c.judged, c.created_s, k.created_s, c.commenter, c.text_hash, c.text
FROM (SELECT l.id FROM ((SELECT id, created_s FROM comment
                         WHERE site = $1 AND state = 0 AND created_s > $2
                           AND (created_s, id) < ($3, $4)
                         ORDER BY created_s DESC, id DESC LIMIT $5)
                        UNION ALL
                        (SELECT id, created_s FROM comment
                         WHERE site = $1 AND state = 1 AND created_s > $2
                           AND (created_s, id) < ($3, $4)
                         ORDER BY created_s DESC, id DESC LIMIT $5)
                        UNION ALL
                        (SELECT id, created_s FROM comment
                         WHERE site = $1 AND state = 2 AND created_s > $2
                           AND (created_s, id) < ($3, $4)
                         ORDER BY created_s DESC, id DESC LIMIT $5)
                        UNION ALL
                        (SELECT id, created_s FROM comment
                         WHERE site = $1 AND state = 3 AND created_s > $2
                           AND (created_s, id) < ($3, $4)
                         ORDER BY created_s DESC, id DESC LIMIT $5)) l
      ORDER BY l.created_s DESC, l.id DESC LIMIT $5) s
CROSS JOIN LATERAL (SELECT y.id, y.state, y.judged, y.created_s, y.commenter, y.text_hash, y.text
                    FROM comment y WHERE y.site = $1 AND y.id = s.id LIMIT 1) c
CROSS JOIN LATERAL (SELECT x.created_s FROM commenter x
                    WHERE x.site = $1 AND x.id = c.commenter LIMIT 1) k
ORDER BY c.created_s DESC, c.id DESC;

-- statement: rule_sample_published
-- about: For each of a JSON list of comments, how many of its commenter's $3 comments before it are
--      published.
-- least: editor
-- in: site int, ids text, max int
-- out: id int, published int
-- rows: many
SELECT c.id,
       (SELECT COUNT(w.state) FROM (SELECT p.state FROM comment p
                                    WHERE p.site = c.site AND p.commenter = c.commenter
                                      AND (p.created_s, p.id) < (c.created_s, c.id)
                                    ORDER BY p.created_s DESC, p.id DESC LIMIT $3) w
        WHERE w.state = 1)
FROM json_each($2) l JOIN comment c ON c.id = l.value
WHERE +c.site = $1;
-- postgres:
SELECT c.id,
       (SELECT COUNT(w.state) FROM (SELECT p.state FROM comment p
                                    WHERE p.site = c.site AND p.commenter = c.commenter
                                      AND (p.created_s, p.id) < (c.created_s, c.id)
                                    ORDER BY p.created_s DESC, p.id DESC LIMIT $3) w
        WHERE w.state = 1)
FROM json_array_elements_text(CAST($2 AS json)) l
CROSS JOIN LATERAL (SELECT y.id, y.site, y.commenter, y.created_s FROM comment y
                    WHERE y.site = $1 AND y.id = CAST(l.value AS BIGINT) LIMIT 1) c;

-- statement: rule_sample_copies
-- about: For each of a JSON list of comments, how many comments in other conversations had the same
--      words within $3 seconds before it, counted up to a maximum.
-- least: editor
-- in: site int, ids text, within_s int, max int
-- out: id int, copies int
-- rows: many
SELECT c.id,
       (SELECT COUNT(w.id) FROM (SELECT p.id FROM comment p
                                 WHERE p.site = c.site
                                   AND p.created_s / 86400 IN
                                       (WITH RECURSIVE day(n) AS
                                            (SELECT (c.created_s - $3) / 86400
                                             UNION ALL
                                             SELECT n + 1 FROM day WHERE n < c.created_s / 86400)
                                        SELECT n FROM day)
                                   AND p.text_hash = c.text_hash AND p.thread <> c.thread
                                   AND p.created_s > c.created_s - $3
                                   AND (p.created_s, p.id) < (c.created_s, c.id)
                                 LIMIT $4) w)
FROM json_each($2) l JOIN comment c ON c.id = l.value
WHERE +c.site = $1;
-- postgres:
SELECT c.id,
       (SELECT COUNT(w.id)
        FROM (SELECT x.id
              FROM generate_series((c.created_s - $3) / 86400, c.created_s / 86400) day
              CROSS JOIN LATERAL (SELECT p.id FROM comment p
                                  WHERE p.site = c.site AND p.created_s / 86400 = day
                                    AND p.text_hash = c.text_hash AND p.thread <> c.thread
                                    AND p.created_s > c.created_s - $3
                                    AND (p.created_s, p.id) < (c.created_s, c.id)
                                  LIMIT $4) x
              LIMIT $4) w)
FROM json_array_elements_text(CAST($2 AS json)) l
CROSS JOIN LATERAL (SELECT y.id, y.site, y.thread, y.text_hash, y.created_s FROM comment y
                    WHERE y.site = $1 AND y.id = CAST(l.value AS BIGINT) LIMIT 1) c;
