-- Standing pages, each language apart.

-- statement: standing_saved
-- about: What is stored of a standing page in a language, for saving it again.
-- least: administrator
-- in: site int, lang text, key text
-- out: source blob
-- rows: maybe
SELECT source FROM standing WHERE site = $1 AND lang = $2 AND key = $3;

-- statement: standing_slug_owner
-- about: Whose slug it is.
-- least: administrator
-- in: site int, lang text, slug text
-- out: key text
-- rows: maybe
SELECT key FROM standing WHERE site = $1 AND lang = $2 AND slug = $3;

-- statement: standing_put
-- about: Adds a standing page in a language or replaces it.
-- least: administrator
-- in: site int, lang text, key text, slug text, title text, source blob, body text
-- rows: none
INSERT INTO standing (site, lang, key, slug, title, source, body)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (site, lang, key) DO UPDATE SET
    slug = excluded.slug, title = excluded.title, source = excluded.source, body = excluded.body;

-- statement: standing_drop
-- about: Takes a standing page in a language out.
-- least: administrator
-- in: site int, lang text, key text
-- rows: none
DELETE FROM standing WHERE site = $1 AND lang = $2 AND key = $3;

-- statement: standing_list
-- about: All of a language, by key.
-- least: reader
-- in: site int, lang text
-- out: key text, slug text, title text, source blob, body text
-- rows: many
SELECT key, slug, title, source, body FROM standing
WHERE site = $1 AND lang = $2
ORDER BY key;

-- statement: standing_by_slug
-- about: One by its slug in a language.
-- least: reader
-- in: site int, lang text, slug text
-- out: key text, slug text, title text, source blob, body text
-- rows: maybe
SELECT key, slug, title, source, body FROM standing
WHERE site = $1 AND lang = $2 AND slug = $3;

-- statement: standing_by_key
-- about: One by its key in a language.
-- least: reader
-- in: site int, lang text, key text
-- out: key text, slug text, title text, source blob, body text
-- rows: maybe
SELECT key, slug, title, source, body FROM standing
WHERE site = $1 AND lang = $2 AND key = $3;

-- statement: standing_links
-- about: All languages of one, by its key.
-- least: reader
-- in: site int, key text
-- out: lang text, slug text, title text
-- rows: many
SELECT lang, slug, title FROM standing
WHERE site = $1 AND key = $2
ORDER BY lang;
