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
