-- Editions as lines in lists. Paging is by (published_s, article), newest first. For PostgreSQL,
-- LATERAL with a LIMIT finds a row for each row before it, whatever statistics are missing.

-- statement: card_newest
-- about: The newest editions in a language.
-- least: reader
-- in: site int, lang text, before_s int, before_article int, max int
-- out: article int, slug text, headline text, standfirst text, dateline text, section text,
--      published_s int, updated_s int, placed int, hash blob?, width int?, height int?,
--      extension text?, widths text?, caption text?, credit text?, alt text?
-- rows: many
SELECT e.article, e.slug, e.headline, e.standfirst, e.dateline, e.section, e.published_s,
       e.updated_s, t.placed, p.hash, p.width, p.height, p.extension, p.widths,
       ep.caption, ep.credit, ep.alt
FROM edition e
JOIN thread t ON t.site = e.site AND t.id = e.article
LEFT JOIN edition_picture ep
       ON ep.site = e.site AND ep.article = e.article AND ep.lang = e.lang AND ep.position = 0
LEFT JOIN picture p ON p.site = ep.site AND p.hash = ep.hash
WHERE e.site = $1 AND e.lang = $2 AND (e.published_s, e.article) < ($3, $4)
ORDER BY e.published_s DESC, e.article DESC
LIMIT $5;
-- postgres:
SELECT e.article, e.slug, e.headline, e.standfirst, e.dateline, e.section, e.published_s,
       e.updated_s, t.placed, p.hash, p.width, p.height, p.extension, p.widths,
       ep.caption, ep.credit, ep.alt
FROM edition e
JOIN thread t ON t.site = e.site AND t.id = e.article
LEFT JOIN LATERAL (SELECT x.site, x.hash, x.caption, x.credit, x.alt FROM edition_picture x
                   WHERE x.site = e.site AND x.article = e.article AND x.lang = e.lang
                     AND x.position = 0 LIMIT 1) ep ON true
LEFT JOIN picture p ON p.site = ep.site AND p.hash = ep.hash
WHERE e.site = $1 AND e.lang = $2 AND (e.published_s, e.article) < ($3, $4)
ORDER BY e.published_s DESC, e.article DESC
LIMIT $5;

-- statement: card_of_section
-- about: The newest editions of a section in a language.
-- least: reader
-- in: site int, lang text, section text, before_s int, before_article int, max int
-- out: article int, slug text, headline text, standfirst text, dateline text, section text,
--      published_s int, updated_s int, placed int, hash blob?, width int?, height int?,
--      extension text?, widths text?, caption text?, credit text?, alt text?
-- rows: many
SELECT e.article, e.slug, e.headline, e.standfirst, e.dateline, e.section, e.published_s,
       e.updated_s, t.placed, p.hash, p.width, p.height, p.extension, p.widths,
       ep.caption, ep.credit, ep.alt
FROM edition e
JOIN thread t ON t.site = e.site AND t.id = e.article
LEFT JOIN edition_picture ep
       ON ep.site = e.site AND ep.article = e.article AND ep.lang = e.lang AND ep.position = 0
LEFT JOIN picture p ON p.site = ep.site AND p.hash = ep.hash
WHERE e.site = $1 AND e.lang = $2 AND e.section = $3 AND (e.published_s, e.article) < ($4, $5)
ORDER BY e.published_s DESC, e.article DESC
LIMIT $6;
-- postgres:
SELECT e.article, e.slug, e.headline, e.standfirst, e.dateline, e.section, e.published_s,
       e.updated_s, t.placed, p.hash, p.width, p.height, p.extension, p.widths,
       ep.caption, ep.credit, ep.alt
FROM edition e
JOIN thread t ON t.site = e.site AND t.id = e.article
LEFT JOIN LATERAL (SELECT x.site, x.hash, x.caption, x.credit, x.alt FROM edition_picture x
                   WHERE x.site = e.site AND x.article = e.article AND x.lang = e.lang
                     AND x.position = 0 LIMIT 1) ep ON true
LEFT JOIN picture p ON p.site = ep.site AND p.hash = ep.hash
WHERE e.site = $1 AND e.lang = $2 AND e.section = $3 AND (e.published_s, e.article) < ($4, $5)
ORDER BY e.published_s DESC, e.article DESC
LIMIT $6;

-- statement: card_of_author
-- about: The newest editions with an author's byline in a language.
-- least: reader
-- in: site int, lang text, author text, before_s int, before_article int, max int
-- out: article int, slug text, headline text, standfirst text, dateline text, section text,
--      published_s int, updated_s int, placed int, hash blob?, width int?, height int?,
--      extension text?, widths text?, caption text?, credit text?, alt text?
-- rows: many
SELECT e.article, e.slug, e.headline, e.standfirst, e.dateline, e.section, e.published_s,
       e.updated_s, t.placed, p.hash, p.width, p.height, p.extension, p.widths,
       ep.caption, ep.credit, ep.alt
FROM byline b
JOIN edition e ON e.site = b.site AND e.article = b.article AND e.lang = b.lang
JOIN thread t ON t.site = e.site AND t.id = e.article
LEFT JOIN edition_picture ep
       ON ep.site = e.site AND ep.article = e.article AND ep.lang = e.lang AND ep.position = 0
LEFT JOIN picture p ON p.site = ep.site AND p.hash = ep.hash
WHERE b.site = $1 AND b.author <> '' AND b.lang = $2 AND b.author = $3
  AND (b.published_s, b.article) < ($4, $5)
ORDER BY b.published_s DESC, b.article DESC
LIMIT $6;
-- postgres:
SELECT e.article, e.slug, e.headline, e.standfirst, e.dateline, e.section, e.published_s,
       e.updated_s, t.placed, p.hash, p.width, p.height, p.extension, p.widths,
       ep.caption, ep.credit, ep.alt
FROM byline b
JOIN edition e ON e.site = b.site AND e.article = b.article AND e.lang COLLATE "C" = b.lang
JOIN thread t ON t.site = e.site AND t.id = e.article
LEFT JOIN LATERAL (SELECT x.site, x.hash, x.caption, x.credit, x.alt FROM edition_picture x
                   WHERE x.site = e.site AND x.article = e.article AND x.lang = e.lang
                     AND x.position = 0 LIMIT 1) ep ON true
LEFT JOIN picture p ON p.site = ep.site AND p.hash = ep.hash
WHERE b.site = $1 AND b.author <> '' AND b.lang = $2 AND b.author = $3
  AND (b.published_s, b.article) < ($4, $5)
ORDER BY b.published_s DESC, b.article DESC
LIMIT $6;

-- statement: card_bylines
-- about: The bylines of several articles in one language; ids: a JSON list.
-- least: reader
-- in: site int, lang text, ids text
-- out: article int, author text, name text
-- rows: many
SELECT article, author, name FROM byline
WHERE site = $1 AND lang = $2 AND article IN (SELECT value FROM json_each($3))
ORDER BY article, position;
-- postgres:
SELECT b.article, b.author, b.name
FROM json_array_elements_text(CAST($3 AS json)) l
CROSS JOIN LATERAL (SELECT article, author, name, position FROM byline
                    WHERE site = $1 AND article = CAST(l.value AS BIGINT) AND lang = $2
                    OFFSET 0) b
ORDER BY b.article, b.position;

-- statement: author_name
-- about: An author's name in a language, as the newest byline has it.
-- least: reader
-- in: site int, author text, lang text, now_s int
-- out: name text
-- rows: maybe
SELECT name FROM byline
WHERE site = $1 AND author = $2 AND author <> '' AND lang = $3 AND published_s <= $4
ORDER BY published_s DESC, article DESC
LIMIT 1;

-- statement: author_names
-- about: An author's name in each language of a JSON list, NULL where there is no byline.
-- least: reader
-- in: site int, author text, langs text, now_s int
-- out: lang text, name text?
-- rows: many
SELECT l.value, (SELECT b.name FROM byline b
                 WHERE b.site = $1 AND b.author = $2 AND b.author <> '' AND b.lang = l.value
                   AND b.published_s <= $4
                 ORDER BY b.published_s DESC, b.article DESC LIMIT 1)
FROM json_each($3) l;
-- postgres:
SELECT l.value, (SELECT b.name FROM byline b
                 WHERE b.site = $1 AND b.author = $2 AND b.author <> '' AND b.lang = l.value
                   AND b.published_s <= $4
                 ORDER BY b.published_s DESC, b.article DESC LIMIT 1)
FROM json_array_elements_text(CAST($3 AS json)) l;

-- statement: sitemap_list
-- about: The published editions of the next articles by id, an article's languages together.
-- least: reader
-- in: site int, after int, now_s int, max_articles int
-- out: article int, lang text, slug text, headline text, published_s int, updated_s int
-- rows: many
SELECT article, lang, slug, headline, published_s, updated_s FROM edition
WHERE site = $1 AND article > $2 AND published_s <= $3
  AND article <= COALESCE((SELECT MAX(x.article)
                           FROM (SELECT DISTINCT d.article FROM edition d
                                 WHERE d.site = $1 AND d.article > $2 AND d.published_s <= $3
                                 ORDER BY d.article LIMIT $4) x), 0)
ORDER BY article, lang;

-- statement: sitemap_recent
-- about: The editions published within a time, newest first.
-- least: reader
-- in: site int, since_s int, now_s int, max int
-- out: article int, lang text, slug text, headline text, published_s int, updated_s int
-- rows: many
SELECT article, lang, slug, headline, published_s, updated_s FROM edition
WHERE site = $1 AND published_s >= $2 AND published_s <= $3
ORDER BY published_s DESC, article DESC, lang
LIMIT $4;
