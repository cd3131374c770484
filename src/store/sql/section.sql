-- Sections, each language apart.

-- statement: section_saved
-- about: What is stored of a section in a language, for saving it again.
-- least: administrator
-- in: site int, lang text, key text
-- out: source blob
-- rows: maybe
SELECT source FROM section WHERE site = $1 AND lang = $2 AND key = $3;

-- statement: section_slug_owner
-- about: Whose slug it is.
-- least: administrator
-- in: site int, lang text, slug text
-- out: key text
-- rows: maybe
SELECT key FROM section WHERE site = $1 AND lang = $2 AND slug = $3;

-- statement: section_put
-- about: Adds a section in a language or replaces it.
-- least: administrator
-- in: site int, lang text, key text, slug text, name text, about text, source blob
-- rows: none
INSERT INTO section (site, lang, key, slug, name, about, source)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (site, lang, key) DO UPDATE SET
    slug = excluded.slug, name = excluded.name, about = excluded.about, source = excluded.source;

-- statement: section_drop
-- about: Takes a section in a language out.
-- least: administrator
-- in: site int, lang text, key text
-- rows: none
DELETE FROM section WHERE site = $1 AND lang = $2 AND key = $3;

-- statement: section_list
-- about: All of a language, by key.
-- least: reader
-- in: site int, lang text
-- out: key text, slug text, name text, about text, source blob
-- rows: many
SELECT key, slug, name, about, source FROM section
WHERE site = $1 AND lang = $2
ORDER BY key;

-- statement: section_by_slug
-- about: One by its slug in a language.
-- least: reader
-- in: site int, lang text, slug text
-- out: key text, slug text, name text, about text, source blob
-- rows: maybe
SELECT key, slug, name, about, source FROM section
WHERE site = $1 AND lang = $2 AND slug = $3;

-- statement: section_by_key
-- about: One by its key in a language.
-- least: reader
-- in: site int, lang text, key text
-- out: key text, slug text, name text, about text, source blob
-- rows: maybe
SELECT key, slug, name, about, source FROM section
WHERE site = $1 AND lang = $2 AND key = $3;

-- statement: section_links
-- about: All languages of one, by its key.
-- least: reader
-- in: site int, key text
-- out: lang text, slug text, name text
-- rows: many
SELECT lang, slug, name FROM section
WHERE site = $1 AND key = $2
ORDER BY lang;

-- statement: section_find
-- about: Whether a section is known in any language.
-- least: administrator
-- in: site int, key text
-- out: key text
-- rows: maybe
SELECT key FROM section WHERE site = $1 AND key = $2 LIMIT 1;
