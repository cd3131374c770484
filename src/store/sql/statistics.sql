-- Figures of the team's work. Each statement looks at a bounded number of rows.

-- statement: statistics_waiting
-- about: How many held comments were written after one time and until another, up to a number; and
--      when the first of them was written, 0 when there is none.
-- least: moderator
-- in: site int, after_s int, until_s int, max int
-- out: n int, first_s int
-- rows: one
SELECT COUNT(w.created_s), COALESCE(MIN(w.created_s), 0)
FROM (SELECT created_s FROM comment
      WHERE site = $1 AND state = 0 AND created_s > $2 AND created_s <= $3
      ORDER BY created_s, id LIMIT $4) w;

-- statement: statistics_decisions
-- about: Decisions since a time, newest first. waits_s: when the comment came to the queue before.
-- least: moderator
-- in: site int, since_s int, max int
-- out: comment int, seq int, at_s int, moderator int, rule text, action int, from_state int,
--      to_state int, undoes int, waits_s int, judged int
-- rows: many
SELECT d.comment, d.seq, d.at_s, d.moderator, d.rule, d.action, d.from_state, d.to_state, d.undoes,
       COALESCE((SELECT h.at_s FROM decision h
                 WHERE h.site = d.site AND h.comment = d.comment AND h.seq < d.seq
                   AND h.to_state = 0 ORDER BY h.seq DESC LIMIT 1), c.created_s),
       c.judged
FROM decision d JOIN comment c ON c.id = d.comment AND +c.site = d.site
WHERE d.site = $1 AND d.at_s >= $2
ORDER BY d.at_s DESC, d.comment DESC, d.seq DESC
LIMIT $3;
-- postgres:
SELECT d.comment, d.seq, d.at_s, d.moderator, d.rule, d.action, d.from_state, d.to_state, d.undoes,
       COALESCE((SELECT h.at_s FROM decision h
                 WHERE h.site = d.site AND h.comment = d.comment AND h.seq < d.seq
                   AND h.to_state = 0 ORDER BY h.seq DESC LIMIT 1), c.created_s),
       c.judged
FROM (SELECT site, comment, seq, moderator, rule, action, from_state, to_state, undoes, at_s
      FROM decision
      WHERE site = $1 AND at_s >= $2
      ORDER BY at_s DESC, comment DESC, seq DESC
      LIMIT $3) d
JOIN comment c ON c.site = d.site AND c.id = d.comment
ORDER BY d.at_s DESC, d.comment DESC, d.seq DESC;

-- statement: statistics_members
-- about: The team by name; of them one alone when a number is given.
-- least: moderator
-- in: site int, id int
-- out: id int, name text
-- rows: many
SELECT id, name FROM moderator WHERE site = $1 AND ($2 = 0 OR id = $2) ORDER BY name, id LIMIT 1000;
