-- The search index (migrations/0001_search.sql).

-- statement: state_get
-- about: How far the index is.
-- least: moderator
-- in: site int
-- out: newsroom blob, version int, step int, stage int, walked int, done int, total int, erased int,
--      purged_s int
-- rows: maybe
SELECT newsroom, version, step, stage, walked, done, total, erased, purged_s FROM state
WHERE site = $1;

-- statement: state_put
-- about: Notes how far the index is.
-- least: system
-- in: site int, newsroom blob, version int, step int, stage int, walked int, done int, total int,
--     erased int, purged_s int
-- rows: none
INSERT INTO state (site, newsroom, version, step, stage, walked, done, total, erased, purged_s)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (site) DO UPDATE SET newsroom = excluded.newsroom, version = excluded.version,
    step = excluded.step, stage = excluded.stage, walked = excluded.walked, done = excluded.done,
    total = excluded.total, erased = excluded.erased, purged_s = excluded.purged_s;

-- statement: entry_get
-- about: Where a comment stands.
-- least: system
-- in: site int, comment int
-- out: place int
-- rows: maybe
SELECT place FROM entry WHERE site = $1 AND comment = $2;

-- statement: entry_any
-- about: Places of some entries, whichever they are.
-- least: system
-- in: site int, max int
-- out: place int
-- rows: many
SELECT place FROM entry WHERE site = $1 LIMIT $2;

-- statement: entry_add
-- about: Gives a comment the next place from one on: the first of its second.
-- least: system
-- in: site int, comment int, first int
-- out: place int
-- rows: one
INSERT INTO entry (place, site, comment)
VALUES (COALESCE((SELECT MAX(e.place) + 1 FROM entry e
                  WHERE e.place >= $3 AND e.place < $3 + 16777216), $3), $1, $2)
RETURNING place;

-- statement: entry_drop
-- about: Takes a place away.
-- least: system
-- in: place int
-- rows: none
-- errors: late
DELETE FROM entry WHERE place = $1;

-- statement: words_put
-- about: The words at a place.
-- least: system
-- in: place int, folded text
-- rows: none
-- errors: late
INSERT INTO words (rowid, folded) VALUES ($1, $2);

-- statement: words_get
-- about: The words at a place.
-- least: system
-- in: place int
-- out: folded text
-- rows: maybe
SELECT folded FROM words WHERE rowid = $1;

-- statement: words_drop
-- about: Forgets the words at a place.
-- least: system
-- in: place int
-- rows: none
-- errors: late
DELETE FROM words WHERE rowid = $1;

-- statement: words_purge
-- about: Clears away what the index still has of forgotten words. PostgreSQL vacuums by itself.
-- least: system
-- rows: none
INSERT INTO words (words) VALUES ('optimize');
-- postgres:
DELETE FROM words WHERE rowid < 0;

-- statement: words_find
-- about: Entries with all words of a query, newest first, before a place. The query is written for
--      FTS5 ("word" * AND "word"); PostgreSQL's is made of it. Phrases: words in a row, a space
--      before and behind; empty: none.
-- least: moderator
-- in: site int, query text, before int, first_phrase text, second_phrase text, max int
-- out: place int, comment int
-- rows: many
SELECT w.rowid, e.comment FROM words w JOIN entry e ON e.place = w.rowid
WHERE w.words MATCH $2 AND w.rowid < $3 AND e.site = $1
  AND instr(w.folded, $4) > 0 AND instr(w.folded, $5) > 0
ORDER BY w.rowid DESC
LIMIT $6;
-- postgres:
SELECT w.rowid, e.comment FROM words w JOIN entry e ON e.place = w.rowid
WHERE array_to_tsvector(string_to_array(btrim(w.folded), ' '))
      @@ CAST(translate(replace(replace($2, ' AND ', '&'), ' *', ':*'), '"', '''') AS tsquery)
  AND w.rowid < $3 AND e.site = $1
  AND strpos(w.folded, $4) > 0 AND strpos(w.folded, $5) > 0
ORDER BY w.rowid DESC
LIMIT $6;
