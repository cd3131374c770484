-- The team, and what proves who somebody is.

-- statement: moderator_add
-- about: Adds a moderator; changes nothing when the name is taken.
-- least: administrator
-- in: site int, id int, name text, password text, role int, created_s int
-- rows: none
INSERT INTO moderator (site, id, name, password, role, created_s) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- statement: moderator_by_name
-- about: A moderator with the password's hash, for signing in; disabled ones, too.
-- least: reader
-- in: site int, name text
-- out: id int, name text, password text, role int, disabled_s int
-- rows: maybe
SELECT id, name, password, role, disabled_s FROM moderator WHERE site = $1 AND name = $2;

-- statement: moderator_get
-- about: A moderator with all that the team's page says of them.
-- least: reader
-- in: site int, id int
-- out: id int, name text, password text, role int, totp blob, totp_step int, misses int,
--    missed_s int, signed_in_s int, disabled_s int, created_s int, passkeys int, codes int
-- rows: maybe
SELECT m.id, m.name, m.password, m.role, m.totp, m.totp_step, m.misses, m.missed_s, m.signed_in_s,
       m.disabled_s, m.created_s,
       (SELECT count(*) FROM passkey p WHERE p.site = m.site AND p.moderator = m.id),
       (SELECT count(*) FROM recovery_code r WHERE r.site = m.site AND r.moderator = m.id)
FROM moderator m WHERE m.site = $1 AND m.id = $2;

-- statement: moderator_lock
-- about: What counts codes, kept from other writers until the job ends.
-- least: reader
-- in: site int, id int
-- out: totp blob, totp_step int, misses int, missed_s int
-- rows: maybe
SELECT totp, totp_step, misses, missed_s FROM moderator WHERE site = $1 AND id = $2;
-- postgres:
SELECT totp, totp_step, misses, missed_s FROM moderator WHERE site = $1 AND id = $2 FOR UPDATE;

-- statement: moderator_list
-- about: The team, by name.
-- least: administrator
-- in: site int
-- out: id int, name text, role int, signed_in_s int, disabled_s int, has_totp int, passkeys int
-- rows: many
SELECT m.id, m.name, m.role, m.signed_in_s, m.disabled_s,
       CASE WHEN length(m.totp) > 0 THEN 1 ELSE 0 END,
       (SELECT count(*) FROM passkey p WHERE p.site = m.site AND p.moderator = m.id)
FROM moderator m WHERE m.site = $1 ORDER BY m.name;

-- statement: moderator_administrators
-- about: Administrators who may sign in, kept from other writers until the job ends.
-- least: administrator
-- in: site int
-- out: id int
-- rows: many
SELECT id FROM moderator WHERE site = $1 AND role = 4 AND disabled_s = 0 ORDER BY id;
-- postgres:
SELECT id FROM moderator WHERE site = $1 AND role = 4 AND disabled_s = 0 ORDER BY id FOR UPDATE;

-- statement: moderator_set_password
-- about: Replaces a moderator's password.
-- least: moderator
-- in: site int, id int, password text
-- rows: none
UPDATE moderator SET password = $3 WHERE site = $1 AND id = $2;

-- statement: moderator_set_role
-- about: Gives a moderator another role.
-- least: administrator
-- in: site int, id int, role int
-- rows: none
UPDATE moderator SET role = $3 WHERE site = $1 AND id = $2;

-- statement: moderator_set_disabled
-- about: Keeps a moderator from signing in since a time; 0: no longer.
-- least: administrator
-- in: site int, id int, disabled_s int
-- rows: none
UPDATE moderator SET disabled_s = $3 WHERE site = $1 AND id = $2;

-- statement: moderator_signed_in
-- about: Notes when a moderator signed in.
-- least: reader
-- in: site int, id int, at_s int
-- rows: none
-- errors: late
UPDATE moderator SET signed_in_s = $3 WHERE site = $1 AND id = $2;

-- statement: moderator_set_totp
-- about: Turns codes on, or off with an empty seed; no older step is taken.
-- least: moderator
-- in: site int, id int, totp blob, step int
-- rows: none
UPDATE moderator SET totp = $3, totp_step = $4, misses = 0, missed_s = 0 WHERE site = $1 AND id = $2;

-- statement: moderator_set_code
-- about: Notes the last code taken, and how many were wrong since.
-- least: reader
-- in: site int, id int, step int, misses int, missed_s int
-- rows: none
UPDATE moderator SET totp_step = $3, misses = $4, missed_s = $5 WHERE site = $1 AND id = $2;

-- statement: recovery_code_add
-- about: Adds a recovery code.
-- least: moderator
-- in: site int, moderator int, hash blob
-- rows: none
-- errors: late
INSERT INTO recovery_code (site, moderator, hash) VALUES ($1, $2, $3);

-- statement: recovery_code_take
-- about: Uses a recovery code up; changes nothing when there is none such.
-- least: reader
-- in: site int, moderator int, hash blob
-- rows: none
DELETE FROM recovery_code WHERE site = $1 AND moderator = $2 AND hash = $3;

-- statement: recovery_code_drop_all
-- about: Forgets a moderator's recovery codes.
-- least: moderator
-- in: site int, moderator int
-- rows: none
-- errors: late
DELETE FROM recovery_code WHERE site = $1 AND moderator = $2;
