-- Reading a conversation. Only comments with a place are found by place; one index a direction.
-- A plus before a column keeps SQLite from taking an index on it, which without statistics it
-- would think as good as the right one. What a comment answers is found by its key alone: with its
-- state among the conditions PostgreSQL, without statistics, walks the partial index of the feed.

-- statement: range_down
-- about: Comments between two paths, in reading order.
-- least: reader
-- in: site int, thread int, above blob, below blob, max int
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, featured int, created_s int, edited_s int,
--      parent_name text?
-- rows: many
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, CASE WHEN p.state = 1 THEN p.name END
FROM comment c
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE c.site = $1 AND c.thread = $2 AND c.placed = 1 AND c.path > $3 AND c.path < $4
ORDER BY c.path
LIMIT $5;

-- statement: range_up
-- about: Comments between two paths, against the reading order.
-- least: reader
-- in: site int, thread int, above blob, below blob, max int
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, featured int, created_s int, edited_s int,
--      parent_name text?
-- rows: many
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, CASE WHEN p.state = 1 THEN p.name END
FROM comment c
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE c.site = $1 AND c.thread = $2 AND c.placed = 1 AND c.path > $3 AND c.path < $4
ORDER BY c.path DESC
LIMIT $5;

-- statement: roots_down
-- about: Whole threads older than one, newest thread first.
-- least: reader
-- in: site int, thread int, before_root int, max int
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, featured int, created_s int, edited_s int,
--      parent_name text?
-- rows: many
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, CASE WHEN p.state = 1 THEN p.name END
FROM comment c
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE c.site = $1 AND c.thread = $2 AND c.placed = 1 AND c.root < $3
ORDER BY c.root DESC, c.path
LIMIT $4;

-- statement: roots_up
-- about: Whole threads newer than one, backwards: oldest thread and last reply first.
-- least: reader
-- in: site int, thread int, after_root int, max int
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, featured int, created_s int, edited_s int,
--      parent_name text?
-- rows: many
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, CASE WHEN p.state = 1 THEN p.name END
FROM comment c
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE c.site = $1 AND c.thread = $2 AND c.placed = 1 AND c.root > $3
ORDER BY c.root, c.path DESC
LIMIT $4;

-- statement: own_unplaced
-- about: What a commenter wrote in a conversation and is not public; of what was withdrawn only that
--      whose words are still kept.
-- least: reader
-- in: site int, commenter blob, thread int, now_s int, max int
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, featured int, created_s int, edited_s int,
--      parent_name text?
-- rows: many
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, CASE WHEN p.state = 1 THEN p.name END
FROM comment c
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE c.site = $1 AND c.commenter = $2 AND c.thread = $3 AND c.placed = 0
  AND (c.state <> 4 OR EXISTS (SELECT 1 FROM kept_words w WHERE w.site = c.site
                                AND w.comment = c.id AND +w.until_s > $4))
ORDER BY c.id DESC
LIMIT $5;

-- statement: comment_get
-- about: A comment by its id.
-- least: reader
-- in: site int, id int
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, featured int, created_s int, edited_s int,
--      parent_name text?
-- rows: maybe
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, CASE WHEN p.state = 1 THEN p.name END
FROM comment c
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE c.site = $1 AND c.id = $2;

-- statement: comment_chain
-- about: Several comments by a JSON list of ids, by number.
-- least: reader
-- in: site int, ids text
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, featured int, created_s int, edited_s int,
--      parent_name text?
-- rows: many
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, CASE WHEN p.state = 1 THEN p.name END
FROM comment c
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE +c.site = $1 AND c.id IN (SELECT value FROM json_each($2))
ORDER BY c.id;
-- postgres:
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, CASE WHEN p.state = 1 THEN p.name END
FROM comment c
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE c.site = $1
  AND c.id IN (SELECT CAST(value AS BIGINT) FROM json_array_elements_text(CAST($2 AS json)))
ORDER BY c.id;

-- statement: comment_feed
-- about: The newest published comments of a conversation.
-- least: reader
-- in: site int, thread int, max int
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, featured int, created_s int, edited_s int,
--      parent_name text?
-- rows: many
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.featured, c.created_s, c.edited_s, CASE WHEN p.state = 1 THEN p.name END
FROM comment c
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
WHERE c.site = $1 AND c.thread = $2 AND c.state = 1
ORDER BY c.id DESC
LIMIT $3;
