-- What the search index is made of (search/sql/search.sql): comments whose words it has yet to learn
-- or forget, and all of them for a new index.

-- statement: search_todo_list
-- about: Comments whose words were written or changed, as they are now.
-- least: system
-- in: site int, max int
-- out: comment int, rev int, created_s int?, name text?, text text?
-- rows: many
SELECT t.comment, t.rev, c.created_s, c.name, c.text
FROM search_todo t LEFT JOIN comment c ON c.id = t.comment AND c.site = t.site
WHERE t.site = $1
ORDER BY t.comment
LIMIT $2;
-- postgres:
SELECT t.comment, t.rev, c.created_s, c.name, c.text
FROM search_todo t
LEFT JOIN LATERAL (SELECT x.created_s, x.name, x.text FROM comment x
                   WHERE x.site = t.site AND x.id = t.comment LIMIT 1) c ON true
WHERE t.site = $1
ORDER BY t.comment
LIMIT $2;

-- statement: search_todo_drop
-- about: The index has learnt it, unless it was changed meanwhile.
-- least: system
-- in: site int, comment int, rev int
-- rows: none
-- errors: late
DELETE FROM search_todo WHERE site = $1 AND comment = $2 AND rev = $3;

-- statement: search_walk
-- about: The next comments by id.
-- least: system
-- in: site int, after int, max int
-- out: id int, created_s int, name text, text text
-- rows: many
SELECT id, created_s, name, text FROM comment WHERE +site = $1 AND id > $2 ORDER BY id LIMIT $3;
-- postgres:
SELECT id, created_s, name, text FROM comment WHERE site = $1 AND id > $2 ORDER BY id LIMIT $3;

-- statement: search_total
-- about: How many comments there are.
-- least: system
-- in: site int
-- out: n int
-- rows: one
SELECT COUNT(id) FROM comment WHERE site = $1;

-- statement: search_step_get
-- about: How many steps the index was told of.
-- least: system
-- in: site int
-- out: n int
-- rows: one
SELECT COALESCE((SELECT next_id FROM counter WHERE site = $1 AND name = 'search'), 0);

-- statement: search_step_put
-- about: Notes a step; never fewer than before.
-- least: system
-- in: site int, n int
-- rows: none
-- errors: late
INSERT INTO counter (site, name, next_id) VALUES ($1, 'search', $2)
ON CONFLICT (site, name) DO UPDATE SET next_id = excluded.next_id
WHERE counter.next_id < excluded.next_id;
