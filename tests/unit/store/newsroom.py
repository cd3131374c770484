"""
A newsroom in rows, the same at every run: one conversation of 20,000 comments, 200 short ones, and
around them what a busy year leaves behind. Each table is a list of tuples in the order of COLUMNS.
"""

import hashlib
import itertools

SITE = 1
NOW_S = 1_800_000_000
THREAD, THREADS, ARTICLES = 7, 200, 300  # the long conversation; those with comments; all
LONG, SHORT = 20_000, 20  # comments in the long conversation and in each short one
NUMBERS = 1 << 24
LANGS = ("en", "ru", "kk")
HELD, PUBLISHED, REJECTED, SPAM, WITHDRAWN = range(5)
COPIES = 1_000  # comments of the largest campaign
REPORTS = 1_000  # on the comment that is reported most

FILLED_BY_TRIGGERS = ("search_todo",)  # emptied, before it gets its rows
COLUMNS = {
    "secret": "site name value",
    "counter": "site name next_id",
    "network_key": "site since_s value",
    "thread": "id site mode next_number placed held",
    "thread_message": "site thread lang text",
    "article": "id site key",
    "edition": "site article lang slug section published_s source headline dateline standfirst body",
    "moved": "site lang slug article",
    "byline": "site article lang position author name published_s",
    "picture": "site hash extension width height widths",
    "picture_file": "site hash width bytes",
    "edition_picture": "site article lang position hash caption credit alt",
    "section": "site lang key slug name about source",
    "standing": "site lang key slug title source body",
    "protected_name": "site skeleton name",
    "commenter": "site id key_hash trust created_s",
    "comment": "id site thread parent depth root path state placed judged withdrawn_by featured"
    " reports campaign created_s commenter idem text_hash lang name text",
    "search_todo": "site comment rev",
    "decision": "site comment seq moderator rule action from_state to_state reason note undoes batch"
    " at_s",
    "trust_change": "site commenter seq moderator was_trust was_until_s trust until_s undoes at_s"
    " reason note",
    "arrival": "site comment network at_s",
    "report": "site comment reporter network reason at_s closed_s text",
    "rating": "site thread rater answer",
    "kept_words": "site comment until_s edited_s text_hash name text",
    "claim": "site comment moderator until_s",
    "opinion": "site comment moderator at_s note",
    "team_note": "site id comment commenter moderator at_s text",
    "campaign": "site id alert_s action moderator decided_s batch reason",
    "batch": "site id moderator action role expected until_s is_done at_s reason note choice",
    "rule": "site id kind does is_on changed_s moderator name source",
    "control": "site name value changed_s moderator",
    "reason": "site key is_on wants_note is_used position successor name",
    "reason_text": "site reason lang text",
    "moderator": "site id name password role created_s",
    "session": "site hash moderator created_s expires_s used_s strength",
    "passkey": "site id moderator public_key uses created_s name",
    "recovery_code": "site moderator hash",
    "ledger": "site seq at_s moderator kind body hash",
    "ledger_head": "site seq at_s hash previous public_key signature",
}


def digest(what, n_bytes=16):
    """Bytes that stand for what is random or hashed in a newsroom."""
    return hashlib.blake2b(str(what).encode(), digest_size=n_bytes).digest()


def path_number(number):
    """As src/domain/path.h has it: 1 to 4 bytes whose first tells how many."""
    for n_bytes, (bits, lead) in enumerate(((7, 0), (14, 0x80), (21, 0xC0), (28, 0xE0)), 1):
        if number < 1 << bits:
            return (lead << 8 * (n_bytes - 1) | number).to_bytes(n_bytes, "big")
    raise ValueError(number)


def comment_id(thread, number):
    return thread * NUMBERS + number


def commenter_of(serial):
    """One wrote a tenth of the long conversation, the others some comments each."""
    return digest("loud" if serial % 10 == 5 else f"commenter {serial % 4_000}")


def state_of(number):
    return {5: HELD, 25: REJECTED, 45: SPAM, 65: WITHDRAWN}.get(number % 100, PUBLISHED)


def comments_of(thread, n, first_serial, step_s):
    """The comments of a conversation: every third begins a thread, the others go on in it."""
    first_s = NOW_S - n * step_s
    depth, root, path, parent = 0, 0, b"", 0
    for number in range(1, n + 1):
        if number % 3 == 1 or depth == 12:
            depth, root, path, parent = 1, number, b"", 0
        else:
            depth += 1
        path += path_number(number)
        serial, state, me = first_serial + number, state_of(number), comment_id(thread, number)
        gone = state == WITHDRAWN
        reports = REPORTS if me == comment_id(THREAD, 2) else int(number % 200 == 7)
        is_copy = thread == THREAD and number % (LONG // COPIES) == 1
        yield (me, SITE, thread, parent, depth, root, path, state,
               int(state in (PUBLISHED, WITHDRAWN)), 2 if state in (REJECTED, SPAM) else 0,
               2 if gone else 0, int(number % 500 == 11), reports,
               comment_id(THREAD, 1) if is_copy else 0, first_s + number * step_s,
               commenter_of(serial), digest(f"idem {me}"),
               b"" if gone else digest(f"words {number % 5_000}"), LANGS[number % 3],
               "" if gone else f"Reader {serial % 4_000}",
               "" if gone else f"Words of comment {number}, and then some more of them. " * 3)
        if state in (PUBLISHED, WITHDRAWN):
            parent = me
        else:
            depth = 12  # nothing answers it: the next begins a thread


def closed_report():
    """A comment of the long conversation with a closed report, and when it was closed."""
    number = next(n for n in range(1, LONG) if comment_id(THREAD, n) % 97 == 0)
    return comment_id(THREAD, number), NOW_S - (LONG - number) * 60 + 900


def talk():
    """Conversations and what stands in rows of their comments."""
    comments = list(comments_of(THREAD, LONG, 0, 60))
    for thread in range(1, THREADS + 1):
        if thread != THREAD:
            comments += comments_of(thread, SHORT, thread * 100, 3_600)
    decisions, reports = [], []
    for c in comments:
        me, state, at_s = c[0], c[7], c[14]
        if state != PUBLISHED:
            decisions.append((SITE, me, 1, 0, "mode:held", 5, HELD, HELD, "", "", 0, 0, at_s))
        if state in (REJECTED, SPAM, WITHDRAWN):
            decisions.append((SITE, me, 2, 1 + me % 9, "", state, HELD, state, "rude", "", 0,
                              me % 50, at_s + 600))
        for n in range(c[12]):
            reports.append((SITE, me, digest(f"reporter {me} {n}"), digest(f"net {me} {n % 900}", 8),
                            "spam", at_s + 60 + n, 0, ""))
        if me % 97 == 0:
            reports.append((SITE, me, digest(f"closed {me}"), b"", "spam", at_s, at_s + 900, ""))
    tables = {"comment": comments, "decision": decisions, "report": reports}
    tables["commenter"] = [(SITE, who, digest(who, 32), 3 if n % 100 == 99 else 0, NOW_S - 1_000_000)
                           for n, who in enumerate(sorted({c[15] for c in comments}))]
    # The loudest was decided on again and again, and each second time taken back.
    tables["trust_change"] = [(SITE, who, 1, 1 + n % 9, 0, 0, 3, 0, 0, NOW_S - n, "rude", "")
                              for n, (_, who, _, trust, _) in enumerate(tables["commenter"]) if trust]
    tables["trust_change"] += [(SITE, commenter_of(5), n, 1, 1 - n % 2, 0, n % 2, 0,
                                0 if n % 2 else n - 1, NOW_S - 900 + n, "", "") for n in range(2, 202)]
    tables["search_todo"] = [(SITE, comment_id(THREAD, LONG - n), 1) for n in range(60)]
    # A mobile operator's network brought a fifth of all.
    tables["arrival"] = [(SITE, c[0], digest("operator" if c[0] % 5 == 0 else c[0] % 4_001), c[14])
                         for c in comments]
    held = [c for c in comments if c[7] == HELD]
    tables["kept_words"] = [(SITE, c[0], c[14] + 900, 0, digest(c[0]), "Name", "Words")
                            for c in comments if c[7] == WITHDRAWN]
    tables["claim"] = [(SITE, c[0], 1 + n % 9, NOW_S + 60 - n) for n, c in enumerate(held[:100])]
    tables["opinion"] = [(SITE, c[0], 1 + n % 9, c[14] + 60, "?") for n, c in enumerate(held)]
    tables["team_note"] = [(SITE, n, c[0] if n % 4 < 2 else 0, b"" if n % 4 < 2 else c[15], 1,
                            c[14], "Note") for n, c in enumerate(comments[:2_000], 1)]
    tables["campaign"] = [(SITE, c[0], c[14], n % 2, n % 2, n % 2 * NOW_S, n % 2 * n, "")
                          for n, c in enumerate(comments[:20_000:20])]
    by_thread = itertools.groupby(sorted(comments), key=lambda c: c[2])
    sums = {thread: list(rows) for thread, rows in by_thread}
    tables["thread"] = [(t, SITE, 0, len(sums.get(t, ())) + 1, sum(c[8] for c in sums.get(t, ())),
                         sum(c[7] == HELD for c in sums.get(t, ()))) for t in range(1, ARTICLES + 1)]
    tables["rating"] = [(SITE, 1 + n % 100 if n % 2 else THREAD, digest(f"rater {n}"), n % 2)
                        for n in range(20_000)]
    tables["thread_message"] = [(SITE, t, lang, "Be kind") for t in range(1, 100) for lang in ("", "en")]
    return tables


def paper():
    """Articles, pictures, sections, pages."""
    each = [(article, lang) for article in range(1, ARTICLES + 1) for lang in LANGS]
    published = {article: NOW_S - (ARTICLES - article) * 7_200 for article in range(1, ARTICLES + 1)}
    pictures = [digest(f"picture {n}", 32) for n in range(200)]
    return {
        "article": [(a, SITE, f"story-{a}") for a in published],
        "edition": [(SITE, a, lang, f"story-{a}", f"section{a % 8}", published[a], b"source" * 300,
                     f"Story {a}", "", "What happened", "<p>It happened.</p>" * 100)
                    for a, lang in each],
        "moved": [(SITE, lang, f"old-{a}", a) for a, lang in each],
        "byline": [(SITE, a, lang, 0, f"author{a % 12}", "Author", published[a]) for a, lang in each],
        "picture": [(SITE, p, "jpg", 1280, 720, "640 1280") for p in pictures],
        "picture_file": [(SITE, p, width, b"bytes" * 200) for p in pictures for width in (640, 1280)],
        "edition_picture": [(SITE, a, lang, 0, pictures[a % 200], "", "", "") for a, lang in each],
        "section": [(SITE, lang, f"section{n}", f"section{n}", "S", "", b"")
                    for n in range(8) for lang in LANGS],
        "standing": [(SITE, lang, f"page{n}", f"page{n}", "P", b"", "")
                     for n in range(8) for lang in LANGS],
        "protected_name": [(SITE, f"name{n}", f"Name {n}") for n in range(300)],
    }


def team():
    """Moderators and what they did."""
    members = range(1, 31)
    return {
        "secret": [(SITE, f"secret{n}", digest(n, 32)) for n in range(8)],
        "network_key": [(SITE, NOW_S, digest("network key", 32))],
        "counter": [(SITE, f"counter{n}", 9) for n in range(8)],
        "moderator": [(SITE, n, f"Moderator {n}", "$argon2id$", 4 if n < 4 else 1, 9) for n in members],
        "session": [(SITE, digest(f"session {n}", 32), 1 + n % 30, NOW_S - n * 60,
                     NOW_S + 3_600 - n * 60, NOW_S - n * 60, 1) for n in range(300)],
        "passkey": [(SITE, digest(f"passkey {n}"), n, b"key", 1, 9, "Key") for n in members],
        "recovery_code": [(SITE, n, digest(f"code {n} {i}")) for n in members for i in range(10)],
        "rule": [(SITE, n, 1 + n % 5, 2, 1, 9, 1, f"Rule {n}", "word " * 100) for n in range(1, 41)],
        "control": [(SITE, "hold_all", 0, 9, 1)],
        "reason": [(SITE, f"own-{n}", int(n % 3 > 0), int(n == 8), int(n % 2), n, "" if n % 3 else f"own-{n + 1}",
                    f"Reason {n}") for n in range(1, 31)],
        "reason_text": [(SITE, f"own-{n}", lang, f"Words of reason {n} in {lang}.")
                        for n in range(1, 31) for lang in LANGS],
        "batch": [(SITE, n, 1 + n % 9, 1, 1, 9, NOW_S, int(n % 100 != 0), NOW_S - 900_000 + n, "", "", "")
                  for n in range(1, 2_001)],
        "ledger": [(SITE, n, NOW_S - 1_000_000 + n * 100, 1 + n % 9, "batch", f"batch={n}", digest(n, 32))
                   for n in range(1, 10_001)],
        "ledger_head": [(SITE, n * 30, NOW_S - 1_000_000 + n * 3_000, digest(n * 30, 32), n * 30 - 30,
                         b"key", b"signature") for n in range(1, 334)],
    }


def tables():
    """All rows, by table, in the order of COLUMNS."""
    made = {**talk(), **paper(), **team()}
    return {name: made[name] for name in COLUMNS}
