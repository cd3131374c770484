-- The first schema. Every table carries the site, so that it can be distributed by site.
-- Times are Unix seconds in UTC. Ids: model/ids.h. States and modes: model/comment.h, article.h.
-- Long texts stand last in their tables, so that the short columns are read without them.
-- 0001_newsroom.postgres.sql says the same to PostgreSQL: change both.

CREATE TABLE counter (            -- instead of sequences; site 0: shared by all sites of the shard
    site BIGINT NOT NULL,
    name TEXT NOT NULL,
    next_id BIGINT NOT NULL,
    PRIMARY KEY (site, name)
) WITHOUT ROWID;

CREATE TABLE secret (             -- keys of keyed hashes; made by init
    site BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BLOB NOT NULL CHECK (length(value) = 32),
    PRIMARY KEY (site, name)
) WITHOUT ROWID;

CREATE TABLE thread (             -- a conversation; narrow, because every comment changes it
    id INTEGER PRIMARY KEY,
    site BIGINT NOT NULL,
    mode BIGINT NOT NULL CHECK (mode BETWEEN 0 AND 3),
    closes_s BIGINT NOT NULL DEFAULT 0 CHECK (closes_s >= 0),
    slow_s BIGINT NOT NULL DEFAULT 0 CHECK (slow_s >= 0), -- between two comments of one commenter
    next_number BIGINT NOT NULL DEFAULT 1,
    placed BIGINT NOT NULL DEFAULT 0 CHECK (placed >= 0),
    held BIGINT NOT NULL DEFAULT 0 CHECK (held >= 0),
    yes BIGINT NOT NULL DEFAULT 0 CHECK (yes >= 0),
    no BIGINT NOT NULL DEFAULT 0 CHECK (no >= 0),
    rev BIGINT NOT NULL DEFAULT 1
);

CREATE TABLE article (            -- the story as such; its id is its conversation's
    id INTEGER PRIMARY KEY,
    site BIGINT NOT NULL,
    key TEXT NOT NULL,
    UNIQUE (site, key)
);
CREATE INDEX article_last ON article (site, id);

CREATE TABLE edition (            -- the article in one language
    site BIGINT NOT NULL,
    article BIGINT NOT NULL,
    lang TEXT NOT NULL,
    slug TEXT NOT NULL,
    section TEXT NOT NULL,        -- key; '': none
    published_s BIGINT NOT NULL,
    updated_s BIGINT NOT NULL DEFAULT 0,
    wish_mode BIGINT NOT NULL DEFAULT -1 CHECK (wish_mode BETWEEN -1 AND 3),
    wish_closes_s BIGINT NOT NULL DEFAULT 0, -- what its file last said of the conversation
    source BLOB NOT NULL,
    headline TEXT NOT NULL,
    dateline TEXT NOT NULL,
    standfirst TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (site, article, lang),
    UNIQUE (site, slug, lang)
);
CREATE INDEX edition_newest ON edition (site, lang, published_s DESC, article DESC);
CREATE INDEX edition_section ON edition (site, lang, section, published_s DESC, article DESC);
CREATE INDEX edition_published ON edition (site, published_s DESC, article DESC, lang);

CREATE TABLE moved (              -- slugs that editions had before, so that old addresses lead on
    site BIGINT NOT NULL,
    lang TEXT NOT NULL,
    slug TEXT NOT NULL,
    article BIGINT NOT NULL,
    PRIMARY KEY (site, lang, slug)
) WITHOUT ROWID;

CREATE TABLE byline (
    site BIGINT NOT NULL,
    article BIGINT NOT NULL,
    lang TEXT NOT NULL,
    position BIGINT NOT NULL,
    author TEXT NOT NULL,         -- the author's key; '' for an agency
    name TEXT NOT NULL,
    published_s BIGINT NOT NULL,  -- the edition's, for the author's page
    PRIMARY KEY (site, article, lang, position)
) WITHOUT ROWID;
CREATE UNIQUE INDEX byline_author ON byline (site, author, lang, published_s DESC, article DESC)
    WHERE author <> '';

CREATE TABLE picture (
    site BIGINT NOT NULL,
    hash BLOB NOT NULL,
    extension TEXT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    widths TEXT NOT NULL,         -- of picture_file, ascending: "640 1280"
    PRIMARY KEY (site, hash)
) WITHOUT ROWID;

CREATE TABLE picture_file (       -- one size of a picture
    site BIGINT NOT NULL,
    hash BLOB NOT NULL,
    width BIGINT NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (site, hash, width)
);

CREATE TABLE edition_picture (
    site BIGINT NOT NULL,
    article BIGINT NOT NULL,
    lang TEXT NOT NULL,
    position BIGINT NOT NULL,
    hash BLOB NOT NULL,
    caption TEXT NOT NULL,
    credit TEXT NOT NULL,
    alt TEXT NOT NULL,
    PRIMARY KEY (site, article, lang, position)
) WITHOUT ROWID;

CREATE TABLE section (            -- a section in one language
    site BIGINT NOT NULL,
    lang TEXT NOT NULL,
    key TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    about TEXT NOT NULL,
    source BLOB NOT NULL,
    PRIMARY KEY (site, lang, key),
    UNIQUE (site, lang, slug)
);
CREATE INDEX section_key ON section (site, key, lang);

CREATE TABLE standing (           -- a standing page in one language
    site BIGINT NOT NULL,
    lang TEXT NOT NULL,
    key TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    source BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (site, lang, key),
    UNIQUE (site, lang, slug)
);
CREATE INDEX standing_key ON standing (site, key, lang);

CREATE TABLE protected_name (     -- the team's and the bylines': commenters may not imitate them
    site BIGINT NOT NULL,
    skeleton TEXT NOT NULL,       -- text/fold.h
    name TEXT NOT NULL,
    PRIMARY KEY (site, skeleton)
) WITHOUT ROWID;

CREATE TABLE commenter (          -- a guest: a random id and the hash of the private edit key
    site BIGINT NOT NULL,
    id BLOB NOT NULL CHECK (length(id) = 16),
    key_hash BLOB NOT NULL CHECK (length(key_hash) = 32),
    approved BIGINT NOT NULL DEFAULT 0 CHECK (approved >= 0), -- comments with judged = 1
    rejected BIGINT NOT NULL DEFAULT 0 CHECK (rejected >= 0), -- comments with judged = 2
    trust BIGINT NOT NULL DEFAULT 0 CHECK (trust BETWEEN 0 AND 3), -- model/comment.h
    trust_until_s BIGINT NOT NULL DEFAULT 0, -- 0: for good
    created_s BIGINT NOT NULL,
    PRIMARY KEY (site, id)
) WITHOUT ROWID;

CREATE TABLE comment (
    id INTEGER PRIMARY KEY,       -- thread · 2^24 + number
    site BIGINT NOT NULL,
    thread BIGINT NOT NULL,
    parent BIGINT NOT NULL DEFAULT 0,  -- the truth; 0: answers the article
    depth BIGINT NOT NULL CHECK (depth BETWEEN 1 AND 32),
    root BIGINT NOT NULL,         -- number of the thread's first comment
    path BLOB NOT NULL,           -- reading order within the conversation: domain/path.h
    state BIGINT NOT NULL CHECK (state BETWEEN 0 AND 4),
    placed BIGINT NOT NULL CHECK (placed IN (0, 1)),
    judged BIGINT NOT NULL DEFAULT 0 CHECK (judged BETWEEN 0 AND 2), -- by moderators: 1 good, 2 bad
    withdrawn_by BIGINT NOT NULL DEFAULT 0 CHECK (withdrawn_by BETWEEN 0 AND 2),
    featured BIGINT NOT NULL DEFAULT 0 CHECK (featured IN (0, 1)),
    reports BIGINT NOT NULL DEFAULT 0 CHECK (reports >= 0), -- those that are open
    campaign BIGINT NOT NULL DEFAULT 0, -- the first comment of the near-copies it is one of
    created_s BIGINT NOT NULL,
    edited_s BIGINT NOT NULL DEFAULT 0,
    commenter BLOB NOT NULL,
    idem BLOB NOT NULL CHECK (length(idem) = 16), -- the form's idempotency key
    text_hash BLOB NOT NULL,      -- keyed, of the folded words; empty when withdrawn
    lang TEXT NOT NULL,
    name TEXT NOT NULL,           -- '' when withdrawn
    text TEXT NOT NULL,           -- as typed; '' when withdrawn
    UNIQUE (site, thread, idem),
    CHECK (state <> 1 OR placed = 1),
    CHECK (state <> 4 OR (text = '' AND name = '' AND length(text_hash) = 0 AND withdrawn_by > 0))
);
CREATE INDEX comment_oldest ON comment (site, thread, path) WHERE placed = 1;
CREATE INDEX comment_newest ON comment (site, thread, root DESC, path) WHERE placed = 1;
CREATE INDEX comment_feed ON comment (site, thread, id DESC) WHERE state = 1;
CREATE INDEX comment_state ON comment (site, state, created_s, id);
CREATE INDEX comment_aside ON comment (site, thread, state, id) WHERE state <> 1;
CREATE INDEX comment_commenter ON comment (site, commenter, thread, id) WHERE placed = 0;
CREATE INDEX comment_history ON comment (site, commenter, created_s, id);
CREATE INDEX comment_featured ON comment (site, created_s, id) WHERE featured = 1;
CREATE INDEX comment_reported ON comment (site, created_s, id) WHERE reports > 0;
CREATE INDEX comment_campaign ON comment (site, campaign, id) WHERE campaign <> 0;
-- By the day first, so that what is written in one day lies together.
CREATE INDEX comment_words ON comment (site, created_s / 86400, text_hash, thread);

CREATE TABLE rating (             -- one answer a reader; rater: a hash that differs per article
    site BIGINT NOT NULL,
    thread BIGINT NOT NULL,
    rater BLOB NOT NULL,
    answer BIGINT NOT NULL CHECK (answer IN (0, 1)),
    PRIMARY KEY (site, thread, rater)
) WITHOUT ROWID;

CREATE TABLE moderator (
    site BIGINT NOT NULL,
    id BIGINT NOT NULL,
    name TEXT NOT NULL,
    password TEXT NOT NULL,       -- Argon2id, as libsodium writes it
    role BIGINT NOT NULL CHECK (role BETWEEN 1 AND 4), -- model/moderator.h
    totp BLOB NOT NULL DEFAULT x'', -- what the shared secret is made from; empty: none
    totp_step BIGINT NOT NULL DEFAULT 0, -- of the last code taken: none is taken twice
    misses BIGINT NOT NULL DEFAULT 0, -- wrong codes since the last good one
    missed_s BIGINT NOT NULL DEFAULT 0, -- when the last of them came
    signed_in_s BIGINT NOT NULL DEFAULT 0, -- the last time
    disabled_s BIGINT NOT NULL DEFAULT 0, -- 0: may sign in
    created_s BIGINT NOT NULL,
    PRIMARY KEY (site, id),
    UNIQUE (site, name)
);

CREATE TABLE session (
    site BIGINT NOT NULL,
    hash BLOB NOT NULL,           -- of the cookie's token
    moderator BIGINT NOT NULL,
    created_s BIGINT NOT NULL,
    expires_s BIGINT NOT NULL,
    used_s BIGINT NOT NULL DEFAULT 0, -- to the hour
    strength BIGINT NOT NULL DEFAULT 1 CHECK (strength BETWEEN 0 AND 3), -- model/moderator.h
    PRIMARY KEY (site, hash)
) WITHOUT ROWID;
CREATE INDEX session_moderator ON session (site, moderator, created_s);
CREATE INDEX session_expires ON session (site, expires_s);

CREATE TABLE decision (           -- only ever added to
    site BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    seq BIGINT NOT NULL,          -- 1, 2, … for each comment
    moderator BIGINT NOT NULL,    -- 0: a rule or the author
    rule TEXT NOT NULL,
    action BIGINT NOT NULL CHECK (action BETWEEN 1 AND 7),
    from_state BIGINT NOT NULL CHECK (from_state BETWEEN 0 AND 4),
    to_state BIGINT NOT NULL CHECK (to_state BETWEEN 0 AND 4),
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    evidence TEXT NOT NULL DEFAULT '', -- of a rule: bytes of the text, "AT+N AT+N …"
    undoes BIGINT NOT NULL DEFAULT 0, -- the seq of the decision that this one takes back
    batch BIGINT NOT NULL DEFAULT 0, -- of many that were made as one
    was_placed BIGINT NOT NULL DEFAULT 0, -- of the comment before a moderator's decision, for undoing
    was_judged BIGINT NOT NULL DEFAULT 0,
    was_featured BIGINT NOT NULL DEFAULT 0,
    was_edited_s BIGINT NOT NULL DEFAULT 0,
    at_s BIGINT NOT NULL,
    PRIMARY KEY (site, comment, seq)
) WITHOUT ROWID;
CREATE INDEX decision_batch ON decision (site, batch, comment) WHERE batch <> 0;
CREATE INDEX decision_at ON decision (site, at_s, comment, seq);
CREATE TRIGGER decision_stays BEFORE UPDATE ON decision
BEGIN
    SELECT RAISE(ABORT, 'a decision is never changed');
END;
CREATE TRIGGER decision_keeps BEFORE DELETE ON decision
BEGIN
    SELECT RAISE(ABORT, 'a decision is never removed');
END;

CREATE TABLE trust_change (       -- what the team thought of a commenter, and since when; only ever
    site BIGINT NOT NULL,         -- added to
    commenter BLOB NOT NULL,
    seq BIGINT NOT NULL,          -- 1, 2, … for each commenter
    moderator BIGINT NOT NULL,
    was_trust BIGINT NOT NULL CHECK (was_trust BETWEEN 0 AND 3), -- of the commenter's row before
    was_until_s BIGINT NOT NULL,
    trust BIGINT NOT NULL CHECK (trust BETWEEN 0 AND 3), -- and from then on
    until_s BIGINT NOT NULL,
    undoes BIGINT NOT NULL DEFAULT 0, -- the seq of the change that this one takes back
    at_s BIGINT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (site, commenter, seq)
) WITHOUT ROWID;
CREATE TRIGGER trust_change_stays BEFORE UPDATE ON trust_change
BEGIN
    SELECT RAISE(ABORT, 'what was thought of a commenter is never changed');
END;
CREATE TRIGGER trust_change_keeps BEFORE DELETE ON trust_change
BEGIN
    SELECT RAISE(ABORT, 'what was thought of a commenter is never removed');
END;

CREATE TABLE batch (              -- many decisions made as one, and taken back as one
    site BIGINT NOT NULL,
    id BIGINT NOT NULL,
    moderator BIGINT NOT NULL,
    action BIGINT NOT NULL CHECK (action BETWEEN 1 AND 7),
    role BIGINT NOT NULL,         -- with which it is made, or taken back
    expected BIGINT NOT NULL,     -- comments, as the moderator was told
    until_s BIGINT NOT NULL,      -- what was written or changed later is left alone
    takes_unseen BIGINT NOT NULL DEFAULT 0 CHECK (takes_unseen IN (0, 1)), -- 1: but not what
                                  -- was written later, up to at_s
    comments BIGINT NOT NULL DEFAULT 0, -- decided so far
    carried BIGINT NOT NULL DEFAULT 0, -- the same of copies that came after it
    undone BIGINT NOT NULL DEFAULT 0, -- of both, taken back so far
    skipped BIGINT NOT NULL DEFAULT 0, -- not decided, though chosen
    kept BIGINT NOT NULL DEFAULT 0, -- decided, and could not be taken back
    after_s BIGINT NOT NULL DEFAULT 0, -- where the last step got
    after_id BIGINT NOT NULL DEFAULT 0,
    is_done BIGINT NOT NULL DEFAULT 0 CHECK (is_done IN (0, 1)), -- nothing is left to do
    undone_s BIGINT NOT NULL DEFAULT 0, -- since when it is being taken back; 0: it is not
    undone_by BIGINT NOT NULL DEFAULT 0,
    stopped_s BIGINT NOT NULL DEFAULT 0, -- since when it goes no further: for whom it was done is
                                  -- shut out; 0: it does, or is done
    at_s BIGINT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    choice TEXT NOT NULL,         -- what it was made on: the filter, as an address has it
    PRIMARY KEY (site, id)
);
CREATE INDEX batch_open ON batch (site, id) WHERE is_done = 0;

CREATE TABLE kept_words (         -- what a moderator withdrew, until it cannot be undone any more
    site BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    until_s BIGINT NOT NULL,
    edited_s BIGINT NOT NULL,
    text_hash BLOB NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (site, comment)
) WITHOUT ROWID;
CREATE INDEX kept_words_until ON kept_words (site, until_s);

CREATE TABLE claim (              -- a card that one of the team works on
    site BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    moderator BIGINT NOT NULL,
    until_s BIGINT NOT NULL,
    PRIMARY KEY (site, comment)
) WITHOUT ROWID;
CREATE INDEX claim_until ON claim (site, until_s);

CREATE TABLE opinion (            -- asks another of the team to decide
    site BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    moderator BIGINT NOT NULL,    -- who asks
    at_s BIGINT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (site, comment)
) WITHOUT ROWID;
CREATE INDEX opinion_at ON opinion (site, at_s, comment);

CREATE TABLE team_note (             -- what only the team sees
    site BIGINT NOT NULL,
    id BIGINT NOT NULL,
    comment BIGINT NOT NULL,      -- 0: on the commenter
    commenter BLOB NOT NULL,      -- empty: on the comment
    moderator BIGINT NOT NULL,
    at_s BIGINT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (site, id)
);
CREATE INDEX team_note_comment ON team_note (site, comment, id) WHERE comment <> 0;
CREATE INDEX team_note_commenter ON team_note (site, commenter, id) WHERE comment = 0;

CREATE TABLE network_key (        -- what the nodes of one site hash networks with, for some hours;
    site BIGINT NOT NULL,         -- empty on SQLite, where the one process has it in memory only
    since_s BIGINT NOT NULL,
    value BLOB NOT NULL CHECK (length(value) = 32),
    PRIMARY KEY (site)
) WITHOUT ROWID;

CREATE TABLE arrival (            -- by which network comments came: hashed with a key that is kept
    site BIGINT NOT NULL,         -- for some hours only, and dropped soon
    comment BIGINT NOT NULL,
    network BLOB NOT NULL,
    at_s BIGINT NOT NULL,
    PRIMARY KEY (site, comment)
) WITHOUT ROWID;
CREATE INDEX arrival_network ON arrival (site, network, at_s, comment);
CREATE INDEX arrival_at ON arrival (site, at_s, comment);

CREATE TABLE rule (               -- domain/rule.h
    site BIGINT NOT NULL,
    id BIGINT NOT NULL,
    kind BIGINT NOT NULL CHECK (kind BETWEEN 1 AND 5),
    does BIGINT NOT NULL CHECK (does BETWEEN 1 AND 3), -- reject, hold, report
    is_on BIGINT NOT NULL CHECK (is_on IN (0, 1)),
    met BIGINT NOT NULL DEFAULT 0 CHECK (met >= 0), -- comments it did something to
    agreed BIGINT NOT NULL DEFAULT 0 CHECK (agreed >= 0), -- of them a moderator kept away
    overruled BIGINT NOT NULL DEFAULT 0 CHECK (overruled >= 0), -- of them a moderator published
    rev BIGINT NOT NULL DEFAULT 1, -- one more with each change: nodes know by it what to read
    changed_s BIGINT NOT NULL,
    moderator BIGINT NOT NULL,
    name TEXT NOT NULL,
    source TEXT NOT NULL,         -- the word list, or the figures of its kind
    PRIMARY KEY (site, id)
);

CREATE TABLE report (             -- a reader's complaint
    site BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    reporter BLOB NOT NULL,       -- keyed hash of a reader's token, another one for each comment
    network BLOB NOT NULL,        -- 8 bytes: as in arrival, another hash for each comment; empty:
    reason TEXT NOT NULL,         -- not known; later a reporter of the same network
    at_s BIGINT NOT NULL,
    closed_s BIGINT NOT NULL DEFAULT 0, -- by a decision
    text TEXT NOT NULL,
    PRIMARY KEY (site, comment, reporter)
) WITHOUT ROWID;
CREATE INDEX report_comment ON report (site, comment, at_s DESC);
CREATE INDEX report_open ON report (site, comment, reason) WHERE closed_s = 0;
CREATE INDEX report_closed ON report (site, closed_s, comment) WHERE closed_s > 0;
CREATE INDEX report_network ON report (site, at_s) WHERE length(network) = 8;

CREATE TABLE campaign (           -- near-copies that somebody decided on, or was told of
    site BIGINT NOT NULL,
    id BIGINT NOT NULL,           -- its first comment
    alert_s BIGINT NOT NULL DEFAULT 0, -- when it became one to be told of; 0: not yet
    action BIGINT NOT NULL DEFAULT 0 CHECK (action BETWEEN 0 AND 5), -- for those to come; 0: none
    moderator BIGINT NOT NULL DEFAULT 0,
    decided_s BIGINT NOT NULL DEFAULT 0,
    batch BIGINT NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (site, id)
);
CREATE INDEX campaign_alert ON campaign (site, alert_s DESC, id DESC) WHERE alert_s > 0;
CREATE INDEX campaign_undecided ON campaign (site) WHERE alert_s > 0 AND decided_s = 0;
CREATE INDEX campaign_batch ON campaign (site, batch) WHERE batch <> 0;

CREATE TABLE control (            -- switches of the whole site: domain/controls.h
    site BIGINT NOT NULL,
    name TEXT NOT NULL,
    value BIGINT NOT NULL,
    changed_s BIGINT NOT NULL,
    moderator BIGINT NOT NULL,
    PRIMARY KEY (site, name)
) WITHOUT ROWID;

CREATE TABLE reason (             -- a site's own list of reasons: domain/reasons.h
    site BIGINT NOT NULL,
    key TEXT NOT NULL,            -- of model/reasons.def, with its words; or a new one: own-1, own-2
    is_on BIGINT NOT NULL CHECK (is_on IN (0, 1)),
    wants_note BIGINT NOT NULL CHECK (wants_note IN (0, 1)),
    is_used BIGINT NOT NULL CHECK (is_used IN (0, 1)), -- a decision gave it: its words stay
    position BIGINT NOT NULL,
    rev BIGINT NOT NULL DEFAULT 1, -- one more with each change of its words
    successor TEXT NOT NULL,      -- the key of the one that words it anew; '': none
    name TEXT NOT NULL,           -- for the team; '': of model/reasons.def
    PRIMARY KEY (site, key),
    CHECK (successor = '' OR is_on = 0)
) WITHOUT ROWID;
CREATE INDEX reason_order ON reason (site, position, key);

CREATE TABLE reason_text (        -- what an author reads for it
    site BIGINT NOT NULL,
    reason TEXT NOT NULL,
    lang TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (site, reason, lang)
) WITHOUT ROWID;

CREATE TABLE thread_message (     -- a line of the newsroom's above a conversation's form
    site BIGINT NOT NULL,
    thread BIGINT NOT NULL,
    lang TEXT NOT NULL,           -- '': for editions without one of their own
    text TEXT NOT NULL,
    PRIMARY KEY (site, thread, lang)
) WITHOUT ROWID;

CREATE TABLE passkey (
    site BIGINT NOT NULL,
    id BLOB NOT NULL,             -- the credential's
    moderator BIGINT NOT NULL,
    public_key BLOB NOT NULL,     -- ES256: x and y
    uses BIGINT NOT NULL,         -- the authenticator's count
    created_s BIGINT NOT NULL,
    used_s BIGINT NOT NULL DEFAULT 0, -- challenges made before are worth nothing
    name TEXT NOT NULL,
    PRIMARY KEY (site, id)
) WITHOUT ROWID;
CREATE INDEX passkey_moderator ON passkey (site, moderator, created_s);

CREATE TABLE recovery_code (      -- each opens once
    site BIGINT NOT NULL,
    moderator BIGINT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (site, moderator, hash)
) WITHOUT ROWID;

CREATE TABLE ledger (             -- what the team did, chained: domain/ledger.h
    site BIGINT NOT NULL,
    seq BIGINT NOT NULL,          -- 1, 2, …
    at_s BIGINT NOT NULL,
    moderator BIGINT NOT NULL,    -- 0: a rule, an author, the program
    kind TEXT NOT NULL,
    body TEXT NOT NULL,           -- "key=value key=value"; ids only, nobody's words or name
    hash BLOB NOT NULL CHECK (length(hash) = 32), -- of the one before and of this
    PRIMARY KEY (site, seq)
);
CREATE INDEX ledger_at ON ledger (site, at_s, seq);

CREATE TABLE ledger_head (        -- signed: what the ledger was when it had that many entries
    site BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    at_s BIGINT NOT NULL,
    hash BLOB NOT NULL,
    previous BIGINT NOT NULL,     -- the seq of the head before; 0: none
    public_key BLOB NOT NULL,
    signature BLOB NOT NULL,      -- Ed25519
    PRIMARY KEY (site, seq)
) WITHOUT ROWID;

CREATE TABLE search_todo (        -- comments whose words the index has yet to learn or forget
    site BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    rev BIGINT NOT NULL,          -- another one each time, so that what was read is told from what is
    PRIMARY KEY (site, comment)
) WITHOUT ROWID;
CREATE TRIGGER comment_is_new AFTER INSERT ON comment
BEGIN
    INSERT INTO search_todo (site, comment, rev) VALUES (new.site, new.id, random())
    ON CONFLICT (site, comment) DO UPDATE SET rev = excluded.rev;
END;
CREATE TRIGGER comment_is_rewritten AFTER UPDATE OF text ON comment
BEGIN
    INSERT INTO search_todo (site, comment, rev) VALUES (new.site, new.id, random())
    ON CONFLICT (site, comment) DO UPDATE SET rev = excluded.rev;
END;

CREATE TRIGGER ledger_stays BEFORE UPDATE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is never changed');
END;
CREATE TRIGGER ledger_keeps BEFORE DELETE ON ledger
BEGIN
    SELECT RAISE(ABORT, 'the ledger is never shortened');
END;
CREATE TRIGGER ledger_head_stays BEFORE UPDATE ON ledger_head
BEGIN
    SELECT RAISE(ABORT, 'a signed head is never changed');
END;
CREATE TRIGGER ledger_head_keeps BEFORE DELETE ON ledger_head
BEGIN
    SELECT RAISE(ABORT, 'a signed head is never removed');
END;
