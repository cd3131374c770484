-- Secrets, counters and names that nobody may imitate.

-- statement: secret_get
-- about: A secret of the site by its name.
-- least: system
-- in: site int, name text
-- out: value blob
-- rows: maybe
SELECT value FROM secret WHERE site = $1 AND name = $2;

-- statement: secret_add
-- about: Adds a secret; changes nothing when the site has one of that name.
-- least: system
-- in: site int, name text, value blob
-- rows: none
INSERT INTO secret (site, name, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- statement: network_key_get
-- about: The key that all nodes hash networks with, when it was made after a time.
-- least: system
-- in: site int, after_s int
-- out: value blob
-- rows: maybe
SELECT value FROM network_key WHERE site = $1 AND since_s > $2;

-- statement: network_key_renew
-- about: Another such key, unless there is one that was made after a time.
-- least: system
-- in: site int, value blob, now_s int, after_s int
-- rows: none
INSERT INTO network_key (site, value, since_s) VALUES ($1, $2, $3)
ON CONFLICT (site) DO UPDATE SET value = excluded.value, since_s = excluded.since_s
WHERE network_key.since_s <= $4;

-- statement: counter_take
-- about: The next number of a counter, from 1 on.
-- least: moderator
-- in: site int, name text
-- out: number int
-- rows: one
INSERT INTO counter (site, name, next_id) VALUES ($1, $2, 2)
ON CONFLICT (site, name) DO UPDATE SET next_id = counter.next_id + 1
RETURNING next_id - 1;

-- statement: protected_name_add
-- about: Protects a name of the team or of a byline; changes nothing when it is protected.
-- least: administrator
-- in: site int, skeleton text, name text
-- rows: none
-- errors: late
INSERT INTO protected_name (site, skeleton, name) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING;

-- statement: protected_name_list
-- about: All names of the team and of bylines that nobody may imitate.
-- least: system
-- in: site int
-- out: name text
-- rows: many
SELECT name FROM protected_name WHERE site = $1;
