-- What must hold of all rows together: each statement finds those for which it does not. What rows
-- refer to: check_references.sql. The sentences: domain/checks.def. Times are left alone: what was
-- erased, ended or has expired is no fault.

-- statement: check_placed
-- about: Conversations whose count of placed comments is wrong.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT t.id
FROM thread t
LEFT JOIN (SELECT c.thread AS thread, SUM(c.placed) AS n FROM comment c WHERE c.site = $1
           GROUP BY c.thread) s ON s.thread = t.id
WHERE t.site = $1 AND t.placed <> COALESCE(s.n, 0)
ORDER BY t.id LIMIT 100;

-- statement: check_held
-- about: Conversations whose count of held comments is wrong.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT t.id
FROM thread t
LEFT JOIN (SELECT c.thread AS thread, COUNT(c.id) AS n FROM comment c
           WHERE c.site = $1 AND c.state = 0 GROUP BY c.thread) s ON s.thread = t.id
WHERE t.site = $1 AND t.held <> COALESCE(s.n, 0)
ORDER BY t.id LIMIT 100;

-- statement: check_numbers
-- about: Conversations whose next number is taken.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT t.id
FROM thread t
JOIN (SELECT c.thread AS thread, MAX(c.id) AS id FROM comment c WHERE c.site = $1
      GROUP BY c.thread) s ON s.thread = t.id
WHERE t.site = $1 AND s.id - t.id * 16777216 >= t.next_number
ORDER BY t.id LIMIT 100;

-- statement: check_ratings
-- about: Conversations whose tally of answers is wrong.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT t.id
FROM thread t
LEFT JOIN (SELECT r.thread AS thread, SUM(r.answer) AS yes, SUM(1 - r.answer) AS no FROM rating r
           WHERE r.site = $1 GROUP BY r.thread) s ON s.thread = t.id
WHERE t.site = $1 AND (t.yes <> COALESCE(s.yes, 0) OR t.no <> COALESCE(s.no, 0))
ORDER BY t.id LIMIT 100;

-- statement: check_commenters
-- about: Commenters whose count of good and bad comments is wrong, of those without any as well.
-- least: system
-- in: site int
-- out: id blob
-- rows: many
SELECT k.id
FROM commenter k
LEFT JOIN (SELECT c.commenter AS commenter,
                  SUM(CASE c.judged WHEN 1 THEN 1 ELSE 0 END) AS good,
                  SUM(CASE c.judged WHEN 2 THEN 1 ELSE 0 END) AS bad
           FROM comment c WHERE c.site = $1 GROUP BY c.commenter) s ON s.commenter = k.id
WHERE k.site = $1 AND (k.approved <> COALESCE(s.good, 0) OR k.rejected <> COALESCE(s.bad, 0))
ORDER BY k.id LIMIT 100;

-- statement: check_judged
-- about: Comments that are not judged as the newest decision of a moderator that stands says.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT c.id FROM comment c
WHERE c.site = $1 AND c.judged <> COALESCE(
    (SELECT CASE d.action WHEN 1 THEN 1 WHEN 5 THEN 0 ELSE 2 END FROM decision d
     WHERE d.site = c.site AND d.comment = c.id AND d.moderator <> 0 AND d.undoes = 0
       AND d.action < 6 AND NOT EXISTS (SELECT 1 FROM decision u
                                        WHERE u.site = d.site AND u.comment = d.comment
                                          AND u.undoes = d.seq)
     ORDER BY d.seq DESC LIMIT 1), 0)
ORDER BY c.id LIMIT 100;

-- statement: check_states
-- about: Comments whose state is not what the newest decision made it.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT c.id FROM comment c
WHERE c.site = $1 AND c.state <> COALESCE(
    (SELECT d.to_state FROM decision d WHERE d.site = c.site AND d.comment = c.id
     ORDER BY d.seq DESC LIMIT 1), 1)
ORDER BY c.id LIMIT 100;

-- statement: check_reports
-- about: Comments whose count of open reports is wrong.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT c.id
FROM comment c
LEFT JOIN (SELECT r.comment AS comment, COUNT(r.reporter) AS n FROM report r
           WHERE r.site = $1 AND r.closed_s = 0 GROUP BY r.comment) s ON s.comment = c.id
WHERE c.site = $1 AND c.reports <> COALESCE(s.n, 0)
ORDER BY c.id LIMIT 100;

-- statement: check_featured
-- about: Comments that are featured, but not published.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT id FROM comment WHERE site = $1 AND featured = 1 AND state <> 1
ORDER BY id LIMIT 100;

-- statement: check_kept_words
-- about: Words put aside of comments that no moderator withdrew.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT w.comment
FROM kept_words w LEFT JOIN comment c ON c.site = w.site AND c.id = w.comment
WHERE w.site = $1 AND (c.id IS NULL OR c.state <> 4 OR c.withdrawn_by <> 2)
ORDER BY w.comment LIMIT 100;

-- statement: check_batches
-- about: Batches that have other counts of comments decided than decisions that stand.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT b.id
FROM batch b
WHERE b.site = $1 AND b.comments + b.carried - b.undone <>
    (SELECT COALESCE(SUM(CASE d.undoes WHEN 0 THEN 1 ELSE -1 END), 0) FROM decision d
     WHERE d.site = b.site AND d.batch = b.id AND d.batch <> 0)
ORDER BY b.id LIMIT 100;

-- statement: check_undone
-- about: Comments with a decision that takes back what is not there, or was taken back before.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT u.comment
FROM decision u
LEFT JOIN decision d ON d.site = u.site AND d.comment = u.comment AND d.seq = u.undoes
WHERE u.site = $1 AND u.undoes > 0
  AND (d.seq IS NULL OR d.undoes > 0 OR (d.moderator = 0 AND d.batch = 0) OR d.action <> u.action
       OR d.from_state <> u.to_state
       OR EXISTS (SELECT 1 FROM decision x WHERE x.site = u.site AND x.comment = u.comment
                    AND x.undoes = u.undoes AND x.seq < u.seq))
ORDER BY u.comment LIMIT 100;

-- statement: check_trusts
-- about: Commenters of whom the team thinks something else than it last decided.
-- least: system
-- in: site int
-- out: id blob
-- rows: many
SELECT k.id
FROM commenter k
LEFT JOIN trust_change t ON t.site = k.site AND t.commenter = k.id
      AND t.seq = (SELECT MAX(n.seq) FROM trust_change n
                   WHERE n.site = k.site AND n.commenter = k.id)
WHERE k.site = $1
  AND (k.trust <> COALESCE(t.trust, 0) OR k.trust_until_s <> COALESCE(t.until_s, 0))
ORDER BY k.id LIMIT 100;

-- statement: check_trust_changes
-- about: Commenters of whom what the team thought does not follow from what it thought before, or
--    takes back what is not there or was taken back before.
-- least: system
-- in: site int
-- out: id blob
-- rows: many
SELECT t.commenter
FROM trust_change t
LEFT JOIN trust_change b ON b.site = t.site AND b.commenter = t.commenter AND b.seq = t.seq - 1
LEFT JOIN trust_change u ON u.site = t.site AND u.commenter = t.commenter AND u.seq = t.undoes
WHERE t.site = $1
  AND ((t.seq <> 1 AND b.seq IS NULL) OR t.was_trust <> COALESCE(b.trust, 0)
       OR t.was_until_s <> COALESCE(b.until_s, 0)
       OR (t.undoes > 0
           AND (u.seq IS NULL OR u.seq >= t.seq OR u.undoes > 0 OR u.was_trust <> t.trust
                OR u.was_until_s <> t.until_s
                OR EXISTS (SELECT 1 FROM trust_change x
                           WHERE x.site = t.site AND x.commenter = t.commenter
                             AND x.undoes = t.undoes AND x.seq < t.seq))))
ORDER BY t.commenter LIMIT 100;

-- statement: check_bylines
-- about: Bylines without an edition, or with another time than it.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT b.article
FROM byline b
LEFT JOIN edition e ON e.site = b.site AND e.article = b.article AND e.lang = b.lang
WHERE b.site = $1 AND (e.article IS NULL OR e.published_s <> b.published_s)
ORDER BY b.article LIMIT 100;

-- statement: check_reason_words
-- about: Reasons of the site's own without a name or words.
-- least: system
-- in: site int
-- out: id text
-- rows: many
SELECT r.key
FROM reason r
WHERE r.site = $1 AND r.key LIKE 'own-%'
  AND (r.name = '' OR NOT EXISTS (SELECT 1 FROM reason_text t
                                  WHERE t.site = r.site AND t.reason = r.key))
ORDER BY r.key LIMIT 100;

-- statement: check_decision_seqs
-- about: Comments whose decisions are not numbered 1, 2, … without a gap.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT d.comment
FROM decision d
WHERE d.site = $1
GROUP BY d.comment
HAVING MIN(d.seq) <> 1 OR MAX(d.seq) <> COUNT(*)
ORDER BY d.comment LIMIT 100;

-- statement: check_picture_sizes
-- about: Pictures that are stored in fewer or more sizes than they say, or in a larger one.
-- least: system
-- in: site int
-- out: id blob
-- rows: many
SELECT p.hash
FROM picture p
LEFT JOIN (SELECT hash, COUNT(*) AS n, MAX(width) AS width FROM picture_file
           WHERE site = $1 GROUP BY hash) f ON f.hash = p.hash
WHERE p.site = $1
  AND (COALESCE(f.n, 0) <> 1 + length(p.widths) - length(replace(p.widths, ' ', ''))
       OR f.width <> p.width)
ORDER BY p.hash LIMIT 100;

-- statement: check_next_thread
-- about: The newest conversation, if its number is still to be given.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT n.id FROM (SELECT MAX(t.id) AS id FROM thread t WHERE t.site = $1) n
WHERE n.id >= COALESCE((SELECT next_id FROM counter WHERE site = 0 AND name = 'thread'), 1);

-- statement: check_next_moderator
-- about: The newest moderator, if that number is still to be given.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT n.id FROM (SELECT MAX(m.id) AS id FROM moderator m WHERE m.site = $1) n
WHERE n.id >= COALESCE((SELECT next_id FROM counter WHERE site = $1 AND name = 'moderator'), 1);

-- statement: check_next_batch
-- about: The newest batch, if its number is still to be given.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT n.id FROM (SELECT MAX(b.id) AS id FROM batch b WHERE b.site = $1) n
WHERE n.id >= COALESCE((SELECT next_id FROM counter WHERE site = $1 AND name = 'batch'), 1);

-- statement: check_next_team_note
-- about: The newest of the team's notes, if its number is still to be given.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT n.id FROM (SELECT MAX(t.id) AS id FROM team_note t WHERE t.site = $1) n
WHERE n.id >= COALESCE((SELECT next_id FROM counter WHERE site = $1 AND name = 'team_note'), 1);

-- statement: check_next_rule
-- about: The newest rule, if its number is still to be given.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT n.id FROM (SELECT MAX(r.id) AS id FROM rule r WHERE r.site = $1) n
WHERE n.id >= COALESCE((SELECT next_id FROM counter WHERE site = $1 AND name = 'rule'), 1);

-- statement: check_next_reason
-- about: The newest reason of the site's own, if its number is still to be given.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT n.id FROM (SELECT MAX(CAST(substr(r.key, 5) AS BIGINT)) AS id FROM reason r
                  WHERE r.site = $1 AND r.key LIKE 'own-%') n
WHERE n.id >= COALESCE((SELECT next_id FROM counter WHERE site = $1 AND name = 'reason'), 1);

-- statement: check_places
-- about: Comments with what they answer, in portions by id, for checking where they stand.
-- least: system
-- in: site int, after int, max int
-- out: id int, thread int, parent int, depth int, root int, path blob, parent_path blob?,
--      parent_placed int?
-- rows: many
SELECT c.id, c.thread, c.parent, c.depth, c.root, c.path, p.path, p.placed
FROM comment c LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE +c.site = $1 AND c.id > $2
ORDER BY c.id
LIMIT $3;
-- postgres:
SELECT c.id, c.thread, c.parent, c.depth, c.root, c.path, p.path, p.placed
FROM comment c LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE c.site = $1 AND c.id > $2
ORDER BY c.id
LIMIT $3;

-- statement: check_todo
-- about: Whether the index has yet to learn or forget a comment: 1 or 0.
-- least: system
-- in: site int, comment int
-- out: n int
-- rows: one
SELECT COUNT(*) FROM search_todo WHERE site = $1 AND comment = $2;

-- statement: check_searched
-- about: Comments after one: whether they have words or a name, and whether the index has yet to
--    learn or forget them.
-- least: system
-- in: site int, after int, max int
-- out: id int, has_words int, is_todo int
-- rows: many
SELECT c.id, CASE WHEN c.text = '' AND c.name = '' THEN 0 ELSE 1 END,
       CASE WHEN t.comment IS NULL THEN 0 ELSE 1 END
FROM comment c LEFT JOIN search_todo t ON t.site = c.site AND t.comment = c.id
WHERE +c.site = $1 AND c.id > $2
ORDER BY c.id
LIMIT $3;
-- postgres:
SELECT c.id, CASE WHEN c.text = '' AND c.name = '' THEN 0 ELSE 1 END,
       CASE WHEN t.comment IS NULL THEN 0 ELSE 1 END
FROM comment c LEFT JOIN search_todo t ON t.site = c.site AND t.comment = c.id
WHERE c.site = $1 AND c.id > $2
ORDER BY c.id
LIMIT $3;

-- statement: check_search_is_made
-- about: Whether there is an index in the database itself: 1 or 0.
-- least: system
-- out: n int
-- rows: one
SELECT 0;
-- postgres:
SELECT COUNT(*) FROM information_schema.tables
WHERE table_schema = 'aitys_search' AND table_name = 'schema_migration';
