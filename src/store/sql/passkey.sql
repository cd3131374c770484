-- The team's passkeys.

-- statement: passkey_add
-- about: Adds a passkey; changes nothing when it is there.
-- least: moderator
-- in: site int, id blob, moderator int, public_key blob, uses int, created_s int, used_s int,
--    name text
-- rows: none
INSERT INTO passkey (site, id, moderator, public_key, uses, created_s, used_s, name)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- statement: passkey_list
-- about: A moderator's passkeys, oldest first.
-- least: moderator
-- in: site int, moderator int
-- out: id blob, uses int, created_s int, used_s int, name text
-- rows: many
SELECT id, uses, created_s, used_s, name FROM passkey
WHERE site = $1 AND moderator = $2 ORDER BY created_s, id LIMIT 100;

-- statement: passkey_get
-- about: A passkey with its owner, unless they may not sign in.
-- least: reader
-- in: site int, id blob
-- out: moderator int, public_key blob, uses int, used_s int, name text, role int
-- rows: maybe
SELECT p.moderator, p.public_key, p.uses, p.used_s, m.name, m.role
FROM passkey p JOIN moderator m ON m.site = p.site AND m.id = p.moderator
WHERE p.site = $1 AND p.id = $2 AND m.disabled_s = 0;

-- statement: passkey_use
-- about: Takes a challenge once: changes nothing when one as new was taken before, or when the
--    authenticator's count did not grow.
-- least: reader
-- in: site int, id blob, uses int, issued_s int, used_s int
-- rows: none
UPDATE passkey SET uses = $3, used_s = $5
WHERE site = $1 AND id = $2 AND used_s < $4 AND (uses < $3 OR (uses = 0 AND $3 = 0));

-- statement: passkey_set_name
-- about: Gives a moderator's passkey another name.
-- least: moderator
-- in: site int, id blob, moderator int, name text
-- rows: none
UPDATE passkey SET name = $4 WHERE site = $1 AND id = $2 AND moderator = $3;

-- statement: passkey_drop
-- about: Removes a moderator's passkey.
-- least: moderator
-- in: site int, id blob, moderator int
-- rows: none
DELETE FROM passkey WHERE site = $1 AND id = $2 AND moderator = $3;

-- statement: passkey_drop_all
-- about: Removes all passkeys of a moderator.
-- least: administrator
-- in: site int, moderator int
-- rows: none
-- errors: late
DELETE FROM passkey WHERE site = $1 AND moderator = $2;
