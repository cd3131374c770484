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
    UNIQUE (site, lang, slug)
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
    judged BIGINT NOT NULL DEFAULT 0 CHECK (judged IN (0, 1, 2)), -- by moderators: 1 good, 2 bad
    withdrawn_by BIGINT NOT NULL DEFAULT 0 CHECK (withdrawn_by IN (0, 1, 2)),
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
CREATE INDEX comment_commenter ON comment (site, commenter, thread, id);
CREATE INDEX comment_repeat ON comment (site, thread, text_hash, created_s);

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
    role BIGINT NOT NULL CHECK (role IN (1, 3)),
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
    PRIMARY KEY (site, hash)
) WITHOUT ROWID;
CREATE INDEX session_expires ON session (site, expires_s);

CREATE TABLE decision (           -- only ever added to
    site BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    seq BIGINT NOT NULL,          -- 1, 2, … for each comment
    moderator BIGINT NOT NULL,    -- 0: a rule or the author
    rule TEXT NOT NULL,
    action BIGINT NOT NULL CHECK (action BETWEEN 1 AND 5),
    from_state BIGINT NOT NULL CHECK (from_state BETWEEN 0 AND 4),
    to_state BIGINT NOT NULL CHECK (to_state BETWEEN 0 AND 4),
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    at_s BIGINT NOT NULL,
    PRIMARY KEY (site, comment, seq)
) WITHOUT ROWID;
CREATE INDEX decision_at ON decision (site, at_s, comment, seq);
CREATE TRIGGER decision_stays BEFORE UPDATE ON decision
BEGIN
    SELECT RAISE(ABORT, 'a decision is never changed');
END;
CREATE TRIGGER decision_keeps BEFORE DELETE ON decision
BEGIN
    SELECT RAISE(ABORT, 'a decision is never removed');
END;
