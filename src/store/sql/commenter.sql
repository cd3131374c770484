-- What the team knows of commenters, and by which networks comments came.

-- statement: commenter_record
-- about: A commenter's row.
-- least: moderator
-- in: site int, id blob
-- out: created_s int, approved int, rejected int, trust int, trust_until_s int
-- rows: maybe
SELECT created_s, approved, rejected, trust, trust_until_s FROM commenter
WHERE site = $1 AND id = $2;

-- statement: commenter_newest
-- about: States and names of a commenter's newest comments.
-- least: moderator
-- in: site int, commenter blob, max int
-- out: state int, created_s int, name text
-- rows: many
SELECT state, created_s, name FROM comment WHERE site = $1 AND commenter = $2
ORDER BY created_s DESC, id DESC
LIMIT $3;

-- statement: commenter_decisions
-- about: Decisions of the team about a commenter's comments since a time.
-- least: moderator
-- in: site int, commenter blob, since_s int, max int
-- out: comment int, seq int, moderator int, moderator_name text?, rule text, evidence text,
--      action int, from_state int, to_state int, reason text, note text, undoes int, batch int,
--      at_s int
-- rows: many
SELECT d.comment, d.seq, d.moderator, m.name, d.rule, d.evidence, d.action, d.from_state,
       d.to_state, d.reason, d.note, d.undoes, d.batch, d.at_s
FROM comment c
JOIN decision d ON d.site = c.site AND d.comment = c.id AND d.moderator <> 0
LEFT JOIN moderator m ON m.site = d.site AND m.id = d.moderator
WHERE c.site = $1 AND c.commenter = $2 AND c.created_s >= $3
ORDER BY c.created_s DESC, c.id DESC, d.seq DESC
LIMIT $4;

-- statement: commenter_neighbours
-- about: Comments of others by the networks of a commenter since a time.
-- least: moderator
-- in: site int, commenter blob, since_s int, max int
-- out: id blob, name text, approved int, rejected int, trust int, trust_until_s int
-- rows: many
SELECT x.commenter, x.name, k.approved, k.rejected, k.trust, k.trust_until_s
FROM comment c
CROSS JOIN arrival v
CROSS JOIN arrival b
CROSS JOIN comment x
CROSS JOIN commenter k
WHERE c.site = $1 AND c.commenter = $2 AND c.created_s > $3
  AND v.site = c.site AND v.comment = c.id
  AND b.site = v.site AND b.network = v.network AND b.at_s > $3
  AND x.site = b.site AND x.id = b.comment AND x.commenter <> $2
  AND k.site = x.site AND k.id = x.commenter
LIMIT $4;

-- statement: trust_before
-- about: What the team thinks of a commenter, kept from other writers, and its newest change of that.
-- least: senior
-- in: site int, id blob
-- out: trust int, until_s int, seq int
-- rows: maybe
SELECT k.trust, k.trust_until_s,
       COALESCE((SELECT MAX(t.seq) FROM trust_change t WHERE t.site = k.site AND t.commenter = k.id), 0)
FROM commenter k
WHERE k.site = $1 AND k.id = $2;
-- postgres:
SELECT k.trust, k.trust_until_s,
       COALESCE((SELECT MAX(t.seq) FROM trust_change t WHERE t.site = k.site AND t.commenter = k.id), 0)
FROM commenter k
WHERE k.site = $1 AND k.id = $2
FOR UPDATE OF k;

-- statement: trust_standing
-- about: The newest change of what the team thinks of a commenter that stands.
-- least: senior
-- in: site int, commenter blob
-- out: seq int, was_trust int, was_until_s int, trust int, until_s int
-- rows: maybe
SELECT t.seq, t.was_trust, t.was_until_s, t.trust, t.until_s
FROM trust_change t
WHERE t.site = $1 AND t.commenter = $2 AND t.undoes = 0
  AND NOT EXISTS (SELECT 1 FROM trust_change u
                  WHERE u.site = t.site AND u.commenter = t.commenter AND u.undoes = t.seq)
ORDER BY t.seq DESC
LIMIT 1;

-- statement: trust_list
-- about: The newest changes of what the team thinks of a commenter.
-- least: moderator
-- in: site int, commenter blob, max int
-- out: seq int, moderator int, moderator_name text?, was_trust int, was_until_s int, trust int,
--      until_s int, undoes int, at_s int, reason text, note text
-- rows: many
SELECT t.seq, t.moderator, m.name, t.was_trust, t.was_until_s, t.trust, t.until_s, t.undoes, t.at_s,
       t.reason, t.note
FROM trust_change t LEFT JOIN moderator m ON m.site = t.site AND m.id = t.moderator
WHERE t.site = $1 AND t.commenter = $2
ORDER BY t.seq DESC
LIMIT $3;

-- statement: trust_add
-- about: Adds a change of what the team thinks of a commenter.
-- least: senior
-- in: site int, commenter blob, seq int, moderator int, was_trust int, was_until_s int, trust int,
--     until_s int, undoes int, at_s int, reason text, note text
-- rows: none
INSERT INTO trust_change (site, commenter, seq, moderator, was_trust, was_until_s, trust, until_s,
    undoes, at_s, reason, note)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- statement: commenter_set_trust
-- about: What the team thinks of a commenter from now on.
-- least: senior
-- in: site int, id blob, trust int, until_s int
-- rows: none
UPDATE commenter SET trust = $3, trust_until_s = $4 WHERE site = $1 AND id = $2;

-- statement: arrival_add
-- about: By which network a comment came.
-- least: reader
-- in: site int, comment int, network blob, at_s int
-- rows: none
-- errors: late
INSERT INTO arrival (site, comment, network, at_s) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING;
-- together:
INSERT INTO arrival (site, comment, network, at_s)
SELECT r.site, r.comment, r.network, r.at_s
FROM unnest($1, $2, $3, $4) AS r (site, comment, network, at_s)
ON CONFLICT DO NOTHING;

-- statement: arrival_due
-- about: Comments that came by their networks before a time.
-- least: system
-- in: site int, before_s int, max int
-- out: comment int
-- rows: many
SELECT comment FROM arrival WHERE site = $1 AND at_s <= $2 ORDER BY at_s, comment LIMIT $3;

-- statement: arrival_erase
-- about: Forgets by which networks a JSON list of comments came.
-- least: system
-- in: site int, comments text
-- rows: none
-- errors: late
DELETE FROM arrival WHERE site = $1 AND comment IN (SELECT value FROM json_each($2));
-- postgres:
DELETE FROM arrival WHERE site = $1
  AND comment = ANY (ARRAY(SELECT CAST(value AS BIGINT)
                           FROM json_array_elements_text(CAST($2 AS json))));
