-- Who is signed in.

-- statement: session_add
-- about: Adds a session.
-- least: reader
-- in: site int, hash blob, moderator int, created_s int, expires_s int, used_s int, strength int
-- rows: none
INSERT INTO session (site, hash, moderator, created_s, expires_s, used_s, strength)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- statement: session_find
-- about: Whose session it is, unless it has ended or they may not sign in any more.
-- least: reader
-- in: site int, hash blob, now_s int
-- out: id int, name text, role int, strength int, used_s int
-- rows: maybe
SELECT m.id, m.name, m.role, s.strength, s.used_s
FROM session s JOIN moderator m ON m.site = s.site AND m.id = s.moderator
WHERE s.site = $1 AND s.hash = $2 AND s.expires_s > $3 AND m.disabled_s = 0;

-- statement: session_list
-- about: A moderator's sessions that have not ended, newest first; sign-ins half done are none.
-- least: moderator
-- in: site int, moderator int, now_s int
-- out: hash blob, created_s int, used_s int, strength int
-- rows: many
SELECT hash, created_s, used_s, strength FROM session
WHERE site = $1 AND moderator = $2 AND +expires_s > $3 AND strength > 0
ORDER BY created_s DESC, hash DESC LIMIT 200;

-- statement: session_others
-- about: Whether somebody else of the team was at work lately.
-- least: moderator
-- in: site int, moderator int, now_s int, since_s int
-- out: moderator int
-- rows: maybe
SELECT moderator FROM session
WHERE site = $1 AND moderator <> $2 AND expires_s > $3 AND used_s >= $4 AND strength > 0
LIMIT 1;

-- statement: session_use
-- about: Notes when a session was used.
-- least: reader
-- in: site int, hash blob, used_s int
-- rows: none
UPDATE session SET used_s = $3 WHERE site = $1 AND hash = $2;

-- statement: session_strengthen
-- about: Another proof was given in a session.
-- least: moderator
-- in: site int, hash blob, strength int
-- rows: none
UPDATE session SET strength = $3 WHERE site = $1 AND hash = $2 AND strength < $3;

-- statement: session_drop
-- about: Ends a session.
-- least: reader
-- in: site int, hash blob
-- rows: none
DELETE FROM session WHERE site = $1 AND hash = $2;

-- statement: session_drop_own
-- about: Ends a session if it is this moderator's.
-- least: moderator
-- in: site int, hash blob, moderator int
-- rows: none
DELETE FROM session WHERE site = $1 AND hash = $2 AND moderator = $3;

-- statement: session_drop_others
-- about: Ends all sessions of a moderator but one.
-- least: moderator
-- in: site int, moderator int, hash blob
-- rows: none
DELETE FROM session WHERE site = $1 AND moderator = $2 AND hash <> $3;

-- statement: session_drop_weak
-- about: Ends all sessions of a moderator that the password alone opened, but one.
-- least: moderator
-- in: site int, moderator int, hash blob
-- rows: none
DELETE FROM session WHERE site = $1 AND moderator = $2 AND hash <> $3 AND strength <= 1;

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
