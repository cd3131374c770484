-- Switches: of the whole site, and of one conversation.

-- statement: control_get
-- about: A switch of the whole site.
-- least: reader
-- in: site int, name text
-- out: value int
-- rows: maybe
SELECT value FROM control WHERE site = $1 AND name = $2;

-- statement: control_about
-- about: A switch of the whole site, and who moved it last.
-- least: moderator
-- in: site int, name text
-- out: value int, changed_s int, moderator_name text?
-- rows: maybe
SELECT c.value, c.changed_s, m.name
FROM control c LEFT JOIN moderator m ON m.site = c.site AND m.id = c.moderator
WHERE c.site = $1 AND c.name = $2;

-- statement: control_put
-- about: Moves a switch of the whole site.
-- least: editor
-- in: site int, name text, value int, changed_s int, moderator int
-- rows: none
INSERT INTO control (site, name, value, changed_s, moderator) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (site, name) DO UPDATE SET value = excluded.value, changed_s = excluded.changed_s,
    moderator = excluded.moderator;

-- statement: thread_talk
-- about: A conversation's row with what the newsroom says above it in a language.
-- least: reader
-- in: site int, id int, lang text
-- out: mode int, closes_s int, slow_s int, placed int, held int, yes int, no int, rev int,
--      holds_all int, message text
-- rows: maybe
SELECT mode, closes_s, slow_s, placed, held, yes, no, rev,
       COALESCE((SELECT c.value FROM control c WHERE c.site = $1 AND c.name = 'hold_all'), 0),
       COALESCE((SELECT m.text FROM thread_message m
                 WHERE m.site = $1 AND m.thread = $2 AND m.lang = $3),
                (SELECT m.text FROM thread_message m
                 WHERE m.site = $1 AND m.thread = $2 AND m.lang = ''), '')
FROM thread WHERE site = $1 AND id = $2;

-- statement: thread_control
-- about: Sets all that the newsroom may set of a conversation but its messages.
-- least: senior
-- in: site int, id int, mode int, closes_s int, slow_s int
-- rows: none
UPDATE thread SET mode = $3, closes_s = $4, slow_s = $5, rev = rev + 1 WHERE site = $1 AND id = $2;

-- statement: thread_message_list
-- about: What the newsroom says above a conversation, by language.
-- least: moderator
-- in: site int, thread int
-- out: lang text, text text
-- rows: many
SELECT lang, text FROM thread_message WHERE site = $1 AND thread = $2 ORDER BY lang;

-- statement: thread_message_put
-- about: Says something above a conversation.
-- least: senior
-- in: site int, thread int, lang text, text text
-- rows: none
-- errors: late
INSERT INTO thread_message (site, thread, lang, text) VALUES ($1, $2, $3, $4)
ON CONFLICT (site, thread, lang) DO UPDATE SET text = excluded.text;

-- statement: thread_message_clear
-- about: No longer says anything above a conversation.
-- least: senior
-- in: site int, thread int
-- rows: none
-- errors: late
DELETE FROM thread_message WHERE site = $1 AND thread = $2;

-- statement: thread_wishes
-- about: How the files of an article's editions last wished its conversation.
-- least: moderator
-- in: site int, article int
-- out: lang text, slug text, headline text, wish_mode int, wish_closes_s int
-- rows: many
SELECT lang, slug, headline, wish_mode, wish_closes_s FROM edition
WHERE site = $1 AND article = $2
ORDER BY lang;

-- statement: commenter_wrote
-- about: When a commenter last wrote in a conversation since a time.
-- least: reader
-- in: site int, commenter blob, since_s int, thread int
-- out: created_s int
-- rows: maybe
SELECT created_s FROM comment
WHERE site = $1 AND commenter = $2 AND created_s > $3 AND thread = $4
ORDER BY created_s DESC
LIMIT 1;
