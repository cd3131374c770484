#!/usr/bin/env python3
"""Prints what comments a newsroom's SQLite file holds, beside its server: for soak tests.

Usage: stored.py FILE SINCE
SINCE   JSON, {"conversation's id": comment's id, …}: older ones are left out; null: all are
Prints  JSON, {"last": as SINCE for the next call, "texts": {text: how often}}
"""
import json
import sqlite3
import sys

SEQUENCE_BITS = 24  # a comment's id is its conversation's with its number behind it


def main() -> None:
    since = json.loads(sys.argv[2])
    db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True, timeout=30)
    db.execute("BEGIN")
    last, texts = {}, {}
    if since is None:
        last = dict(db.execute("SELECT thread, max(id) FROM comment GROUP BY thread").fetchall())
        json.dump({"last": last, "texts": {}}, sys.stdout)
        return
    for (thread,) in db.execute("SELECT id FROM thread").fetchall():
        newest = since.get(str(thread), 0)
        for number, text in db.execute("SELECT id, text FROM comment WHERE id > ? AND id < ?",
                                       (max(newest, thread << SEQUENCE_BITS),
                                        (thread + 1) << SEQUENCE_BITS)):
            newest = max(newest, number)
            texts[text] = texts.get(text, 0) + 1
        last[thread] = newest
    json.dump({"last": last, "texts": texts}, sys.stdout)


main()
