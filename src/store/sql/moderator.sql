-- The team and their sessions.

-- statement: moderator_add
-- about: Adds a moderator; changes nothing when the name is taken.
-- least: administrator
-- in: site int, id int, name text, password text, role int, created_s int
-- rows: none
INSERT INTO moderator (site, id, name, password, role, created_s) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- statement: moderator_by_name
-- about: A moderator with the password's hash, for signing in.
-- least: reader
-- in: site int, name text
-- out: id int, name text, password text, role int
-- rows: maybe
SELECT id, name, password, role FROM moderator WHERE site = $1 AND name = $2;

-- statement: moderator_set_password
-- about: Replaces a moderator's password.
-- least: administrator
-- in: site int, id int, password text
-- rows: none
UPDATE moderator SET password = $3 WHERE site = $1 AND id = $2;

-- statement: session_add
-- about: Adds a session.
-- least: reader
-- in: site int, hash blob, moderator int, created_s int, expires_s int
-- rows: none
INSERT INTO session (site, hash, moderator, created_s, expires_s) VALUES ($1, $2, $3, $4, $5);

-- statement: session_find
-- about: Whose session it is, unless it has ended.
-- least: reader
-- in: site int, hash blob, now_s int
-- out: id int, name text, role int
-- rows: maybe
SELECT m.id, m.name, m.role
FROM session s JOIN moderator m ON m.site = s.site AND m.id = s.moderator
WHERE s.site = $1 AND s.hash = $2 AND s.expires_s > $3;

-- statement: session_drop
-- about: Ends a session.
-- least: reader
-- in: site int, hash blob
-- rows: none
DELETE FROM session WHERE site = $1 AND hash = $2;

-- statement: session_drop_ended
-- about: Forgets sessions that have ended.
-- least: reader
-- in: site int, now_s int
-- rows: none
-- errors: late
DELETE FROM session WHERE site = $1 AND expires_s <= $2;

-- statement: session_drop_all
-- about: Ends all sessions of a moderator.
-- least: administrator
-- in: site int, moderator int
-- rows: none
-- errors: late
DELETE FROM session WHERE site = $1 AND moderator = $2;

-- statement: moderator_list
-- about: The team, by name.
-- least: administrator
-- in: site int
-- out: id int, name text, role int
-- rows: many
SELECT id, name, role FROM moderator WHERE site = $1 ORDER BY name;
