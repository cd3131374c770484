-- Pictures and their sizes.

-- statement: picture_add
-- about: Adds a picture; changes nothing when it is there.
-- least: administrator
-- in: site int, hash blob, extension text, width int, height int, widths text
-- rows: none
INSERT INTO picture (site, hash, extension, width, height, widths)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING;

-- statement: picture_find
-- about: Whether a picture is stored.
-- least: administrator
-- in: site int, hash blob
-- out: width int
-- rows: maybe
SELECT width FROM picture WHERE site = $1 AND hash = $2;

-- statement: picture_file_add
-- about: Adds one size of a picture.
-- least: administrator
-- in: site int, hash blob, width int, bytes blob
-- rows: none
-- errors: late
INSERT INTO picture_file (site, hash, width, bytes) VALUES ($1, $2, $3, $4);

-- statement: picture_file_get
-- about: One size of a picture.
-- least: reader
-- in: site int, hash blob, width int
-- out: extension text, bytes blob
-- rows: maybe
SELECT p.extension, f.bytes
FROM picture_file f JOIN picture p ON p.site = f.site AND p.hash = f.hash
WHERE f.site = $1 AND f.hash = $2 AND f.width = $3;
