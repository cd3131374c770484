"""
How an engine carries out the statements of the store on a newsroom (newsroom.py) that was never
analysed: every statement that serving runs is planned, and none of them may read all of a large
table; then it is run with plausible values, and what it touches is counted: SQLite's steps,
PostgreSQL's pages. Both numbers are the same at every run.

Usage: test_work.py ROOT [--print]     --print: what each statement touched, the most first
AITYS_TEST_DATABASE=postgresql://… runs the same on a database of its own on that server.
"""

import copy
import importlib.machinery
import json
import os
import pathlib
import re
import sqlite3
import subprocess
import sys

import newsroom as room
from values import STEPS_AND_PAGES, WHOLE, value_of

# A statement that is not in STEPS_AND_PAGES may touch so much.
STEPS_MOST, PAGES_MOST = 3_000, 200

# These read all there is, on connections that leave plans to the engine (read_ms is 0).
NOT_SERVED = ("check", "check_references", "copy")
# A newsroom has some dozens of these rows, whatever is written in it.
SMALL = set("moderator rule control section standing passkey secret counter protected_name session"
            " network_key reason reason_text".split())


def store_of(root):
    """The statements that serving runs, as tools/gen_sql reads them; the migrations."""
    loader = importlib.machinery.SourceFileLoader("gen_sql", str(root / "tools/gen_sql"))
    statements, migrations = loader.load_module().store_read(root / "src/store")
    return [s for s in statements if s.place[0].stem not in NOT_SERVED], migrations


def values_of(statement):
    return [value_of(statement, column) for column in statement.ins]


def together_of(statements):
    """Those that have a text for many, as statements of that text."""
    for s in statements:
        if "together" in s.texts:
            many = copy.copy(s)
            many.texts = {"": s.texts["together"], "together": s.texts["together"]}
            yield many


class Sqlite:
    """In memory: what is counted does not depend on where the pages lie."""

    name, unit, column, most = "SQLite", "steps", 0, STEPS_MOST

    def __init__(self, root, migrations):
        del root
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        for _, _, text, _ in migrations:
            self.db.executescript(text)
        self.db.execute("BEGIN")
        for table, rows in room.tables().items():
            columns = room.COLUMNS[table].split()
            if table in room.FILLED_BY_TRIGGERS:
                self.db.execute(f"DELETE FROM {table}")
            self.db.executemany(f"INSERT INTO {table} ({', '.join(columns)})"
                                f" VALUES ({', '.join('?' * len(columns))})", rows)
        self.db.execute("COMMIT")

    def whole(self, statement):
        """(table, step) for each table of which the plan reads all."""
        for row in self.run("EXPLAIN QUERY PLAN " + statement.texts[""].sql(), values_of(statement)):
            found = re.match(r"(SCAN|SEARCH) (\w+)(.*)", row[3])
            if not found or found[2] in ("json_each", "CONSTANT"):
                continue
            bounds = re.search(r"\((.*)\)", found[3])
            if not bounds or bounds[1] == "site=?" or "ANY(" in bounds[1] or "AUTOMATIC" in found[3]:
                yield found[2], row[3]

    def run(self, sql, values):
        # $1, $2, … in SQLite are names, given as numbers without regard to their order.
        numbered = re.sub(r"\$([0-9]+)", r"?\1", sql)
        return self.db.execute(numbered, values).fetchall()

    def touched(self, statement):
        """What it takes, and how many rows came or changed."""
        steps = 0

        def count():
            nonlocal steps
            steps += 1

        self.db.execute("BEGIN")
        before = self.db.total_changes
        self.db.set_progress_handler(count, 1)
        try:
            rows = self.run(statement.texts[""].sql(), values_of(statement))
        finally:
            self.db.set_progress_handler(None, 0)
            changed = self.db.total_changes - before
            self.db.execute("ROLLBACK")
        return steps, changed if statement.writes else len(rows)

    def close(self):
        self.db.close()


class Postgres:
    """psql on a fresh database whose tables are never vacuumed nor analysed."""

    name, unit, column, most = "PostgreSQL", "pages", 1, PAGES_MOST
    types = {"int": "int8", "text": "text", "blob": "bytea"}

    def __init__(self, root, migrations):
        self.server = os.environ["AITYS_TEST_DATABASE"]
        self.database = f"plans_{os.getpid()}"
        self.psql(self.server, f"CREATE DATABASE {self.database}")
        self.address = re.sub(r"^([a-z]+://[^/]*/)[^?]*", rf"\1{self.database}", self.server)
        self.settings = self.serving_settings(root)
        script = [other or text for _, _, text, other in migrations]
        script += [f"ALTER TABLE {table} SET (autovacuum_enabled = off);" for table in room.COLUMNS]
        for table, rows in room.tables().items():
            if table in room.FILLED_BY_TRIGGERS:
                script.append(f"TRUNCATE {table};")
            script.append(f"COPY {table} ({', '.join(room.COLUMNS[table].split())}) FROM stdin;")
            script += ["\t".join(map(self.copied, row)) for row in rows]
            script.append("\\.")
        self.psql(self.address, "\n".join(script) + "\n")
        self.begins = dict(line.split("|", 1) for line in self.psql(
            self.address, "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid, 1, false),"
            " pg_get_indexdef(indexrelid, least(2, indnkeyatts), false) FROM pg_index"
            " WHERE indrelid >= 16384").splitlines())
        self.plans = {}

    @staticmethod
    def psql(address, script):
        done = subprocess.run(["psql", "--no-psqlrc", "-qAt", "-v", "ON_ERROR_STOP=1", address],
                              input=script, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout

    @staticmethod
    def serving_settings(root):
        """What a serving connection says first: src/db/postgres_connect.c."""
        source = (root / "src/db/postgres_connect.c").read_text(encoding="utf-8")
        text = re.search(r'plans_sql\[\] =\s*((?:"[^"]*"\s*)+);', source)[1]
        return "".join(re.findall(r'"([^"]*)"', text))

    @staticmethod
    def copied(value):
        if isinstance(value, bytes):
            return "\\\\x" + value.hex()
        return str(value)

    @staticmethod
    def literal(value):
        if isinstance(value, bytes):
            return f"'\\x{value.hex()}'"
        return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"

    def plan(self, statement):
        """The plan as it was carried out, the second time on its connection."""
        key = (statement.name, statement.texts[""].place)
        if key not in self.plans:
            is_many = statement.texts[""] is statement.texts.get("together")
            types = [self.types[c.type] + "[]" * is_many for c in statement.ins]
            text = statement.texts.get("postgres", statement.texts[""]).sql()
            values = map(self.literal, values_of(statement))
            if is_many:
                values = [f"CAST(ARRAY[{v}] AS {t})" for v, t in zip(values, types)]
            given, takes = ", ".join(values), ", ".join(types)
            run = (f"BEGIN; EXPLAIN (ANALYZE, BUFFERS, COSTS OFF, TIMING OFF, FORMAT JSON)"
                   f" EXECUTE it{f'({given})' if given else ''}; ROLLBACK;")
            told = self.psql(self.address, f"{self.settings};\n\\echo\n"
                             f"PREPARE it{f'({takes})' if takes else ''} AS {text};\n{run}\n{run}")
            whole = told[told.index("[") :]
            _, end = json.JSONDecoder().raw_decode(whole)
            self.plans[key] = json.loads(whole[end:])[0]["Plan"]
        return self.plans[key]

    def nodes(self, node):
        yield node
        for below in node.get("Plans", ()):
            yield from self.nodes(below)

    def whole(self, statement):
        for node in self.nodes(self.plan(statement)):
            kind = node["Node Type"]
            told = f"{kind} {node.get('Index Name', '')} {node.get('Index Cond', '')}"
            if "Bitmap" in kind or kind in ("Seq Scan", "Hash Join", "Merge Join"):
                yield node.get("Relation Name", kind), told
            elif kind in ("Index Scan", "Index Only Scan"):
                # Its first two columns are bound: the site's part is not walked from end to end.
                bound = node.get("Index Cond", "")
                if not all(re.search(rf"(?<!\w){re.escape(column.strip('()'))}(?!\w)", bound)
                           for column in self.begins[node["Index Name"]].split("|")):
                    yield node["Relation Name"], told

    def touched(self, statement):
        plan = self.plan(statement)
        return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"], None

    def close(self):
        self.psql(self.server, f"DROP DATABASE {self.database} WITH (FORCE)")


def large_tables_are_searched(engine, statements):
    """Complaints about statements whose plan reads all of a large table."""
    aliases = re.compile(r"\b(?:FROM|JOIN|UPDATE|INTO) (\w+)(?: (?:AS )?(?!SET\b|ON\b|WHERE\b)(\w+))?")
    for s in statements:
        names = {alias or table: table for table, alias in aliases.findall(s.texts[""].sql())}
        for table, step in engine.whole(s):
            table = names.get(table, table)
            known = table in room.COLUMNS or table in ("Hash Join", "Merge Join")
            if known and table not in SMALL and (s.name, table) not in WHOLE:
                yield f"{s.name}: {step}"


def little_is_touched(engine, statements, prints):
    """Complaints about statements that touch more than they may, or whose values find nothing."""
    took = []
    for s in statements:
        most = STEPS_AND_PAGES.get(s.name, (STEPS_MOST, PAGES_MOST))[engine.column]
        try:
            n, rows = engine.touched(s)
        except (sqlite3.Error, RuntimeError) as refused:
            yield f"{s.name}: {refused}"
            continue
        took.append((n, s.name, rows))
        if n > most:
            yield f"{s.name}: {n} {engine.unit}, at most {most} are expected"
        if rows == 0:
            yield f"{s.name}: its values find nothing"
    for n, name, rows in sorted(took, reverse=True) if prints else ():
        print(f"# {n:7} {engine.unit} {name} {'' if rows is None else rows}")


def lists_are_current(statements):
    """Complaints about exceptions for statements that are not there."""
    known = {s.name for s in statements}
    named = {name for name, _ in WHOLE} | set(STEPS_AND_PAGES)
    return [f"there is no statement {name}" for name in sorted(named - known)]


def main():
    root = pathlib.Path(sys.argv[1])
    statements, migrations = store_of(root)
    engine = (Postgres if os.environ.get("AITYS_TEST_DATABASE") else Sqlite)(root, migrations)
    if isinstance(engine, Postgres):
        statements += list(together_of(statements))
    try:
        checks = [
            ("large tables are searched, not read", large_tables_are_searched(engine, statements)),
            ("little is touched", little_is_touched(engine, statements, "--print" in sys.argv)),
            ("lists of exceptions are current", lists_are_current(statements)),
        ]
        print(f"1..{len(checks)}")
        failed = 0
        for number, (what, complaints) in enumerate(checks, 1):
            told = list(complaints)
            failed += bool(told)
            print(f"{'not ok' if told else 'ok'} {number} - {what}: {len(statements)} statements"
                  f" on {engine.name}")
            for complaint in told:
                print(f"# {complaint}")
    finally:
        engine.close()
    return failed > 0


sys.exit(main())
