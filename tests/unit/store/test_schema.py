"""
What the schema promises of sharding: every table carries the site, and so does every key, so that
the tables can be distributed by site; and no number comes from a sequence of the database, which each
shard would have of its own. Both texts of each migration are asked, of the newsroom and of its search
index: SQLite has carried them out, and PostgreSQL where there is a server.

Usage: test_schema.py ROOT
AITYS_TEST_DATABASE=postgresql://… asks PostgreSQL, on a database of its own on that server.
"""

import importlib.machinery
import os
import pathlib
import re
import sqlite3
import subprocess
import sys

STORES = ("src/store", "src/store/search")

# Tables without the site, and why.
WITHOUT_SITE = {
    "schema_migration": "which migrations a database has had, whatever sites are in it; made by the"
                        " driver, before there is a schema",
    "words": "what the search index says of an entry, which carries the site: the same key; a table of"
             " FTS5 takes no column that it does not index. The index is derived, and made anew where"
             " its comments are",
}
# Keys without the site, and why: (table, columns).
KEYS_WITHOUT_SITE = {
    ("thread", "id"): "on SQLite it is the rowid, which orders the file; the shard is part of the id, so"
                      " that no two sites of all shards have the same. A file holds one shard",
    ("article", "id"): "its conversation's id",
    ("comment", "id"): "its conversation's id and a number in it",
    ("entry", "place"): "of the search index, which is in the order of places; derived, as words",
    ("words", "rowid"): "the entry's place",
    ("schema_migration", "number"): "as the table",
}
SEQUENCES = re.compile(r"\b(AUTOINCREMENT|(?:SMALL|BIG)?SERIAL[248]?|SEQUENCE|IDENTITY|nextval)\b", re.I)


def migrations_of(root, store):
    """(path's name for complaints, SQLite's text, PostgreSQL's text)"""
    loader = importlib.machinery.SourceFileLoader("gen_sql", str(root / "tools/gen_sql"))
    for number, name, text, other in loader.load_module().migrations_read(root / store / "migrations"):
        yield f"{store}: {number:04}_{name}", text, other or text


def code_of(text):
    return re.sub(r"--[^\n]*", "", text)


def sqlite_tables(migrations):
    """name → (columns, keys: tuples of columns)"""
    db = sqlite3.connect(":memory:", isolation_level=None)
    for _, text, _ in migrations:
        db.executescript(text)
    found = {}
    for (name, sql) in db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall():
        if re.match(r"sqlite_|words_", name):  # its own, and FTS5's
            continue
        columns = {row[1]: row for row in db.execute(f"PRAGMA table_info({name})")}
        keys = {tuple(n for n, row in sorted(columns.items(), key=lambda c: c[1][5]) if row[5])}
        for index in db.execute(f"PRAGMA index_list({name})").fetchall():
            if index[2]:
                keys.add(tuple(row[2] for row in db.execute(f"PRAGMA index_info({index[1]})")))
        if sql.startswith("CREATE VIRTUAL"):
            keys = {("rowid",)}
        found[name] = ({n for n, row in columns.items() if row[3] or row[5]}, keys)
    return found


def psql(address, script):
    done = subprocess.run(["psql", "--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", address],
                          input=script, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout.splitlines()


def postgres_tables(server, migrations):
    """As sqlite_tables; sequences are told as a table of that name."""
    database = f"schema_{os.getpid()}"
    psql(server, f"CREATE DATABASE {database}")
    try:
        address = re.sub(r"^([a-z]+://[^/]*/)[^?]*", rf"\1{database}", server)
        psql(address, "\n".join(text for _, _, text in migrations))
        where = "relnamespace = current_schema()::regnamespace"
        found = {f"(sequence) {name}": (set(), set()) for name in psql(
            address, f"SELECT relname FROM pg_class WHERE relkind = 'S' AND {where}")}
        for line in psql(address, "SELECT c.relname, string_agg(a.attname, ',') FROM pg_class c"
                         " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attnotnull"
                         f" WHERE c.relkind IN ('r', 'p') AND c.{where} GROUP BY 1"):
            name, columns = line.split("|")
            found[name] = (set(columns.split(",")), set())
        for line in psql(address, "SELECT c.relname, (SELECT string_agg(pg_get_indexdef(i.indexrelid, n,"
                         " false), ',' ORDER BY n) FROM generate_series(1, i.indnkeyatts) n)"
                         " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid"
                         f" WHERE i.indisunique AND c.{where}"):
            name, columns = line.split("|")
            found[name][1].add(tuple(columns.split(",")))
        return found
    finally:
        psql(server, f"DROP DATABASE {database} WITH (FORCE)")


def carry_the_site(tables):
    for name, (columns, keys) in sorted(tables.items()):
        if "site" not in columns and name not in WITHOUT_SITE:
            yield f"{name} has no column site that is never null"
        for key in keys:
            if key and "site" not in key and (name, ",".join(key)) not in KEYS_WITHOUT_SITE:
                yield f"{name}: the key ({', '.join(key)}) is without the site"


def no_sequences(migrations):
    for what, *texts in migrations:
        for text in texts:
            for found in SEQUENCES.finditer(code_of(text)):
                yield f"{what}: {found[0]}"


def tables_outside(root, known):
    """Tables that C code makes by itself are of the schema as well, or stand in the list."""
    for path in sorted((root / "src").rglob("*.[ch]")):
        for name in re.findall(r"CREATE (?:UNLOGGED |VIRTUAL )?TABLE (?:IF NOT EXISTS )?(\w+)",
                               path.read_text(encoding="utf-8")):
            if name not in WITHOUT_SITE and name not in known:
                yield f"{path.relative_to(root)} makes a table {name}"


def lists_are_current(tables):
    driver = {"schema_migration"}
    for name in sorted(WITHOUT_SITE.keys() - tables.keys() - driver):
        yield f"there is no table {name}"
    for name, key in sorted(KEYS_WITHOUT_SITE):
        if name not in driver and tuple(key.split(",")) not in tables.get(name, ((), ()))[1]:
            yield f"{name} has no key ({key})"


def main():
    root = pathlib.Path(sys.argv[1])
    server = os.environ.get("AITYS_TEST_DATABASE")
    migrations, tables = [], {}
    for store in STORES:
        own = list(migrations_of(root, store))
        migrations += own
        tables |= postgres_tables(server, own) if server else sqlite_tables(own)
    engine = "PostgreSQL" if server else "SQLite"
    checks = [
        (f"every table and every key carries the site: {len(tables)} tables on {engine}",
         carry_the_site(tables)),
        ("no number comes from a sequence", no_sequences(migrations)),
        ("no table is made elsewhere", tables_outside(root, tables)),
    ]
    if not server:  # some keys are without the site there only
        checks.append(("lists of exceptions are current", lists_are_current(tables)))
    print(f"1..{len(checks)}")
    failed = 0
    for number, (what, complaints) in enumerate(checks, 1):
        told = list(complaints)
        failed += bool(told)
        print(f"{'not ok' if told else 'ok'} {number} - {what}")
        for complaint in told:
            print(f"# {complaint}")
    return failed > 0


sys.exit(main())
