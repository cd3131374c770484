-- What must hold of all rows together: each statement finds those for which it does not.

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
-- about: A comment of each commenter whose count of good and bad comments is wrong.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT s.last
FROM commenter k
JOIN (SELECT c.commenter AS commenter, MAX(c.id) AS last,
             SUM(CASE c.judged WHEN 1 THEN 1 ELSE 0 END) AS good,
             SUM(CASE c.judged WHEN 2 THEN 1 ELSE 0 END) AS bad
      FROM comment c WHERE c.site = $1 GROUP BY c.commenter) s ON s.commenter = k.id
WHERE k.site = $1 AND (k.approved <> s.good OR k.rejected <> s.bad)
ORDER BY s.last LIMIT 100;

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
WHERE b.site = $1 AND b.comments + b.carried <>
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
-- about: The newest comments of those of whom the team thinks something else than it last decided.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT COALESCE((SELECT MAX(c.id) FROM comment c WHERE c.site = k.site AND c.commenter = k.id), 0) AS id
FROM commenter k
LEFT JOIN trust_change t ON t.site = k.site AND t.commenter = k.id
      AND t.seq = (SELECT MAX(n.seq) FROM trust_change n
                   WHERE n.site = k.site AND n.commenter = k.id)
WHERE k.site = $1
  AND (k.trust <> COALESCE(t.trust, 0) OR k.trust_until_s <> COALESCE(t.until_s, 0))
ORDER BY id LIMIT 100;

-- statement: check_trust_changes
-- about: The newest comments of those of whom what the team thought does not follow from what it
--    thought before, or takes back what is not there or was taken back before; 0: of nobody.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT COALESCE((SELECT MAX(c.id) FROM comment c
                 WHERE c.site = t.site AND c.commenter = t.commenter), 0) AS id
FROM trust_change t
LEFT JOIN commenter k ON k.site = t.site AND k.id = t.commenter
LEFT JOIN trust_change b ON b.site = t.site AND b.commenter = t.commenter AND b.seq = t.seq - 1
LEFT JOIN trust_change u ON u.site = t.site AND u.commenter = t.commenter AND u.seq = t.undoes
WHERE t.site = $1
  AND (k.id IS NULL OR (t.seq <> 1 AND b.seq IS NULL) OR t.was_trust <> COALESCE(b.trust, 0)
       OR t.was_until_s <> COALESCE(b.until_s, 0)
       OR (t.undoes > 0
           AND (u.seq IS NULL OR u.seq >= t.seq OR u.undoes > 0 OR u.was_trust <> t.trust
                OR u.was_until_s <> t.until_s
                OR EXISTS (SELECT 1 FROM trust_change x
                           WHERE x.site = t.site AND x.commenter = t.commenter
                             AND x.undoes = t.undoes AND x.seq < t.seq))))
ORDER BY id LIMIT 100;

-- statement: check_comment_owners
-- about: Comments without a conversation or a commenter.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT c.id
FROM comment c
LEFT JOIN thread t ON t.site = c.site AND t.id = c.thread
LEFT JOIN commenter k ON k.site = c.site AND k.id = c.commenter
WHERE c.site = $1 AND (t.id IS NULL OR k.id IS NULL)
ORDER BY c.id LIMIT 100;

-- statement: check_decisions
-- about: Decisions about comments that do not exist.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT d.comment
FROM decision d LEFT JOIN comment c ON c.site = d.site AND c.id = d.comment
WHERE d.site = $1 AND c.id IS NULL
ORDER BY d.comment LIMIT 100;

-- statement: check_articles
-- about: Articles without a conversation.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT a.id
FROM article a LEFT JOIN thread t ON t.site = a.site AND t.id = a.id
WHERE a.site = $1 AND t.id IS NULL
ORDER BY a.id LIMIT 100;

-- statement: check_editions
-- about: Editions without an article.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT e.article
FROM edition e LEFT JOIN article a ON a.site = e.site AND a.id = e.article
WHERE e.site = $1 AND a.id IS NULL
ORDER BY e.article LIMIT 100;

-- statement: check_bylines
-- about: Bylines without an edition, or with another time than it.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT b.article
FROM byline b
LEFT JOIN edition e ON e.site = b.site AND e.article = b.article AND e.lang = b.lang
WHERE b.site = $1 AND (e.article IS NULL OR e.published_s <> b.published_s)
ORDER BY b.article LIMIT 100;

-- statement: check_pictures
-- about: Editions' pictures that are not stored, or pictures of no edition that is there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT ep.article
FROM edition_picture ep
LEFT JOIN edition e ON e.site = ep.site AND e.article = ep.article AND e.lang = ep.lang
LEFT JOIN picture p ON p.site = ep.site AND p.hash = ep.hash
WHERE ep.site = $1 AND (e.article IS NULL OR p.hash IS NULL)
ORDER BY ep.article LIMIT 100;

-- statement: check_reasons
-- about: Comments with a decision for a reason that the site's list has never had.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT d.comment
FROM decision d
LEFT JOIN reason r ON r.site = d.site AND r.key = d.reason AND r.is_used = 1
WHERE d.site = $1 AND d.reason LIKE 'own-%' AND r.key IS NULL
ORDER BY d.comment LIMIT 100;

-- statement: check_reason_texts
-- about: Reasons of the site's own, by number, without a name or words; and words of none.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT CAST(substr(r.key, 5) AS BIGINT)
FROM reason r
LEFT JOIN reason_text t ON t.site = r.site AND t.reason = r.key
WHERE r.site = $1 AND r.key LIKE 'own-%' AND (t.text IS NULL OR r.name = '')
UNION
SELECT CAST(substr(t.reason, 5) AS BIGINT)
FROM reason_text t
LEFT JOIN reason r ON r.site = t.site AND r.key = t.reason
WHERE t.site = $1 AND r.key IS NULL AND t.reason LIKE 'own-%'
ORDER BY 1 LIMIT 100;

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
