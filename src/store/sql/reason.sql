-- Reasons that moderators give: a site's own list. A site without rows has the compiled one.

-- statement: reason_list
-- about: All reasons of a site in their order, with the words in a language, else in the site's,
--      else in any.
-- least: reader
-- in: site int, lang text, site_lang text
-- out: key text, is_on int, wants_note int, is_used int, position int, rev int, successor text,
--      name text, text text?
-- rows: many
SELECT r.key, r.is_on, r.wants_note, r.is_used, r.position, r.rev, r.successor, r.name,
       COALESCE(t.text, s.text, (SELECT a.text FROM reason_text a
                                 WHERE a.site = r.site AND a.reason = r.key ORDER BY a.lang LIMIT 1))
FROM reason r
LEFT JOIN reason_text t ON t.site = r.site AND t.reason = r.key AND t.lang = $2
LEFT JOIN reason_text s ON s.site = r.site AND s.reason = r.key AND s.lang = $3
WHERE r.site = $1
ORDER BY r.position, r.key;

-- statement: reason_find
-- about: Whether a site has a list of its own, and one reason of it.
-- least: moderator
-- in: site int, key text
-- out: has_own int, is_on int?, wants_note int?, is_used int?
-- rows: one
SELECT CASE WHEN EXISTS (SELECT 1 FROM reason x WHERE x.site = $1) THEN 1 ELSE 0 END,
       (SELECT r.is_on FROM reason r WHERE r.site = $1 AND r.key = $2),
       (SELECT r.wants_note FROM reason r WHERE r.site = $1 AND r.key = $2),
       (SELECT r.is_used FROM reason r WHERE r.site = $1 AND r.key = $2);

-- statement: reason_words
-- about: What an author reads for a reason, by language.
-- least: editor
-- in: site int, reason text
-- out: lang text, text text
-- rows: many
SELECT lang, text FROM reason_text WHERE site = $1 AND reason = $2 ORDER BY lang;

-- statement: reason_add
-- about: Adds a reason.
-- least: editor
-- in: site int, key text, is_on int, wants_note int, is_used int, position int, name text
-- rows: none
INSERT INTO reason (site, key, is_on, wants_note, is_used, position, successor, name)
VALUES ($1, $2, $3, $4, $5, $6, '', $7);

-- statement: reason_change
-- about: Changes a reason that nobody has given yet.
-- least: editor
-- in: site int, key text, wants_note int, name text
-- rows: none
UPDATE reason SET wants_note = $3, name = $4, rev = rev + 1
WHERE site = $1 AND key = $2 AND is_used = 0;

-- statement: reason_place
-- about: Puts a reason into use or out of it, and somewhere in the order.
-- least: editor
-- in: site int, key text, is_on int, position int
-- rows: none
UPDATE reason SET is_on = $3, position = $4 WHERE site = $1 AND key = $2;

-- statement: reason_succeed
-- about: A reason is worded anew by another.
-- least: editor
-- in: site int, key text, successor text
-- rows: none
UPDATE reason SET is_on = 0, successor = $3 WHERE site = $1 AND key = $2;

-- statement: reason_use
-- about: Notes that a decision gives a reason: from now on its words stay as they are.
-- least: moderator
-- in: site int, key text
-- rows: none
UPDATE reason SET is_used = 1 WHERE site = $1 AND key = $2 AND is_used = 0;

-- statement: reason_text_put
-- about: What an author reads for a reason in a language.
-- least: editor
-- in: site int, reason text, lang text, text text
-- rows: none
-- errors: late
INSERT INTO reason_text (site, reason, lang, text) VALUES ($1, $2, $3, $4);

-- statement: reason_text_clear
-- about: Forgets what an author would have read for a reason that nobody has given.
-- least: editor
-- in: site int, reason text
-- rows: none
-- errors: late
DELETE FROM reason_text WHERE site = $1 AND reason = $2;
