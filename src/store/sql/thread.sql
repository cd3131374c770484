-- Conversations: the narrow row that every comment changes; ratings.

-- statement: thread_get
-- about: A conversation's row.
-- least: reader
-- in: site int, id int
-- out: mode int, closes_s int, slow_s int, placed int, held int, yes int, no int, rev int
-- rows: maybe
SELECT mode, closes_s, slow_s, placed, held, yes, no, rev FROM thread WHERE site = $1 AND id = $2;

-- statement: thread_lock
-- about: A conversation's row, kept from other writers until the transaction ends; and whether the
--        whole site holds what is written.
-- least: reader
-- in: site int, id int
-- out: mode int, closes_s int, slow_s int, next_number int, placed int, held int, yes int, no int,
--      rev int, holds_all int
-- rows: maybe
SELECT mode, closes_s, slow_s, next_number, placed, held, yes, no, rev,
       COALESCE((SELECT c.value FROM control c WHERE c.site = $1 AND c.name = 'hold_all'), 0)
FROM thread
WHERE site = $1 AND id = $2;
-- postgres:
SELECT mode, closes_s, slow_s, next_number, placed, held, yes, no, rev,
       COALESCE((SELECT c.value FROM control c WHERE c.site = $1 AND c.name = 'hold_all'), 0)
FROM thread
WHERE site = $1 AND id = $2
FOR UPDATE;

-- statement: thread_add
-- about: Adds a conversation.
-- least: administrator
-- in: site int, id int, mode int, closes_s int
-- rows: none
INSERT INTO thread (site, id, mode, closes_s) VALUES ($1, $2, $3, $4);

-- statement: thread_set
-- about: Changes a conversation's mode and closing date.
-- least: moderator
-- in: site int, id int, mode int, closes_s int
-- rows: none
UPDATE thread SET mode = $3, closes_s = $4, rev = rev + 1 WHERE site = $1 AND id = $2;

-- statement: thread_change
-- about: Adds to a conversation's counters.
-- least: reader
-- in: site int, id int, numbers int, placed int, held int, yes int, no int, revs int
-- rows: none
-- errors: late
UPDATE thread SET next_number = next_number + $3, placed = placed + $4, held = held + $5,
    yes = yes + $6, no = no + $7, rev = rev + $8
WHERE site = $1 AND id = $2;
-- together:
UPDATE thread t SET next_number = t.next_number + c.numbers, placed = t.placed + c.placed,
    held = t.held + c.held, yes = t.yes + c.yes, no = t.no + c.no, rev = t.rev + c.revs
FROM (SELECT r.site, r.id, CAST(SUM(r.numbers) AS BIGINT) AS numbers,
             CAST(SUM(r.placed) AS BIGINT) AS placed, CAST(SUM(r.held) AS BIGINT) AS held,
             CAST(SUM(r.yes) AS BIGINT) AS yes, CAST(SUM(r.no) AS BIGINT) AS no,
             CAST(SUM(r.revs) AS BIGINT) AS revs
      FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
           AS r (site, id, numbers, placed, held, yes, no, revs)
      GROUP BY r.site, r.id) c
WHERE t.site = c.site AND t.id = c.id;

-- statement: rating_get
-- about: The answer that a rater gave under an article.
-- least: reader
-- in: site int, thread int, rater blob
-- out: answer int
-- rows: maybe
SELECT answer FROM rating WHERE site = $1 AND thread = $2 AND rater = $3;

-- statement: rating_put
-- about: Adds or replaces an answer.
-- least: reader
-- in: site int, thread int, rater blob, answer int
-- rows: none
-- errors: late
INSERT INTO rating (site, thread, rater, answer) VALUES ($1, $2, $3, $4)
ON CONFLICT (site, thread, rater) DO UPDATE SET answer = excluded.answer;
