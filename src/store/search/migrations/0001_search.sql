-- The search index: derived from the newsroom's comments, never the only copy of anything. It stands
-- in a file of its own, so that neither the newsroom's writer nor its backups pay for it.
-- 0001_search.postgres.sql says the same to PostgreSQL: change both.

CREATE TABLE state (              -- how far the index is: domain/search.h
    site BIGINT PRIMARY KEY,
    newsroom BLOB NOT NULL,       -- which newsroom's comments these are
    version BIGINT NOT NULL,      -- of the folding of words
    step BIGINT NOT NULL,         -- the newsroom counts the same steps: a restored backup is behind
    stage BIGINT NOT NULL CHECK (stage BETWEEN 0 AND 2),
    walked BIGINT NOT NULL,       -- comments up to this id are in
    done BIGINT NOT NULL,         -- so many
    total BIGINT NOT NULL,        -- of so many there were when the walk began
    erased BIGINT NOT NULL,       -- 1: words were taken out, but their bytes are still in the file
    purged_s BIGINT NOT NULL      -- when those of before were cleared away
);

CREATE TABLE entry (              -- a comment, in the order in which it is found
    place INTEGER PRIMARY KEY,    -- seconds · 2^24 + a number within the second
    site BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    UNIQUE (site, comment)
);

-- rowid: the entry's place. Words come folded (text/search_words.h), with a space before, between
-- and behind them; the tokenizer leaves them as they are. What they are next to is looked up in the
-- text of those found, so the index itself says only which comments have a word.
CREATE VIRTUAL TABLE words USING fts5 (folded, tokenize = 'ascii', detail = 'none', columnsize = 0);
