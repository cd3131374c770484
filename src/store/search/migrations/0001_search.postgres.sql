-- What 0001_search.sql says, for PostgreSQL: in a schema of its own in the newsroom's database.

CREATE TABLE state (              -- how far the index is: domain/search.h
    site BIGINT PRIMARY KEY,
    newsroom BYTEA NOT NULL,      -- which newsroom's comments these are
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
    place BIGINT PRIMARY KEY,     -- seconds · 2^24 + a number within the second
    site BIGINT NOT NULL,
    comment BIGINT NOT NULL,
    UNIQUE (site, comment)
);

CREATE TABLE words (              -- of entries, folded: text/search_words.h
    rowid BIGINT PRIMARY KEY,     -- the entry's place
    folded TEXT NOT NULL          -- with a space before, between and behind them
) WITH (
    -- As in comment: erased words leave at the next vacuum.
    autovacuum_vacuum_threshold = 0,
    autovacuum_vacuum_scale_factor = 0
);
ALTER TABLE words ALTER folded SET STATISTICS 0;
CREATE INDEX words_folded ON words
    USING gin (array_to_tsvector(string_to_array(btrim(folded), ' '))) WITH (fastupdate = off);
