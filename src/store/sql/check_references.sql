-- Whether what a row refers to is there: one statement for each reference. No foreign keys hold
-- them, so that tables can be distributed by site. 0 and '' refer to nothing. Comments, commenters,
-- articles and moderators are never removed; rules are, and decisions go on naming them. What is in
-- search_todo, but not there, the next step of the index strikes off.

-- statement: check_articles
-- about: Articles without a conversation.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM article x LEFT JOIN thread y ON y.site = x.site AND y.id = x.id
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_threads
-- about: Conversations without an article.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM thread x LEFT JOIN article y ON y.site = x.site AND y.id = x.id
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_editions
-- about: Editions without an article.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.article
FROM edition x LEFT JOIN article y ON y.site = x.site AND y.id = x.article
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.article LIMIT 100;

-- statement: check_sections
-- about: Articles in a section that there is in no language.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.article
FROM edition x LEFT JOIN section y ON y.site = x.site AND y.key = x.section
WHERE x.site = $1 AND x.section <> '' AND y.key IS NULL
ORDER BY x.article LIMIT 100;

-- statement: check_moved
-- about: Articles that old addresses lead to, and that are not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.article
FROM moved x LEFT JOIN article y ON y.site = x.site AND y.id = x.article
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.article LIMIT 100;

-- statement: check_edition_pictures
-- about: Articles with a picture in an edition that is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT p.article
FROM edition_picture p
LEFT JOIN edition e ON e.site = p.site AND e.article = p.article AND e.lang = p.lang
WHERE p.site = $1 AND e.article IS NULL
ORDER BY p.article LIMIT 100;

-- statement: check_pictures
-- about: Articles with an edition's picture that is not stored.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.article
FROM edition_picture x LEFT JOIN picture y ON y.site = x.site AND y.hash = x.hash
WHERE x.site = $1 AND y.hash IS NULL
ORDER BY x.article LIMIT 100;

-- statement: check_picture_files
-- about: Stored files of pictures that are not there.
-- least: system
-- in: site int
-- out: id blob
-- rows: many
SELECT DISTINCT x.hash
FROM picture_file x LEFT JOIN picture y ON y.site = x.site AND y.hash = x.hash
WHERE x.site = $1 AND y.hash IS NULL
ORDER BY x.hash LIMIT 100;

-- statement: check_comment_threads
-- about: Comments without a conversation.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM comment x LEFT JOIN thread y ON y.site = x.site AND y.id = x.thread
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_comment_commenters
-- about: Comments without a commenter.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM comment x LEFT JOIN commenter y ON y.site = x.site AND y.id = x.commenter
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_comment_campaigns
-- about: Comments of a campaign that is named for no comment.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM comment x LEFT JOIN comment y ON y.site = x.site AND y.id = x.campaign
WHERE x.site = $1 AND x.campaign <> 0 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_ratings_of
-- about: Conversations that were rated, and are not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.thread
FROM rating x LEFT JOIN thread y ON y.site = x.site AND y.id = x.thread
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.thread LIMIT 100;

-- statement: check_thread_messages
-- about: Conversations with a line above their form, and that are not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.thread
FROM thread_message x LEFT JOIN thread y ON y.site = x.site AND y.id = x.thread
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.thread LIMIT 100;

-- statement: check_decisions
-- about: Decisions about comments that do not exist.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.comment
FROM decision x LEFT JOIN comment y ON y.site = x.site AND y.id = x.comment
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.comment LIMIT 100;

-- statement: check_decision_moderators
-- about: Comments with a decision by a moderator who is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.comment
FROM decision x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND x.moderator <> 0 AND y.id IS NULL
ORDER BY x.comment LIMIT 100;

-- statement: check_decision_batches
-- about: Comments with a decision of a batch that is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.comment
FROM decision x LEFT JOIN batch y ON y.site = x.site AND y.id = x.batch
WHERE x.site = $1 AND x.batch <> 0 AND y.id IS NULL
ORDER BY x.comment LIMIT 100;

-- statement: check_reasons
-- about: Comments with a decision for a reason that the site's list has never had.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT d.comment
FROM decision d
LEFT JOIN reason r ON r.site = d.site AND r.key = d.reason AND r.is_used = 1
WHERE d.site = $1 AND d.reason LIKE 'own-%' AND r.key IS NULL
ORDER BY d.comment LIMIT 100;

-- statement: check_successors
-- about: Reasons that one words anew which is not there.
-- least: system
-- in: site int
-- out: id text
-- rows: many
SELECT DISTINCT x.key
FROM reason x LEFT JOIN reason y ON y.site = x.site AND y.key = x.successor
WHERE x.site = $1 AND x.successor <> '' AND y.key IS NULL
ORDER BY x.key LIMIT 100;

-- statement: check_reason_texts
-- about: Words of reasons that are not there.
-- least: system
-- in: site int
-- out: id text
-- rows: many
SELECT DISTINCT x.reason
FROM reason_text x LEFT JOIN reason y ON y.site = x.site AND y.key = x.reason
WHERE x.site = $1 AND y.key IS NULL
ORDER BY x.reason LIMIT 100;

-- statement: check_trust_commenters
-- about: What the team thought of commenters who are not there.
-- least: system
-- in: site int
-- out: id blob
-- rows: many
SELECT DISTINCT x.commenter
FROM trust_change x LEFT JOIN commenter y ON y.site = x.site AND y.id = x.commenter
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.commenter LIMIT 100;

-- statement: check_trust_moderators
-- about: Commenters of whom a moderator thought something who is not there.
-- least: system
-- in: site int
-- out: id blob
-- rows: many
SELECT DISTINCT x.commenter
FROM trust_change x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.commenter LIMIT 100;

-- statement: check_batch_moderators
-- about: Batches by a moderator who is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM batch x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_batch_undoers
-- about: Batches that a moderator took back who is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM batch x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.undone_by
WHERE x.site = $1 AND x.undone_by <> 0 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_campaigns
-- about: Campaigns that are named for no comment.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM campaign x LEFT JOIN comment y ON y.site = x.site AND y.id = x.id
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_campaign_moderators
-- about: Campaigns that a moderator decided on who is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM campaign x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND x.moderator <> 0 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_campaign_batches
-- about: Campaigns that were decided on in a batch that is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM campaign x LEFT JOIN batch y ON y.site = x.site AND y.id = x.batch
WHERE x.site = $1 AND x.batch <> 0 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_claims
-- about: Claims on comments that are not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.comment
FROM claim x LEFT JOIN comment y ON y.site = x.site AND y.id = x.comment
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.comment LIMIT 100;

-- statement: check_claim_moderators
-- about: Comments that a moderator works on who is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.comment
FROM claim x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.comment LIMIT 100;

-- statement: check_opinions
-- about: Questions about comments that are not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.comment
FROM opinion x LEFT JOIN comment y ON y.site = x.site AND y.id = x.comment
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.comment LIMIT 100;

-- statement: check_opinion_moderators
-- about: Comments about which a moderator asks who is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.comment
FROM opinion x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.comment LIMIT 100;

-- statement: check_team_notes
-- about: The team's notes on a comment or a commenter who is not there, or on neither.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT n.id
FROM team_note n
LEFT JOIN comment c ON c.site = n.site AND c.id = n.comment
LEFT JOIN commenter k ON k.site = n.site AND k.id = n.commenter
WHERE n.site = $1 AND CASE n.comment WHEN 0 THEN k.id IS NULL ELSE c.id IS NULL END
ORDER BY n.id LIMIT 100;

-- statement: check_team_note_moderators
-- about: The team's notes by a moderator who is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM team_note x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_arrivals
-- about: Comments that came by a network, and are not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.comment
FROM arrival x LEFT JOIN comment y ON y.site = x.site AND y.id = x.comment
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.comment LIMIT 100;

-- statement: check_reported
-- about: Comments that were reported, and are not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.comment
FROM report x LEFT JOIN comment y ON y.site = x.site AND y.id = x.comment
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.comment LIMIT 100;

-- statement: check_rule_moderators
-- about: Rules that a moderator changed who is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.id
FROM rule x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND x.moderator <> 0 AND y.id IS NULL
ORDER BY x.id LIMIT 100;

-- statement: check_control_moderators
-- about: Switches that a moderator moved who is not there.
-- least: system
-- in: site int
-- out: id text
-- rows: many
SELECT DISTINCT x.name
FROM control x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND x.moderator <> 0 AND y.id IS NULL
ORDER BY x.name LIMIT 100;

-- statement: check_sessions
-- about: Moderators who are signed in, and are not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.moderator
FROM session x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.moderator LIMIT 100;

-- statement: check_passkeys
-- about: Moderators who have a passkey, and are not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.moderator
FROM passkey x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.moderator LIMIT 100;

-- statement: check_recovery_codes
-- about: Moderators who have a recovery code, and are not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.moderator
FROM recovery_code x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND y.id IS NULL
ORDER BY x.moderator LIMIT 100;

-- statement: check_ledger_moderators
-- about: Entries of the ledger about a moderator who is not there.
-- least: system
-- in: site int
-- out: id int
-- rows: many
SELECT DISTINCT x.seq
FROM ledger x LEFT JOIN moderator y ON y.site = x.site AND y.id = x.moderator
WHERE x.site = $1 AND x.moderator <> 0 AND y.id IS NULL
ORDER BY x.seq LIMIT 100;
