-- What moderators see. The edition shown with a comment is the one in the comment's language,
-- else in the site's ($2), else any.

-- statement: queue_oldest
-- about: Comments in a state, oldest first.
-- least: moderator
-- in: site int, lang text, state int, after_s int, after int, max int
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, created_s int, edited_s int, approved int,
--      rejected int, parent_name text?, parent_text text?, parent_lang text?, parent_state int?,
--      parent_withdrawn_by int?, parent_created_s int?, parent_edited_s int?, article_lang text?,
--      article_slug text?, article_headline text?, rule text?
-- rows: many
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.created_s, c.edited_s, k.approved, k.rejected,
       p.name, p.text, p.lang, p.state, p.withdrawn_by, p.created_s, p.edited_s,
       e.lang, e.slug, e.headline,
       (SELECT d.rule FROM decision d
        WHERE d.site = c.site AND d.comment = c.id ORDER BY d.seq DESC LIMIT 1)
FROM comment c
JOIN commenter k ON k.site = c.site AND k.id = c.commenter
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
LEFT JOIN edition e ON e.site = c.site AND e.article = c.thread AND e.lang =
    COALESCE((SELECT x.lang FROM edition x
              WHERE x.site = c.site AND x.article = c.thread AND x.lang = c.lang),
             (SELECT x.lang FROM edition x
              WHERE x.site = c.site AND x.article = c.thread AND x.lang = $2),
             (SELECT MIN(x.lang) FROM edition x WHERE x.site = c.site AND x.article = c.thread))
WHERE c.site = $1 AND c.state = $3 AND (c.created_s, c.id) > ($4, $5)
ORDER BY c.created_s, c.id
LIMIT $6;

-- statement: queue_newest
-- about: Comments in a state, newest first.
-- least: moderator
-- in: site int, lang text, state int, before_s int, before int, max int
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, created_s int, edited_s int, approved int,
--      rejected int, parent_name text?, parent_text text?, parent_lang text?, parent_state int?,
--      parent_withdrawn_by int?, parent_created_s int?, parent_edited_s int?, article_lang text?,
--      article_slug text?, article_headline text?, rule text?
-- rows: many
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.created_s, c.edited_s, k.approved, k.rejected,
       p.name, p.text, p.lang, p.state, p.withdrawn_by, p.created_s, p.edited_s,
       e.lang, e.slug, e.headline,
       (SELECT d.rule FROM decision d
        WHERE d.site = c.site AND d.comment = c.id ORDER BY d.seq DESC LIMIT 1)
FROM comment c
JOIN commenter k ON k.site = c.site AND k.id = c.commenter
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
LEFT JOIN edition e ON e.site = c.site AND e.article = c.thread AND e.lang =
    COALESCE((SELECT x.lang FROM edition x
              WHERE x.site = c.site AND x.article = c.thread AND x.lang = c.lang),
             (SELECT x.lang FROM edition x
              WHERE x.site = c.site AND x.article = c.thread AND x.lang = $2),
             (SELECT MIN(x.lang) FROM edition x WHERE x.site = c.site AND x.article = c.thread))
WHERE c.site = $1 AND c.state = $3 AND (c.created_s, c.id) < ($4, $5)
ORDER BY c.created_s DESC, c.id DESC
LIMIT $6;

-- statement: queue_card
-- about: One comment as the queue shows it.
-- least: moderator
-- in: site int, lang text, id int
-- out: id int, parent int, depth int, path blob, lang text, name text, text text, commenter blob,
--      state int, placed int, withdrawn_by int, created_s int, edited_s int, approved int,
--      rejected int, parent_name text?, parent_text text?, parent_lang text?, parent_state int?,
--      parent_withdrawn_by int?, parent_created_s int?, parent_edited_s int?, article_lang text?,
--      article_slug text?, article_headline text?, rule text?
-- rows: maybe
SELECT c.id, c.parent, c.depth, c.path, c.lang, c.name, c.text, c.commenter, c.state, c.placed,
       c.withdrawn_by, c.created_s, c.edited_s, k.approved, k.rejected,
       p.name, p.text, p.lang, p.state, p.withdrawn_by, p.created_s, p.edited_s,
       e.lang, e.slug, e.headline,
       (SELECT d.rule FROM decision d
        WHERE d.site = c.site AND d.comment = c.id ORDER BY d.seq DESC LIMIT 1)
FROM comment c
JOIN commenter k ON k.site = c.site AND k.id = c.commenter
LEFT JOIN comment p ON p.site = c.site AND p.id = c.parent
LEFT JOIN edition e ON e.site = c.site AND e.article = c.thread AND e.lang =
    COALESCE((SELECT x.lang FROM edition x
              WHERE x.site = c.site AND x.article = c.thread AND x.lang = c.lang),
             (SELECT x.lang FROM edition x
              WHERE x.site = c.site AND x.article = c.thread AND x.lang = $2),
             (SELECT MIN(x.lang) FROM edition x WHERE x.site = c.site AND x.article = c.thread))
WHERE c.site = $1 AND c.id = $3;

-- statement: queue_held_count
-- about: How many comments wait for a decision, counted no further than max.
-- least: moderator
-- in: site int, max int
-- out: held int
-- rows: one
SELECT COUNT(*) FROM (SELECT 1 FROM comment WHERE site = $1 AND state = 0 LIMIT $2) AS counted;

-- statement: decision_list
-- about: All decisions about a comment, oldest first.
-- least: moderator
-- in: site int, comment int
-- out: seq int, moderator int, moderator_name text?, rule text, action int, from_state int,
--      to_state int, reason text, note text, at_s int
-- rows: many
SELECT d.seq, d.moderator, m.name, d.rule, d.action, d.from_state, d.to_state, d.reason, d.note,
       d.at_s
FROM decision d LEFT JOIN moderator m ON m.site = d.site AND m.id = d.moderator
WHERE d.site = $1 AND d.comment = $2
ORDER BY d.seq;

-- statement: decision_newest
-- about: The newest decision about a comment.
-- least: reader
-- in: site int, comment int
-- out: seq int, moderator int, moderator_name text?, rule text, action int, from_state int,
--      to_state int, reason text, note text, at_s int
-- rows: maybe
SELECT d.seq, d.moderator, m.name, d.rule, d.action, d.from_state, d.to_state, d.reason, d.note,
       d.at_s
FROM decision d LEFT JOIN moderator m ON m.site = d.site AND m.id = d.moderator
WHERE d.site = $1 AND d.comment = $2
ORDER BY d.seq DESC
LIMIT 1;
