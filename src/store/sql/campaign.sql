-- Near-copies: what they are called, what was decided about them, and the comments themselves for
-- whoever remembers their sketches (domain/campaign_watch.h).

-- statement: campaign_start
-- about: When the comments begin of which there are more than so many newer ones in one state.
-- least: system
-- in: site int, others int
-- out: at_s int?
-- rows: one
SELECT MAX(at_s) FROM (
    SELECT s.value AS state,
           (SELECT c.created_s FROM comment c WHERE c.site = $1 AND c.state = s.value
            ORDER BY c.created_s DESC, c.id DESC LIMIT 1 OFFSET $2) AS at_s
    FROM json_each('[0,1,2,3]') s) newest;
-- postgres:
SELECT MAX(at_s) FROM (
    SELECT (SELECT c.created_s FROM comment c WHERE c.site = $1 AND c.state = s.value
            ORDER BY c.created_s DESC, c.id DESC LIMIT 1 OFFSET $2) AS at_s
    FROM (VALUES (0), (1), (2), (3)) s(value)) newest;

-- statement: campaign_after
-- about: Comments that have words, in the order they came, after one.
-- least: system
-- in: site int, after_s int, after int, max int
-- out: at_s int, id int
-- rows: many
SELECT at_s, id FROM (
    SELECT at_s, id FROM (SELECT created_s AS at_s, id FROM comment
                   WHERE site = $1 AND state = 0 AND (created_s, id) > ($2, $3)
                   ORDER BY created_s, id LIMIT $4) held
    UNION ALL
    SELECT at_s, id FROM (SELECT created_s AS at_s, id FROM comment
                   WHERE site = $1 AND state = 1 AND (created_s, id) > ($2, $3)
                   ORDER BY created_s, id LIMIT $4) published
    UNION ALL
    SELECT at_s, id FROM (SELECT created_s AS at_s, id FROM comment
                   WHERE site = $1 AND state = 2 AND (created_s, id) > ($2, $3)
                   ORDER BY created_s, id LIMIT $4) rejected
    UNION ALL
    SELECT at_s, id FROM (SELECT created_s AS at_s, id FROM comment
                   WHERE site = $1 AND state = 3 AND (created_s, id) > ($2, $3)
                   ORDER BY created_s, id LIMIT $4) spam
) came
ORDER BY at_s, id
LIMIT $4;

-- statement: campaign_words
-- about: The words of comments, of a JSON list of ids, in the order they came.
-- least: system
-- in: site int, ids text
-- out: id int, commenter blob, state int, created_s int, edited_s int, campaign int, name text,
--      text text
-- rows: many
SELECT c.id, c.commenter, c.state, c.created_s, c.edited_s, c.campaign, c.name, c.text
FROM json_each($2) l JOIN comment c ON c.id = l.value
WHERE +c.site = $1 AND c.state <> 4
ORDER BY c.created_s, c.id;
-- postgres:
SELECT c.id, c.commenter, c.state, c.created_s, c.edited_s, c.campaign, c.name, c.text
FROM comment c
WHERE c.site = $1 AND c.state <> 4
  AND c.id = ANY (ARRAY(SELECT jsonb_array_elements_text($2::jsonb)::bigint))
ORDER BY c.created_s, c.id;

-- statement: campaign_judged
-- about: States of comments that were decided on after a decision.
-- least: system
-- in: site int, after_s int, comment int, seq int, max int
-- out: at_s int, comment int, seq int, state int
-- rows: many
SELECT d.at_s, d.comment, d.seq, c.state
FROM decision d JOIN comment c ON c.id = d.comment
WHERE d.site = $1 AND (d.at_s, d.comment, d.seq) > ($2, $3, $4)
ORDER BY d.at_s, d.comment, d.seq
LIMIT $5;
-- postgres:
SELECT d.at_s, d.comment, d.seq, c.state
FROM decision d JOIN comment c ON c.site = d.site AND c.id = d.comment
WHERE d.site = $1 AND (d.at_s, d.comment, d.seq) > ($2, $3, $4)
ORDER BY d.at_s, d.comment, d.seq
LIMIT $5;

-- statement: campaign_of
-- about: The campaign of a comment and what was decided about it; or whether one that the comment
--        has left is called after it.
-- least: reader
-- in: site int, comment int
-- out: campaign int, action int?, decided_s int?, batch int?, reason text?, is_name int
-- rows: maybe
SELECT c.campaign, k.action, k.decided_s, k.batch, k.reason,
       CASE WHEN c.campaign = 0
            AND (EXISTS (SELECT 1 FROM comment o WHERE o.site = c.site AND o.campaign = c.id
                                                   AND o.campaign <> 0)
                 OR EXISTS (SELECT 1 FROM campaign g WHERE g.site = c.site AND g.id = c.id))
            THEN 1 ELSE 0 END
FROM comment c LEFT JOIN campaign k ON k.site = c.site AND k.id = c.campaign
WHERE c.site = $1 AND c.id = $2;

-- statement: campaign_text
-- about: The words of a comment of which another may be a copy.
-- least: reader
-- in: site int, comment int
-- out: text text
-- rows: maybe
SELECT text FROM comment WHERE site = $1 AND id = $2 AND state <> 4;

-- statement: campaign_join
-- about: Comments of a JSON list of ids belong to a campaign, unless they belong to one.
-- least: reader
-- in: site int, campaign int, ids text
-- rows: none
UPDATE comment SET campaign = $2
WHERE id IN (SELECT value FROM json_each($3)) AND +site = $1 AND campaign = 0;
-- postgres:
UPDATE comment SET campaign = $2
WHERE id = ANY (ARRAY(SELECT jsonb_array_elements_text($3::jsonb)::bigint))
  AND site = $1 AND campaign = 0;

-- statement: campaign_alert
-- about: The team is to be told of a campaign; once.
-- least: reader
-- in: site int, id int, alert_s int
-- rows: none
INSERT INTO campaign (site, id, alert_s) VALUES ($1, $2, $3)
ON CONFLICT (site, id) DO UPDATE SET alert_s = excluded.alert_s WHERE campaign.alert_s = 0;

-- statement: campaign_count
-- about: Campaigns that the team was told of and that nobody has decided on, up to a number.
-- least: moderator
-- in: site int, max int
-- out: n int
-- rows: one
SELECT COUNT(*) FROM (SELECT id FROM campaign
                      WHERE site = $1 AND alert_s > 0 AND decided_s = 0 LIMIT $2) undecided;

-- statement: campaign_list
-- about: Campaigns that the team was told of, newest first.
-- least: moderator
-- in: site int, before_s int, before int, max int
-- out: id int, alert_s int, action int, decided_s int, moderator int, moderator_name text?,
--      batch int, reason text
-- rows: many
SELECT k.id, k.alert_s, k.action, k.decided_s, k.moderator, m.name, k.batch, k.reason
FROM campaign k LEFT JOIN moderator m ON m.site = k.site AND m.id = k.moderator
WHERE k.site = $1 AND k.alert_s > 0 AND (k.alert_s, k.id) < ($2, $3)
ORDER BY k.alert_s DESC, k.id DESC
LIMIT $4;

-- statement: campaign_get
-- about: What is known of a campaign besides its comments; carried: nothing once it was taken back.
-- least: moderator
-- in: site int, id int
-- out: id int, alert_s int, action int, decided_s int, moderator int, moderator_name text?,
--      batch int, carried int?, reason text
-- rows: maybe
SELECT k.id, k.alert_s, k.action, k.decided_s, k.moderator, m.name, k.batch,
       CASE b.undone_s WHEN 0 THEN b.carried ELSE 0 END, k.reason
FROM campaign k
LEFT JOIN moderator m ON m.site = k.site AND m.id = k.moderator
LEFT JOIN batch b ON b.site = k.site AND b.id = k.batch
WHERE k.site = $1 AND k.id = $2;

-- statement: campaign_size
-- about: How many comments a campaign has, by how many and when; looks at so many at most.
-- least: moderator
-- in: site int, id int, max int
-- out: copies int, open int, commenters int, articles int, first_s int?, last_s int?
-- rows: one
SELECT COUNT(*), COUNT(CASE WHEN state IN (0, 1) THEN 1 END), COUNT(DISTINCT commenter),
       COUNT(DISTINCT thread), MIN(created_s), MAX(created_s)
FROM (SELECT state, commenter, thread, created_s FROM comment
      WHERE site = $1 AND campaign = $2 AND campaign <> 0 ORDER BY id LIMIT $3) copies;

-- statement: campaign_texts
-- about: Words of the first copies that have any.
-- least: moderator
-- in: site int, id int, max int
-- out: lang text, text text
-- rows: many
SELECT lang, text FROM comment
WHERE site = $1 AND campaign = $2 AND campaign <> 0 AND state <> 4
ORDER BY id
LIMIT $3;

-- statement: campaign_decide
-- about: Decides on a campaign: for those to come as well, if it says an action.
-- least: senior
-- in: site int, id int, action int, moderator int, decided_s int, batch int, reason text
-- rows: none
INSERT INTO campaign (site, id, action, moderator, decided_s, batch, reason)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (site, id) DO UPDATE SET action = excluded.action, moderator = excluded.moderator,
    decided_s = excluded.decided_s, batch = excluded.batch, reason = excluded.reason;
