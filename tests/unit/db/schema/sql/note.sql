-- Statements for the tests of db/ itself.

-- statement: note_add
-- about: A note.
-- least: reader
-- in: id int, name text, words text?, mark blob?, number int?
-- rows: none
INSERT INTO note (id, name, words, mark, number) VALUES ($1, $2, $3, $4, $5);

-- statement: note_add_late
-- about: A note whose error may come at the end of the job.
-- least: reader
-- in: id int, name text
-- rows: none
-- errors: late
INSERT INTO note (id, name) VALUES ($1, $2);
-- together:
INSERT INTO note (id, name) SELECT r.id, r.name FROM unnest($1, $2) AS r (id, name);

-- statement: note_add_once
-- about: A note unless there is one of this number.
-- least: reader
-- in: id int, name text
-- rows: none
INSERT INTO note (id, name) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING;

-- statement: note_next
-- about: A note with the next number, which comes back.
-- least: moderator
-- in: name text
-- out: id int
-- rows: one
INSERT INTO note (id, name)
SELECT coalesce(max(id), 0) + 1, $1 FROM note WHERE 0 = 0
RETURNING id;

-- statement: note_get
-- about: A note; the name's parameter comes before the number's in the text.
-- least: reader
-- in: id int, name text
-- out: id int, name text, words text?, mark blob?, number int?
-- rows: one
SELECT id, name, words, mark, number FROM note WHERE name <> $2 AND id = $1;

-- statement: note_find
-- about: Perhaps a note.
-- least: reader
-- in: id int
-- out: name text
-- rows: maybe
SELECT name FROM note WHERE id = $1;

-- statement: note_words
-- about: The words, said never to be absent although they may be.
-- least: reader
-- in: id int
-- out: words text
-- rows: one
SELECT words FROM note WHERE id = $1;

-- statement: note_list
-- about: All notes from a number on.
-- least: reader
-- in: from_id int
-- out: id int, name text
-- rows: many
SELECT id, name FROM note WHERE id >= $1 ORDER BY id;

-- statement: note_count
-- about: How many notes there are.
-- least: reader
-- out: n int
-- rows: one
SELECT count(*) FROM note;

-- statement: note_any
-- about: One row, though there may be more.
-- least: reader
-- out: id int
-- rows: maybe
SELECT id FROM note;

-- statement: note_name_set
-- about: Another name for some notes.
-- least: reader
-- in: from_id int, to_id int, name text?
-- rows: none
UPDATE note SET name = coalesce($3, name) WHERE id BETWEEN $1 AND $2;

-- statement: note_drop
-- about: Without a note.
-- least: administrator
-- in: id int
-- rows: none
DELETE FROM note WHERE id = $1;

-- statement: reply_add
-- about: A reply to a note.
-- least: reader
-- in: id int, note int
-- rows: none
INSERT INTO reply (id, note) VALUES ($1, $2);

-- statement: engine_name
-- about: Which text was taken.
-- least: system
-- out: name text
-- rows: one
SELECT 'sqlite';
-- postgres:
SELECT 'postgres'::text;

-- statement: note_endless
-- about: Counts up to a number, one by one; of no use but to take its time.
-- least: reader
-- in: most int
-- out: counted int
-- rows: one
WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1)
SELECT count(*) FROM n;
