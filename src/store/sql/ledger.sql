-- What the team did, chained and signed: domain/ledger.h.

-- statement: ledger_last
-- about: The newest entry's number and hash.
-- least: reader
-- in: site int
-- out: seq int, at_s int, hash blob
-- rows: maybe
SELECT seq, at_s, hash FROM ledger WHERE site = $1 ORDER BY seq DESC LIMIT 1;

-- statement: ledger_put
-- about: Adds an entry.
-- least: reader
-- in: site int, seq int, at_s int, moderator int, kind text, body text, hash blob
-- rows: none
-- errors: late
INSERT INTO ledger (site, seq, at_s, moderator, kind, body, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- statement: ledger_get
-- about: One entry.
-- least: reader
-- in: site int, seq int
-- out: seq int, at_s int, moderator int, kind text, body text, hash blob
-- rows: maybe
SELECT seq, at_s, moderator, kind, body, hash FROM ledger WHERE site = $1 AND seq = $2;

-- statement: ledger_list
-- about: Entries from one on, in their order.
-- least: system
-- in: site int, from_seq int, max int
-- out: seq int, at_s int, moderator int, kind text, body text, hash blob
-- rows: many
SELECT seq, at_s, moderator, kind, body, hash
FROM ledger
WHERE site = $1 AND seq >= $2
ORDER BY seq LIMIT $3;

-- statement: ledger_head_put
-- about: Adds a signed head; changes nothing when there is one of that number.
-- least: system
-- in: site int, seq int, at_s int, hash blob, previous int, public_key blob, signature blob
-- rows: none
INSERT INTO ledger_head (site, seq, at_s, hash, previous, public_key, signature)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- statement: ledger_head_list
-- about: Signed heads from one on, in their order.
-- least: reader
-- in: site int, from_seq int, max int
-- out: seq int, at_s int, hash blob, previous int, public_key blob, signature blob
-- rows: many
SELECT seq, at_s, hash, previous, public_key, signature
FROM ledger_head
WHERE site = $1 AND seq >= $2
ORDER BY seq LIMIT $3;

-- statement: ledger_head_newest
-- about: The newest signed heads, newest first.
-- least: reader
-- in: site int, max int
-- out: seq int, at_s int, hash blob, previous int, public_key blob, signature blob
-- rows: many
SELECT seq, at_s, hash, previous, public_key, signature
FROM ledger_head
WHERE site = $1
ORDER BY seq DESC LIMIT $2;

-- statement: secret_set
-- about: Puts another secret in the place of one.
-- least: system
-- in: site int, name text, value blob
-- rows: none
UPDATE secret SET value = $3 WHERE site = $1 AND name = $2;

-- statement: ledger_decisions
-- about: Decisions of the team after one, and those carried on to copies that came later, in the
--      order of comments; batch 0: not one of many.
-- least: system
-- in: site int, after_comment int, after_seq int, max int
-- out: comment int, seq int, moderator int, batch int, at_s int
-- rows: many
SELECT comment, seq, moderator, batch, at_s
FROM decision
WHERE site = $1 AND (moderator > 0 OR batch > 0) AND (comment, seq) > ($2, $3)
ORDER BY comment, seq LIMIT $4;

-- statement: ledger_decision_get
-- about: Who made a decision that has an entry, and when.
-- least: system
-- in: site int, comment int, seq int
-- out: moderator int, at_s int
-- rows: maybe
SELECT moderator, at_s FROM decision
WHERE site = $1 AND comment = $2 AND seq = $3 AND (moderator > 0 OR batch > 0);

-- statement: ledger_trusts
-- about: Changes of what the team thinks of commenters after one, in the order of commenters.
-- least: system
-- in: site int, after_commenter blob, after_seq int, max int
-- out: commenter blob, seq int, moderator int, undoes int, at_s int
-- rows: many
SELECT commenter, seq, moderator, undoes, at_s
FROM trust_change
WHERE site = $1 AND (commenter, seq) > ($2, $3)
ORDER BY commenter, seq LIMIT $4;

-- statement: ledger_trust_get
-- about: Who changed what the team thinks of a commenter, and when.
-- least: system
-- in: site int, commenter blob, seq int
-- out: moderator int, at_s int
-- rows: maybe
SELECT moderator, at_s FROM trust_change WHERE site = $1 AND commenter = $2 AND seq = $3;

-- statement: ledger_batch_at
-- about: When a batch was begun.
-- least: system
-- in: site int, id int
-- out: at_s int
-- rows: maybe
SELECT at_s FROM batch WHERE site = $1 AND id = $2;

-- statement: ledger_has
-- about: How many entries of a second have a moderator, a kind and a body, or a body that begins so.
-- least: system
-- in: site int, at_s int, moderator int, kind text, body text, beginning text
-- out: entries int
-- rows: one
SELECT count(*) FROM ledger
WHERE site = $1 AND at_s = $2 AND moderator = $3 AND kind = $4
  AND (body = $5 OR substr(body, 1, length($6)) = $6);
