-- The index as a whole, for holding it against the newsroom: domain/search_check.h.

-- statement: entry_walk
-- about: Comments that have a place, after one, and how many words stand there: 1 or 0.
-- least: system
-- in: site int, after int, max int
-- out: comment int, words int
-- rows: many
SELECT e.comment, CASE WHEN w.rowid IS NULL THEN 0 ELSE 1 END
FROM entry e LEFT JOIN words w ON w.rowid = e.place
WHERE e.site = $1 AND e.comment > $2
ORDER BY e.comment
LIMIT $3;

-- statement: words_astray
-- about: Places with words, but of no comment.
-- least: system
-- in: max int
-- out: place int
-- rows: many
SELECT w.rowid
FROM words w LEFT JOIN entry e ON e.place = w.rowid
WHERE e.place IS NULL
ORDER BY w.rowid LIMIT $1;
