-- Readers' reports. Who reports is a keyed hash that is another one for each comment; by which
-- network, too, until that is all forgotten but which of them were one (domain/report.h).

-- statement: report_facts
-- about: What a report needs to know of a comment. is_approved: a moderator's newest opinion is
--        good, and one that stands was formed on the words of now.
-- least: reader
-- in: site int, id int
-- out: state int, placed int, is_approved int, reports int, commenter blob, trust int,
--      trust_until_s int
-- rows: maybe
SELECT c.state, c.placed,
       CASE WHEN c.judged = 1
            AND EXISTS (SELECT 1 FROM decision d
                        WHERE d.site = c.site AND d.comment = c.id AND d.moderator <> 0
                          AND d.undoes = 0 AND d.action IN (1, 6) AND d.was_edited_s = c.edited_s
                          AND NOT EXISTS (SELECT 1 FROM decision u
                                          WHERE u.site = d.site AND u.comment = d.comment
                                            AND u.undoes = d.seq))
            THEN 1 ELSE 0 END,
       c.reports, c.commenter, k.trust, k.trust_until_s
FROM comment c JOIN commenter k ON k.site = c.site AND k.id = c.commenter
WHERE c.site = $1 AND c.id = $2;

-- statement: report_add
-- about: Adds a report; of one reporter the first stays.
-- least: reader
-- in: site int, comment int, reporter blob, network blob, reason text, at_s int, text text
-- rows: none
INSERT INTO report (site, comment, reporter, network, reason, at_s, text)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- statement: comment_reported
-- about: Counts one more open report of a comment.
-- least: reader
-- in: site int, id int
-- rows: none
-- errors: late
UPDATE comment SET reports = reports + 1 WHERE site = $1 AND id = $2;

-- statement: report_distinct
-- about: How many of a comment's open reports, up to 1000 of them, come by different networks; one
--        whose network is not known is on its own. That of a rule is no reader's.
-- least: reader
-- in: site int, comment int
-- out: n int
-- rows: one
SELECT COUNT(DISTINCT w.who)
FROM (SELECT CASE WHEN length(r.network) = 0 THEN r.reporter ELSE r.network END AS who
      FROM report r
      WHERE r.site = $1 AND r.comment = $2 AND r.closed_s = 0 AND r.reason <> 'rule'
      LIMIT 1000) w;

-- statement: comment_hold
-- about: Takes a published comment out of the readers' sight until a moderator decided.
-- least: reader
-- in: site int, id int
-- rows: none
UPDATE comment SET state = 0, featured = 0 WHERE site = $1 AND id = $2 AND +state = 1;

-- statement: report_list
-- about: A comment's newest reports, without who made them.
-- least: moderator
-- in: site int, comment int, max int
-- out: reason text, at_s int, closed_s int, text text
-- rows: many
SELECT reason, at_s, closed_s, text FROM report
WHERE site = $1 AND comment = $2
ORDER BY at_s DESC
LIMIT $3;

-- statement: report_forget_networks
-- about: Of networks that reports came by before a time, leaves only which were the same: the name
--        of one of the reporters.
-- least: system
-- in: site int, before_s int
-- rows: none
UPDATE report SET network = w.alias
FROM (SELECT o.comment AS comment, o.reporter AS reporter,
             first_value(o.reporter) OVER (PARTITION BY o.comment, o.network ORDER BY o.reporter)
                 AS alias,
             MIN(o.at_s) OVER (PARTITION BY o.comment, o.network) AS first_s
      FROM report o
      WHERE o.site = $1 AND length(o.network) = 8
        AND o.comment IN (SELECT d.comment FROM report d
                          WHERE d.site = $1 AND d.at_s <= $2 AND length(d.network) = 8)) w
WHERE report.site = $1 AND report.comment = w.comment AND report.reporter = w.reporter
  AND w.first_s <= $2;
-- postgres:
UPDATE report SET network = w.alias
FROM (SELECT g.place, g.alias, g.first_s
      FROM (SELECT DISTINCT d.comment FROM report d
            WHERE d.site = $1 AND d.at_s <= $2 AND length(d.network) = 8) due
      CROSS JOIN LATERAL (SELECT o.ctid AS place,
                                 first_value(o.reporter) OVER (PARTITION BY o.network
                                                               ORDER BY o.reporter) AS alias,
                                 MIN(o.at_s) OVER (PARTITION BY o.network) AS first_s
                          FROM report o
                          WHERE o.site = $1 AND o.comment = due.comment
                            AND +length(o.network) = 8) g) w
WHERE report.site = $1 AND report.ctid = w.place AND w.first_s <= $2;

-- statement: report_due
-- about: Comments with reports that were closed before a time.
-- least: system
-- in: site int, before_s int, max int
-- out: comment int
-- rows: many
SELECT comment FROM report WHERE site = $1 AND closed_s > 0 AND closed_s <= $2
ORDER BY closed_s, comment
LIMIT $3;

-- statement: report_erase
-- about: Erases the reports of a JSON list of comments that were closed before a time.
-- least: system
-- in: site int, before_s int, comments text
-- rows: none
DELETE FROM report
WHERE site = $1 AND closed_s > 0 AND closed_s <= $2
  AND comment IN (SELECT value FROM json_each($3));
-- postgres:
DELETE FROM report
WHERE site = $1 AND closed_s > 0 AND closed_s <= $2
  AND comment IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($3 AS json)));
