"""
Fills every table of a newsroom's SQLite file with rows of unusual values, made from the catalogue: what
a column may hold is read from its type and its CHECK, not from a list of tables. Prints the tables.

    fill.py FILE ROWS
"""

import random
import re
import sqlite3
import sys

LEAST, MOST = -(1 << 63), (1 << 63) - 1
INTS = (0, 1, -1, MOST, LEAST + 1, 1 << 53, -(1 << 32), 255)
TEXTS = ("", " ", "Айтыс — қазақша: ә ғ қ ң ө ұ ү һ і", "й\u0306 e\u0301 \u200f\u202e", "عربي مشكول: حَرَكَات",
         "漢字、かな", "👩🏽\u200d🚀\U0010ffff", "a|b\tc\r\nd\\'\"%_\x01\x7f", "İıŁß", "ZAza\ufeff", "null", "\\x00")
BLOBS = (b"", b"\0", b"\0\0\0\0", b"\\x00'\"", bytes(range(256)), b"\xff" * 9, b"a\0b")
LONG = 100_000  # characters or bytes, once in each column that no index holds
TRIES = 1000

random.seed(7)


class Column:
    """What a column may hold."""

    def __init__(self, row, sql, indexed):
        _, self.name, self.type, not_null, _, self.key = row
        self.may_be_null = not not_null and not self.key
        self.is_indexed = self.name in indexed or bool(self.key)
        self.length, self.choice, self.least = None, None, LEAST + 1
        name = re.escape(self.name)
        if m := re.search(rf"length\({name}\) = (\d+)", sql):
            self.length = int(m[1])
        if m := re.search(rf"\b{name} BETWEEN (-?\d+) AND (\d+)", sql):
            self.choice = range(int(m[1]), int(m[2]) + 1)
        elif m := re.search(rf"\b{name} IN \(([\d, ]+)\)", sql):
            self.choice = [int(n) for n in m[1].split(",")]
        elif re.search(rf"CHECK \({name} >= 0\)", sql) or self.name == "site":
            self.least = 0  # a site of -1 is the copy's own

    def usual(self):
        """One of many, so that keys differ."""
        if self.type in ("BIGINT", "INTEGER"):
            return random.choice(self.choice) if self.choice else random.randint(self.least, MOST)
        if self.type == "TEXT":
            return random.choice(TEXTS) + str(random.getrandbits(40))
        return bytes(random.choice((0, 0, 255, random.getrandbits(8))) for _ in range(self.length or 24))

    def value(self, n):
        """Of the nth row."""
        if self.may_be_null and n % 5 == 4:
            return None
        if self.type in ("BIGINT", "INTEGER"):
            few = self.choice or [n for n in INTS if n >= self.least]
        elif self.type == "TEXT":
            few = TEXTS
        else:
            few = BLOBS if self.length is None else (bytes(self.length), b"\0" + b"\xff" * (self.length - 1))
        if n < len(few):
            return few[n]
        if n == len(few) and not self.is_indexed and self.length is None and self.type in ("TEXT", "BLOB"):
            long = "".join(random.choice(TEXTS[2:]) for _ in range(LONG // 8))
            return long if self.type == "TEXT" else random.randbytes(LONG) + b"\0"
        return self.usual()


def indexed_of(db, table):
    """Columns in any index, by name; an expression's columns too."""
    found = set()
    for (sql,) in db.execute("SELECT sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql <> ''", (table,)):
        found |= set(re.findall(r"\w+", sql.split("(", 1)[1]))
    for _, index, *_ in db.execute(f"PRAGMA index_list({table})").fetchall():
        found |= {name for _, _, name in db.execute(f"PRAGMA index_info({index})") if name}
    return found


def fill(db, table, sql, rows):
    indexed = indexed_of(db, table)
    columns = [Column(row, sql, indexed) for row in db.execute(f"PRAGMA table_info({table})").fetchall()]
    names, marks = ", ".join(c.name for c in columns), ", ".join("?" * len(columns))
    for n in range(rows):
        values = [c.value(n) for c in columns]
        for tries in range(TRIES):
            try:
                db.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", values)
                break
            except sqlite3.IntegrityError:
                # Columns that belong together: another value in one of them, then in more and more.
                values = [c.usual() if random.randrange(len(columns)) <= tries // 4 else v
                          for c, v in zip(columns, values)]
                if tries == TRIES - 1:
                    raise


def main():
    path, rows = sys.argv[1], int(sys.argv[2])
    db = sqlite3.connect(path)
    found = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                       " ORDER BY name = 'search_todo', name").fetchall()
    for table, sql in found:
        if table == "search_todo":  # its rows come by triggers
            db.execute("DELETE FROM search_todo")
        fill(db, table, sql, rows)
    db.commit()
    print("\n".join(table for table, _ in found))


main()
