-- Deciding on comments and taking decisions back. A decision stands until another undoes it.

-- statement: decision_facts
-- about: What a decision needs to know of a comment. rule_judged: how many decisions since the
--      newest by a rule say whether the rule was right, but for the one numbered $3. rule_edited_s:
--      of which words that one is.
-- least: moderator
-- in: site int, id int, but_seq int
-- out: state int, placed int, judged int, featured int, reports int, commenter blob, created_s int,
--      edited_s int, claimer int?, claimed_until_s int?, asker int?, kept_until_s int?, seq int,
--      decided_s int, reported_s int, rule text?, rule_edited_s int?, rule_judged int
-- rows: maybe
SELECT c.state, c.placed, c.judged, c.featured, c.reports, c.commenter, c.created_s, c.edited_s,
       a.moderator, a.until_s, o.moderator, w.until_s,
       COALESCE((SELECT MAX(d.seq) FROM decision d WHERE d.site = c.site AND d.comment = c.id), 0),
       COALESCE((SELECT MAX(+d.at_s) FROM decision d
                 WHERE d.site = c.site AND d.comment = c.id AND d.moderator <> 0), 0),
       COALESCE((SELECT MAX(t.at_s) FROM report t WHERE t.site = c.site AND t.comment = c.id), 0),
       (SELECT r.rule FROM decision r
        WHERE r.site = c.site AND r.comment = c.id AND r.rule <> '' ORDER BY r.seq DESC LIMIT 1),
       (SELECT r.was_edited_s FROM decision r
        WHERE r.site = c.site AND r.comment = c.id AND r.rule <> '' ORDER BY r.seq DESC LIMIT 1),
       (SELECT COUNT(d.seq) FROM decision d
        WHERE d.site = c.site AND d.comment = c.id AND d.moderator <> 0 AND d.undoes = 0
          AND d.action < 5 AND d.seq <> $3
          AND d.seq > (SELECT MAX(r.seq) FROM decision r
                       WHERE r.site = c.site AND r.comment = c.id AND r.rule <> '')
          AND NOT EXISTS (SELECT 1 FROM decision u
                          WHERE u.site = c.site AND u.comment = c.id AND u.undoes = d.seq))
FROM comment c
LEFT JOIN claim a ON a.site = c.site AND a.comment = c.id
LEFT JOIN opinion o ON o.site = c.site AND o.comment = c.id
LEFT JOIN kept_words w ON w.site = c.site AND w.comment = c.id
WHERE c.site = $1 AND c.id = $2;

-- statement: decision_standing
-- about: The newest decision about a comment that stands.
-- least: moderator
-- in: site int, comment int
-- out: seq int, moderator int, action int, from_state int, to_state int, was_placed int,
--      was_judged int, was_featured int, was_edited_s int, at_s int
-- rows: maybe
SELECT d.seq, d.moderator, d.action, d.from_state, d.to_state, d.was_placed, d.was_judged,
       d.was_featured, d.was_edited_s, d.at_s
FROM decision d
WHERE d.site = $1 AND d.comment = $2 AND d.undoes = 0
  AND NOT EXISTS (SELECT 1 FROM decision u
                  WHERE u.site = d.site AND u.comment = d.comment AND u.undoes = d.seq)
ORDER BY d.seq DESC
LIMIT 1;

-- statement: comment_is_answered
-- about: Whether a comment of a conversation up to an id answers one: 1 or 0.
-- least: moderator
-- in: site int, id int, last_id int
-- out: is_answered int
-- rows: one
SELECT COUNT(w.id)
FROM (SELECT c.id FROM comment c
      WHERE +c.site = $1 AND c.id > $2 AND c.id <= $3 AND c.parent = $2 LIMIT 1) w;
-- postgres:
SELECT COUNT(w.id)
FROM (SELECT c.id FROM comment c
      WHERE c.site = $1 AND c.id > $2 AND c.id <= $3 AND c.parent = $2 LIMIT 1) w;

-- statement: report_close_all
-- about: Closes the open reports of a comment.
-- least: reader
-- in: site int, comment int, now_s int
-- rows: none
-- errors: late
UPDATE report SET closed_s = $3 WHERE site = $1 AND comment = $2 AND closed_s = 0;

-- statement: report_reopen
-- about: Opens again the reports of a comment that were closed at a time.
-- least: moderator
-- in: site int, comment int, closed_s int
-- rows: none
UPDATE report SET closed_s = 0 WHERE site = $1 AND comment = $2 AND closed_s = $3;

-- statement: comment_count_reports
-- about: Counts a comment's open reports anew.
-- least: reader
-- in: site int, id int
-- rows: none
-- errors: late
UPDATE comment SET reports = (SELECT COUNT(r.reporter) FROM report r
                              WHERE r.site = $1 AND r.comment = $2 AND r.closed_s = 0)
WHERE site = $1 AND id = $2;

-- statement: rule_learn
-- about: Adds to how often moderators agreed with a rule and overruled it.
-- least: moderator
-- in: site int, id int, agreed int, overruled int
-- rows: none
-- errors: late
UPDATE rule SET agreed = agreed + $3, overruled = overruled + $4 WHERE site = $1 AND id = $2;

-- statement: kept_words_keep
-- about: Puts a comment's words aside until a time.
-- least: moderator
-- in: site int, comment int, until_s int
-- rows: none
-- errors: late
INSERT INTO kept_words (site, comment, until_s, edited_s, text_hash, name, text)
SELECT site, id, $3, edited_s, text_hash, name, text FROM comment WHERE site = $1 AND id = $2
ON CONFLICT (site, comment) DO UPDATE SET until_s = excluded.until_s,
    edited_s = excluded.edited_s, text_hash = excluded.text_hash, name = excluded.name,
    text = excluded.text;

-- statement: kept_words_restore
-- about: Gives a withdrawn comment its words back.
-- least: moderator
-- in: site int, comment int, state int, placed int, judged int, featured int
-- rows: none
UPDATE comment SET state = $3, placed = $4, judged = $5, featured = $6, withdrawn_by = 0,
    edited_s = (SELECT w.edited_s FROM kept_words w WHERE w.site = $1 AND w.comment = $2),
    text_hash = (SELECT w.text_hash FROM kept_words w WHERE w.site = $1 AND w.comment = $2),
    name = (SELECT w.name FROM kept_words w WHERE w.site = $1 AND w.comment = $2),
    text = (SELECT w.text FROM kept_words w WHERE w.site = $1 AND w.comment = $2)
WHERE site = $1 AND id = $2
  AND EXISTS (SELECT 1 FROM kept_words w WHERE w.site = $1 AND w.comment = $2);

-- statement: kept_words_drop
-- about: Erases the words that were put aside for a comment.
-- least: reader
-- in: site int, comment int
-- rows: none
DELETE FROM kept_words WHERE site = $1 AND comment = $2;

-- statement: kept_words_of
-- about: Those of a JSON list of comments whose words are still kept.
-- least: reader
-- in: site int, comments text, now_s int
-- out: comment int
-- rows: many
SELECT comment FROM kept_words
WHERE site = $1 AND comment IN (SELECT value FROM json_each($2)) AND until_s > $3;
-- postgres:
SELECT comment FROM kept_words
WHERE site = $1 AND comment = ANY (CAST(translate($2, '[]', '{}') AS BIGINT[])) AND until_s > $3;

-- statement: kept_words_due
-- about: Comments whose words were put aside until now.
-- least: system
-- in: site int, now_s int, max int
-- out: comment int
-- rows: many
SELECT comment FROM kept_words WHERE site = $1 AND until_s <= $2 ORDER BY until_s LIMIT $3;

-- statement: kept_words_erase
-- about: Erases the words that were put aside for a JSON list of comments.
-- least: system
-- in: site int, comments text
-- rows: none
DELETE FROM kept_words WHERE site = $1 AND comment IN (SELECT value FROM json_each($2));
-- postgres:
DELETE FROM kept_words WHERE site = $1
  AND comment = ANY (ARRAY(SELECT CAST(value AS BIGINT)
                           FROM json_array_elements_text(CAST($2 AS json))));

-- statement: decision_of_batch
-- about: The decisions of a batch, the newest of each comment, by comment, after one.
-- least: moderator
-- in: site int, batch int, after int, max int
-- out: comment int, seq int
-- rows: many
SELECT comment, MAX(seq) FROM decision
WHERE site = $1 AND batch = $2 AND batch <> 0 AND comment > $3 AND undoes = 0
GROUP BY comment
ORDER BY comment
LIMIT $4;
