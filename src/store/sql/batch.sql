-- Many decisions made as one.

-- statement: batch_add
-- about: Adds a batch with nothing decided yet.
-- least: moderator
-- in: site int, id int, moderator int, role int, action int, expected int, until_s int,
--     takes_unseen int, at_s int, reason text, note text, choice text
-- rows: none
INSERT INTO batch (site, id, moderator, role, action, expected, until_s, takes_unseen, at_s, reason,
                   note, choice)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- statement: batch_get
-- about: A batch; disabled_s and present_role: since when for whom it is done, or taken back, is shut
--      out, and what they are by now.
-- least: moderator
-- in: site int, id int
-- out: id int, moderator int, moderator_name text?, role int, action int, expected int,
--      until_s int, takes_unseen int, comments int, carried int, undone int, skipped int,
--      kept int, after_s int, after_id int, is_done int, undone_s int, undone_by int,
--      stopped_s int, disabled_s int?, present_role int?, at_s int, reason text, note text,
--      choice text
-- rows: maybe
SELECT b.id, b.moderator, m.name, b.role, b.action, b.expected, b.until_s, b.takes_unseen,
       b.comments, b.carried, b.undone, b.skipped, b.kept, b.after_s, b.after_id, b.is_done,
       b.undone_s, b.undone_by, b.stopped_s, w.disabled_s, w.role, b.at_s, b.reason, b.note,
       b.choice
FROM batch b
LEFT JOIN moderator m ON m.site = b.site AND m.id = b.moderator
LEFT JOIN moderator w ON w.site = b.site
                     AND w.id = CASE WHEN b.undone_s > 0 THEN b.undone_by ELSE b.moderator END
WHERE b.site = $1 AND b.id = $2;

-- statement: batch_list
-- about: Batches before one, newest first.
-- least: moderator
-- in: site int, before int, max int
-- out: id int, moderator int, moderator_name text?, role int, action int, expected int,
--      until_s int, comments int, carried int, undone int, skipped int, kept int, after_s int,
--      after_id int, is_done int, undone_s int, undone_by int, stopped_s int, at_s int,
--      reason text, note text, choice text
-- rows: many
SELECT b.id, b.moderator, m.name, b.role, b.action, b.expected, b.until_s, b.comments, b.carried,
       b.undone, b.skipped, b.kept, b.after_s, b.after_id, b.is_done, b.undone_s, b.undone_by,
       b.stopped_s, b.at_s, b.reason, b.note, b.choice
FROM batch b LEFT JOIN moderator m ON m.site = b.site AND m.id = b.moderator
WHERE b.site = $1 AND b.id < $2
ORDER BY b.id DESC
LIMIT $3;

-- statement: batch_open
-- about: The oldest batch with something left to do.
-- least: moderator
-- in: site int
-- out: id int
-- rows: maybe
SELECT id FROM batch WHERE site = $1 AND is_done = 0 ORDER BY id LIMIT 1;

-- statement: batch_move
-- about: Notes where a step of a batch got, and adds what it did.
-- least: moderator
-- in: site int, id int, after_s int, after_id int, comments int, undone int, skipped int, kept int,
--     is_done int
-- rows: none
-- errors: late
UPDATE batch SET after_s = $3, after_id = $4, comments = comments + $5, undone = undone + $6,
    skipped = skipped + $7, kept = kept + $8, is_done = $9
WHERE site = $1 AND id = $2;

-- statement: batch_carry
-- about: One more copy came after a batch and had the same done to it.
-- least: reader
-- in: site int, id int
-- rows: none
-- errors: late
UPDATE batch SET carried = carried + 1 WHERE site = $1 AND id = $2;

-- statement: batch_stop
-- about: A batch with something left to do goes no further.
-- least: moderator
-- in: site int, id int, stopped_s int
-- rows: none
UPDATE batch SET stopped_s = $3, is_done = 1 WHERE site = $1 AND id = $2 AND is_done = 0;

-- statement: batch_take_back
-- about: Begins taking a batch back, or goes on where that was stopped.
-- least: moderator
-- in: site int, id int, undone_s int, undone_by int, role int
-- rows: none
UPDATE batch SET undone_s = $3, undone_by = $4, role = $5, is_done = 0, stopped_s = 0,
    after_s = 0, after_id = CASE WHEN undone_s = 0 THEN 0 ELSE after_id END
WHERE site = $1 AND id = $2;

-- statement: batch_end_campaign
-- about: The campaign that a batch decided on is undecided again, but known as decided on by it once.
-- least: moderator
-- in: site int, batch int, nobody int, nothing text
-- rows: none
-- errors: late
UPDATE campaign SET action = 0, decided_s = 0, moderator = $3, reason = $4
WHERE site = $1 AND batch = $2 AND batch <> 0;
