CREATE TABLE note (
    id BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    words TEXT,
    mark BYTEA,
    number BIGINT CHECK (number <> 13)
);
