CREATE TABLE note (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    words TEXT,
    mark BLOB,
    number BIGINT CHECK (number <> 13)
) WITHOUT ROWID;
