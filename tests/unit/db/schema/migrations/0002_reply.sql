CREATE TABLE reply (
    id BIGINT NOT NULL PRIMARY KEY,
    note BIGINT NOT NULL REFERENCES note (id)
);
CREATE INDEX reply_by_note ON reply (note);
