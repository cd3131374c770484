-- How the team works side by side: claims, second opinions, notes.

-- statement: claim_take
-- about: Takes a comment for a moderator until a time, unless it is another's still.
-- least: moderator
-- in: site int, comment int, moderator int, until_s int, now_s int
-- rows: none
INSERT INTO claim (site, comment, moderator, until_s)
SELECT site, id, $3, $4 FROM comment WHERE site = $1 AND id = $2
ON CONFLICT (site, comment) DO UPDATE SET moderator = excluded.moderator, until_s = excluded.until_s
WHERE claim.moderator = excluded.moderator OR claim.until_s <= $5;

-- statement: claim_get
-- about: Who has claimed a comment.
-- least: moderator
-- in: site int, comment int
-- out: moderator int, name text?, until_s int
-- rows: maybe
SELECT a.moderator, m.name, a.until_s
FROM claim a LEFT JOIN moderator m ON m.site = a.site AND m.id = a.moderator
WHERE a.site = $1 AND a.comment = $2;

-- statement: claim_drop
-- about: Ends a moderator's claim on a comment.
-- least: moderator
-- in: site int, comment int, moderator int
-- rows: none
-- errors: late
DELETE FROM claim WHERE site = $1 AND comment = $2 AND moderator = $3;

-- statement: claim_end
-- about: Ends whoever's claim on a comment.
-- least: moderator
-- in: site int, comment int
-- rows: none
-- errors: late
DELETE FROM claim WHERE site = $1 AND comment = $2;

-- statement: claim_due
-- about: Comments whose claim has run out.
-- least: system
-- in: site int, now_s int, max int
-- out: comment int
-- rows: many
SELECT comment FROM claim WHERE site = $1 AND until_s <= $2 ORDER BY until_s LIMIT $3;

-- statement: claim_erase
-- about: Forgets the claims on a JSON list of comments.
-- least: system
-- in: site int, comments text
-- rows: none
-- errors: late
DELETE FROM claim WHERE site = $1 AND comment IN (SELECT value FROM json_each($2));
-- postgres:
DELETE FROM claim WHERE site = $1
  AND comment = ANY (ARRAY(SELECT CAST(value AS BIGINT)
                           FROM json_array_elements_text(CAST($2 AS json))));

-- statement: opinion_ask
-- about: Asks for a second opinion, or changes the question; not when another has asked.
-- least: moderator
-- in: site int, comment int, moderator int, at_s int, note text
-- rows: none
INSERT INTO opinion (site, comment, moderator, at_s, note)
SELECT site, id, $3, $4, $5 FROM comment WHERE site = $1 AND id = $2
ON CONFLICT (site, comment) DO UPDATE SET note = excluded.note
WHERE opinion.moderator = excluded.moderator;

-- statement: opinion_drop
-- about: Takes a moderator's question back.
-- least: moderator
-- in: site int, comment int, moderator int
-- rows: none
-- errors: late
DELETE FROM opinion WHERE site = $1 AND comment = $2 AND moderator = $3;

-- statement: opinion_end
-- about: Ends the question on a comment that another than a moderator asked.
-- least: moderator
-- in: site int, comment int, moderator int
-- rows: none
-- errors: late
DELETE FROM opinion WHERE site = $1 AND comment = $2 AND moderator <> $3;

-- statement: comment_exists
-- about: Whether there is a comment of that id.
-- least: moderator
-- in: site int, id int
-- out: commenter blob
-- rows: maybe
SELECT commenter FROM comment WHERE site = $1 AND id = $2;

-- statement: team_note_add
-- about: Adds a note that only the team sees.
-- least: moderator
-- in: site int, id int, comment int, commenter blob, moderator int, at_s int, text text
-- rows: none
INSERT INTO team_note (site, id, comment, commenter, moderator, at_s, text)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- statement: team_note_of_comment
-- about: The newest notes on a comment.
-- least: moderator
-- in: site int, comment int, max int
-- out: id int, moderator int, moderator_name text?, at_s int, text text
-- rows: many
SELECT n.id, n.moderator, m.name, n.at_s, n.text
FROM team_note n LEFT JOIN moderator m ON m.site = n.site AND m.id = n.moderator
WHERE n.site = $1 AND n.comment = $2 AND n.comment <> 0
ORDER BY n.id DESC
LIMIT $3;

-- statement: team_note_of_commenter
-- about: The newest notes on a commenter.
-- least: moderator
-- in: site int, commenter blob, max int
-- out: id int, moderator int, moderator_name text?, at_s int, text text
-- rows: many
SELECT n.id, n.moderator, m.name, n.at_s, n.text
FROM team_note n LEFT JOIN moderator m ON m.site = n.site AND m.id = n.moderator
WHERE n.site = $1 AND n.commenter = $2 AND n.comment = 0
ORDER BY n.id DESC
LIMIT $3;

-- statement: team_note_drop
-- about: Drops a moderator's own note.
-- least: moderator
-- in: site int, id int, moderator int
-- rows: none
DELETE FROM team_note WHERE site = $1 AND id = $2 AND moderator = $3;
