"""What tools/gen_sql refuses, and where it says the fault is. Usage: test_gen_sql.py GEN_SQL"""

import pathlib
import subprocess
import sys
import tempfile

HEAD = "-- statement: a\n-- about: A.\n-- least: reader\n"
CASES = [  # what, the file, the line of the fault (None: none), words of the refusal
    ("a good one passes", HEAD + "-- in: n int\n-- out: n int\n-- rows: one\nSELECT $1", None, ""),
    ("unknown key", HEAD + "-- row: none\nDELETE FROM t", 4, "unknown key"),
    ("no about", "-- statement: a\n-- least: reader\n-- rows: none\nDELETE FROM t", 1, "'about'"),
    ("unknown role", HEAD.replace("reader", "god") + "-- rows: none\nDELETE FROM t", 3, "'least'"),
    ("unused value", HEAD + "-- in: a int, b int\n-- rows: none\nDELETE FROM t WHERE x = $1", 6,
     "$2 (b) is unused"),
    ("too many parameters", HEAD + "-- in: a int\n-- rows: none\nDELETE FROM t WHERE x=$1 OR y=$2",
     6, "$2 is not among"),
    ("unused by PostgreSQL's", HEAD + "-- in: a int\n-- rows: none\nDELETE FROM t WHERE x=$1;\n"
     "-- postgres:\nDELETE FROM t", 7, "is unused"),
    ("star", HEAD + "-- out: a int\n-- rows: one\nSELECT\n * FROM t", 7, "'*'"),
    ("star of a table", HEAD + "-- out: a int\n-- rows: one\nSELECT t.* FROM t", 6, "'*'"),
    ("count(*) is no star", HEAD + "-- out: a int\n-- rows: one\nSELECT count(*) FROM t", None, ""),
    ("text put together", HEAD + "-- in: a text\n-- out: a text\n-- rows: one\nSELECT 'x' || $1",
     7, "put together"),
    ("columns miscounted", HEAD + "-- out: a int, b int\n-- rows: one\nSELECT f(x, y) FROM t", 6,
     "1 columns come out"),
    ("returning miscounted", HEAD + "-- out: a int\n-- rows: one\nDELETE FROM t RETURNING a, b", 6,
     "2 columns come out"),
    ("out without rows", HEAD + "-- out: a int\n-- rows: none\nDELETE FROM t", 1, "'out'"),
    ("twice", (HEAD + "-- rows: none\nDELETE FROM t;\n\n") * 2, 7, "too"),
    ("two statements", HEAD + "-- rows: none\nDELETE FROM t; DELETE FROM u", 5, "second SQL"),
    ("a word of C", HEAD + "-- in: int int\n-- rows: none\nDELETE FROM t WHERE x=$1", 4, "in C"),
    ("unknown type", HEAD + "-- in: a real\n-- rows: none\nDELETE FROM t WHERE x=$1", 4, "type"),
    ("late errors of a read", HEAD + "-- out: a int\n-- rows: one\n-- errors: late\nSELECT 1", 1,
     "'errors: late'"),
    ("together, and waited for", HEAD + "-- in: a int\n-- rows: none\nDELETE FROM t WHERE x=$1;\n"
     "-- together:\nDELETE FROM t WHERE x = ANY ($1)", 1, "'together' goes with"),
    ("together, otherwise", HEAD + "-- in: a int\n-- rows: none\n-- errors: late\n"
     "DELETE FROM t WHERE x=$1;\n-- together:\nDELETE FROM t", 8, "is unused"),
    ("together twice", HEAD + "-- in: a int\n-- rows: none\n-- errors: late\n"
     "DELETE FROM t WHERE x=$1;\n" + "-- together:\nDELETE FROM t WHERE x = ANY ($1);\n" * 2, 10,
     "a second text"),
    ("no statement", HEAD + "-- rows: none\nPRAGMA x", 5, "does not begin"),
]


def refusal(gen_sql, text):
    with tempfile.TemporaryDirectory() as folder:
        store = pathlib.Path(folder)
        (store / "sql").mkdir()
        (store / "sql" / "x.sql").write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, gen_sql, "--out", folder, folder],
            capture_output=True, text=True, check=False)
        return done.returncode, done.stderr


def main():
    print(f"1..{len(CASES)}")
    failed = 0
    for number, (what, text, line, words) in enumerate(CASES, 1):
        code, told = refusal(sys.argv[1], text)
        fits = code == 0 if line is None else f"x.sql:{line}: " in told and words in told
        failed += not fits
        print(f"{'ok' if fits else 'not ok'} {number} - {what}")
        if not fits:
            print(f"# {told.strip()}")
    return failed > 0


sys.exit(main())
