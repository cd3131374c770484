-- Articles and their editions: saving, and one of them as a page. Without statistics any index that
-- begins with the site and the language looks to PostgreSQL as good as the one of slugs. Another
-- collation than the indexes' keeps it from those, as a plus does for numbers.

-- statement: article_by_key
-- about: An article's id by its key.
-- least: reader
-- in: site int, key text
-- out: id int
-- rows: maybe
SELECT id FROM article WHERE site = $1 AND key = $2;

-- statement: article_add
-- about: Adds an article.
-- least: administrator
-- in: site int, id int, key text
-- rows: none
INSERT INTO article (site, id, key) VALUES ($1, $2, $3);

-- statement: article_last
-- about: The highest article id; 0 when there is none.
-- least: reader
-- in: site int
-- out: id int
-- rows: one
SELECT COALESCE((SELECT MAX(id) FROM article WHERE site = $1), 0);

-- statement: edition_saved
-- about: What is stored of an edition, for saving it again.
-- least: administrator
-- in: site int, article int, lang text
-- out: slug text, wish_mode int, wish_closes_s int, source blob
-- rows: maybe
SELECT slug, wish_mode, wish_closes_s, source FROM edition
WHERE site = $1 AND article = $2 AND lang = $3;

-- statement: edition_slug_owner
-- about: Whose edition has a slug.
-- least: administrator
-- in: site int, lang text, slug text
-- out: article int, key text
-- rows: maybe
SELECT e.article, a.key
FROM edition e JOIN article a ON a.site = e.site AND a.id = e.article
WHERE e.site = $1 AND e.lang = $2 AND e.slug = $3;
-- postgres:
SELECT e.article, a.key
FROM edition e JOIN article a ON a.site = e.site AND a.id = e.article
WHERE e.site = $1 AND e.lang COLLATE "C" = $2 AND e.slug = $3;

-- statement: edition_put
-- about: Adds an edition or replaces it.
-- least: administrator
-- in: site int, article int, lang text, slug text, section text, published_s int, updated_s int,
--     wish_mode int, wish_closes_s int, source blob, headline text, dateline text,
--     standfirst text, body text
-- rows: none
INSERT INTO edition (site, article, lang, slug, section, published_s, updated_s, wish_mode,
                     wish_closes_s, source, headline, dateline, standfirst, body)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT (site, article, lang) DO UPDATE SET
    slug = excluded.slug, section = excluded.section, published_s = excluded.published_s,
    updated_s = excluded.updated_s, wish_mode = excluded.wish_mode,
    wish_closes_s = excluded.wish_closes_s, source = excluded.source,
    headline = excluded.headline, dateline = excluded.dateline,
    standfirst = excluded.standfirst, body = excluded.body;

-- statement: edition_drop
-- about: Takes an edition out; its article and conversation stay.
-- least: administrator
-- in: site int, article int, lang text
-- rows: none
DELETE FROM edition WHERE site = $1 AND article = $2 AND lang = $3;

-- statement: edition_list
-- about: All editions there are, for comparing them with their files.
-- least: administrator
-- in: site int
-- out: key text, lang text, slug text
-- rows: many
SELECT a.key, e.lang, e.slug
FROM edition e JOIN article a ON a.site = e.site AND a.id = e.article
WHERE e.site = $1
ORDER BY a.key, e.lang;

-- statement: byline_clear
-- about: Takes an edition's byline out.
-- least: administrator
-- in: site int, article int, lang text
-- rows: none
-- errors: late
DELETE FROM byline WHERE site = $1 AND article = $2 AND lang = $3;

-- statement: byline_add
-- about: Adds one name to an edition's byline.
-- least: administrator
-- in: site int, article int, lang text, position int, author text, name text, published_s int
-- rows: none
-- errors: late
INSERT INTO byline (site, article, lang, position, author, name, published_s)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- statement: byline_get
-- about: An edition's byline in its order.
-- least: reader
-- in: site int, article int, lang text
-- out: author text, name text
-- rows: many
SELECT author, name FROM byline
WHERE site = $1 AND article = $2 AND lang = $3
ORDER BY position;

-- statement: edition_picture_clear
-- about: Takes an edition's pictures out.
-- least: administrator
-- in: site int, article int, lang text
-- rows: none
-- errors: late
DELETE FROM edition_picture WHERE site = $1 AND article = $2 AND lang = $3;

-- statement: edition_picture_add
-- about: Adds one picture to an edition.
-- least: administrator
-- in: site int, article int, lang text, position int, hash blob, caption text, credit text, alt text
-- rows: none
-- errors: late
INSERT INTO edition_picture (site, article, lang, position, hash, caption, credit, alt)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- statement: edition_picture_get
-- about: An edition's pictures in their order.
-- least: reader
-- in: site int, article int, lang text
-- out: hash blob, width int, height int, extension text, widths text, caption text, credit text,
--      alt text
-- rows: many
SELECT p.hash, p.width, p.height, p.extension, p.widths, ep.caption, ep.credit, ep.alt
FROM edition_picture ep JOIN picture p ON p.site = ep.site AND p.hash = ep.hash
WHERE ep.site = $1 AND ep.article = $2 AND ep.lang = $3
ORDER BY ep.position;

-- statement: edition_by_slug
-- about: A published edition by its language and slug.
-- least: reader
-- in: site int, lang text, slug text, now_s int
-- out: article int, key text, headline text, standfirst text, dateline text, section text,
--      published_s int, updated_s int, source blob, body text
-- rows: maybe
SELECT e.article, a.key, e.headline, e.standfirst, e.dateline, e.section, e.published_s,
       e.updated_s, e.source, e.body
FROM edition e JOIN article a ON a.site = e.site AND a.id = e.article
WHERE e.site = $1 AND e.lang = $2 AND e.slug = $3 AND e.published_s <= $4;
-- postgres:
SELECT e.article, a.key, e.headline, e.standfirst, e.dateline, e.section, e.published_s,
       e.updated_s, e.source, e.body
FROM edition e JOIN article a ON a.site = e.site AND a.id = e.article
WHERE e.site = $1 AND e.lang COLLATE "C" = $2 AND e.slug = $3 AND +e.published_s <= $4;

-- statement: edition_find
-- about: The article of a published edition, by its language and slug.
-- least: reader
-- in: site int, lang text, slug text, now_s int
-- out: article int
-- rows: maybe
SELECT article FROM edition
WHERE site = $1 AND lang = $2 AND slug = $3 AND published_s <= $4;
-- postgres:
SELECT article FROM edition
WHERE site = $1 AND lang COLLATE "C" = $2 AND slug = $3 AND +published_s <= $4;

-- statement: edition_links
-- about: The published editions of an article.
-- least: reader
-- in: site int, article int, now_s int
-- out: lang text, slug text, headline text
-- rows: many
SELECT lang, slug, headline FROM edition
WHERE site = $1 AND article = $2 AND +published_s <= $3
ORDER BY lang;

-- statement: edition_next
-- about: When the next edition appears, after a time; NULL when none is waiting.
-- least: reader
-- in: site int, after_s int
-- out: at_s int?
-- rows: one
SELECT MIN(published_s) FROM edition WHERE site = $1 AND published_s > $2;

-- statement: moved_put
-- about: Remembers a slug that an edition had before.
-- least: administrator
-- in: site int, lang text, slug text, article int
-- rows: none
-- errors: late
INSERT INTO moved (site, lang, slug, article) VALUES ($1, $2, $3, $4)
ON CONFLICT (site, lang, slug) DO UPDATE SET article = excluded.article;

-- statement: moved_drop
-- about: Forgets an old slug, because an edition has it now.
-- least: administrator
-- in: site int, lang text, slug text
-- rows: none
-- errors: late
DELETE FROM moved WHERE site = $1 AND lang = $2 AND slug = $3;

-- statement: moved_find
-- about: The slug that a published edition has now, by one it had before.
-- least: reader
-- in: site int, lang text, slug text, now_s int
-- out: slug text
-- rows: maybe
SELECT e.slug
FROM moved m JOIN edition e ON e.site = m.site AND e.article = m.article AND e.lang = m.lang
WHERE m.site = $1 AND m.lang = $2 AND m.slug = $3 AND e.published_s <= $4;
-- postgres:
SELECT e.slug
FROM moved m
JOIN edition e ON e.site = m.site AND e.article = m.article AND e.lang COLLATE "C" = m.lang
WHERE m.site = $1 AND m.lang = $2 AND m.slug = $3 AND +e.published_s <= $4;
