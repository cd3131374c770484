"""
Values with which test_work.py runs the statements, and what is expected of some of them. A value is
looked up by its name: in OWN under the statement, under the file it stands in, then in USUAL.
"""

import json

import newsroom as room

AFTER_ALL = 1 << 62
DAY_S = 86_400
COMMENT, NEW = room.comment_id(room.THREAD, 9_060), room.comment_id(room.THREAD, 1 << 20)
FIRST_COPY, MOST_REPORTED = room.comment_id(room.THREAD, 1), room.comment_id(room.THREAD, 2)
HELD, REJECTED = room.comment_id(room.THREAD, 9_105), room.comment_id(room.THREAD, 9_025)
WITHDRAWN, NOTED = room.comment_id(room.THREAD, 9_065), room.comment_id(room.THREAD, 1_001)
CLOSED, CLOSED_S = room.closed_report()
ASKER = 1 + 91 % 9  # who claimed HELD, and asked about it
LOUD, GUEST = room.commenter_of(5), room.digest("a new guest")
IDS = json.dumps([room.comment_id(room.THREAD, n) for n in range(9_056, 9_106)])
DAYS = json.dumps([room.NOW_S // DAY_S - n for n in range(2)])
PICTURE = room.digest("picture 7", 32)
STORY = f"story-{room.THREAD}"

USUAL = {
    "action": 1, "after_s": room.NOW_S - DAY_S, "article": room.THREAD, "at_s": room.NOW_S,
    "author": "author3", "batch": 7, "before": AFTER_ALL, "before_article": AFTER_ALL,
    "before_root": room.NUMBERS, "before_s": AFTER_ALL, "below": b"\xff", "campaign": FIRST_COPY,
    "comment": COMMENT, "commenter": LOUD, "comments": IDS, "created_s": room.NOW_S, "days": DAYS,
    "depth": 1, "hash": PICTURE, "idem": room.digest(f"idem {COMMENT}"), "ids": IDS,
    "key": STORY, "key_hash": room.digest(GUEST, 32), "lang": "en", "langs": json.dumps(room.LANGS),
    "max": 50, "max_articles": 50, "mode": 1, "moderator": 2, "network": room.digest("operator"),
    "now_s": room.NOW_S, "others": 5_000, "placed": 1, "rater": room.digest("rater 4"), "role": 1,
    "rev": 1, "section": "section3", "seq": 1, "since_s": room.NOW_S - DAY_S, "site": room.SITE,
    "slug": STORY, "state": room.PUBLISHED, "strength": 1, "text_hash": room.digest("words 4060"),
    "thread": room.THREAD, "until_s": room.NOW_S, "uses": 2, "width": 640, "within_s": DAY_S,
}
OF_TYPE = {"int": 0, "text": "", "blob": b""}
OWN = {
    "batch": {"id": 100},
    "batch_add": {"id": 9_999},
    "campaign": {"id": FIRST_COPY},
    "campaign_alert": {"id": COMMENT},
    "campaign_of": {"comment": FIRST_COPY},
    "cards": {"ids": json.dumps(list(range(200, 250)))},
    "comment": {"id": COMMENT},
    "commenter_add": {"id": GUEST}, "commenter_new": {"id": GUEST},
    "comment_insert": {"id": NEW, "idem": room.digest("a new form")},
    "comment_erase": {"withdrawn_by": 1},
    "comment_same_words": {"text_hash": room.digest("words 4990")},
    "comment_before": {"parent": COMMENT, "text_hash": room.digest("words 4990")},
    "commenter_get": {"id": LOUD}, "commenter_key": {"id": LOUD}, "commenter_change": {"id": LOUD},
    "commenter": {"id": LOUD},
    "commenter_decisions": {"since_s": 0},
    "trust_add": {"seq": 999},
    "arrival_add": {"comment": NEW},
    "control": {"id": room.THREAD, "name": "hold_all"},
    "conversation": {"id": COMMENT},
    "decision": {"id": REJECTED, "comment": REJECTED},
    "comment_is_answered": {"id": COMMENT, "last_id": COMMENT + 2_000},
    "comment_count_reports": {"id": MOST_REPORTED},
    "report_close_all": {"comment": MOST_REPORTED},
    "report_reopen": {"comment": CLOSED, "closed_s": CLOSED_S},
    "rule_learn": {"id": 3},
    "kept_words_keep": {"comment": COMMENT, "until_s": room.NOW_S},
    "kept_words_restore": {"comment": WITHDRAWN},
    "kept_words_drop": {"comment": WITHDRAWN}, "kept_words_of": {"now_s": 0},
    "edition": {"id": 9_999},
    "article_add": {"key": "story-new"},
    "byline_add": {"position": 9},
    "edition_picture_add": {"position": 9},
    "edition_next": {"after_s": room.NOW_S - DAY_S},
    "moved_drop": {"slug": f"old-{room.THREAD}"}, "moved_find": {"slug": f"old-{room.THREAD}"},
    "ledger": {"id": 100, "name": "secret3", "value": PICTURE},
    "ledger_put": {"seq": 10_001},
    "ledger_decisions": {"after_comment": COMMENT},
    "ledger_decision_get": {"comment": REJECTED, "seq": 2},
    "ledger_trusts": {"after_commenter": b""}, "ledger_trust_get": {"seq": 2},
    "moderator": {"id": 2, "name": "Moderator 2", "hash": room.digest("code 2 3")},
    "moderator_add": {"id": 99, "name": "Moderator 99"},
    "reason": {"key": "own-4", "reason": "own-4", "site_lang": "en"},
    "reason_add": {"key": "own-99"}, "reason_text_put": {"lang": "uz"},
    "recovery_code_add": {"hash": room.digest("a new code")},
    "passkey": {"id": room.digest("passkey 2"), "issued_s": room.NOW_S},
    "passkey_add": {"id": room.digest("a new passkey")},
    "picture_add": {"hash": room.digest("a new picture", 32)},
    "picture_file_add": {"width": 320},
    "queue": {"id": COMMENT},
    "queue_newest": {"after_s": AFTER_ALL}, "queue_featured": {"after_s": AFTER_ALL},
    "queue_of_commenter": {"after_s": AFTER_ALL},
    "queue_aside_oldest": {"state": room.HELD},
    "queue_aside_newest": {"state": room.HELD, "before": AFTER_ALL},
    "queue_fit": {"state": -1, "campaign": 0, "commenter": b"", "lang": "", "rule": "mode:held"},
    "queue_count": {"max": 100},
    "decision_list": {"comment": REJECTED}, "decision_newest": {"comment": REJECTED},
    "queue_reports": {"ids": json.dumps([room.comment_id(room.THREAD, n) for n in range(1, 51)])},
    "report": {"id": MOST_REPORTED, "comment": MOST_REPORTED},
    "report_erase": {"comments": json.dumps([room.comment_id(room.THREAD, n) for n in range(1, 200)])},
    "rule": {"id": 3, "is_on": 0},
    "rule_report_close": {"comment": MOST_REPORTED,
                          "reporter": room.digest(f"reporter {MOST_REPORTED} 7")},
    "rule_reported": {"id": COMMENT}, "rule_add": {"id": 99, "kind": 1, "does": 1},
    "rule_change": {"does": 1}, "rule_sample": {"since_s": 0},
    "search_todo_drop": {"comment": room.comment_id(room.THREAD, room.LONG)}, "search_step_put": {"n": 9},
    "section": {"key": "section3", "slug": "section3"},
    "section_put": {"key": "section9", "slug": "section9"},
    "session": {"hash": room.digest("session 31", 32)},
    "session_add": {"hash": room.digest("a new session", 32)},
    "session_use": {"used_s": room.NOW_S},
    "session_strengthen": {"strength": 2},
    "session_drop_ended": {"now_s": room.NOW_S - 14_000},
    "site": {"name": "secret3", "skeleton": "name3", "value": PICTURE},
    "network_key_renew": {"after_s": room.NOW_S},
    "secret_add": {"name": "secret9"}, "protected_name_add": {"skeleton": "name 9999"},
    "standing": {"key": "page3", "slug": "page3"},
    "standing_put": {"key": "page9", "slug": "page9"},
    "statistics_members": {"id": 0},
    "statistics_waiting": {"after_s": 0},
    "team": {"comment": HELD, "moderator": ASKER, "id": COMMENT},
    "opinion_end": {"moderator": ASKER + 1},
    "team_note_of_comment": {"comment": NOTED},
    "team_note_add": {"id": 9_999}, "team_note_drop": {"id": 7, "moderator": 1},
    "thread": {"id": room.THREAD},
    "thread_add": {"id": 9_999},
}

# Statements that name no more of a large table's index than the site, the table, and why they may.
_AT_THE_END = "one row or some, from an end of the index"
_FEW = "a partial index of what waits, counted up to a maximum"
_CLI = "aitys publish compares all there is"
_ANEW = "counted once, when the search index is made anew"
WHOLE = {
    ("article_last", "article"): _AT_THE_END,
    ("ledger_last", "ledger"): _AT_THE_END,
    ("ledger_head_newest", "ledger_head"): _AT_THE_END,
    ("batch_open", "batch"): _FEW,
    ("queue_count", "opinion"): _FEW,
    ("search_todo_list", "search_todo"): _AT_THE_END,
    ("edition_list", "edition"): _CLI,
    ("edition_list", "article"): _CLI,
    ("search_total", "comment"): _ANEW,
}

# What a statement may touch when that is more than the usual: SQLite's steps, PostgreSQL's pages.
# Lists of 50, of which each row is found by its key in several tables.
_LIST = (5_000, 800)
STEPS_AND_PAGES = dict.fromkeys(
    "campaign_after card_newest card_of_section card_of_author sitemap_list comment_chain queue_fit"
    " queue_cards statistics_decisions".split(), _LIST)
STEPS_AND_PAGES |= {
    # 200 arrivals of one network, the same for each of 50 cards; the 1,000 copies of a campaign.
    "comment_before": (5_000, 1_200),
    "commenter_neighbours": (5_000, 1_200),
    "queue_marks": (150_000, 18_000),
    # Those of a comment with 1,000 reports are counted, or changed with four indexes.
    "report_distinct": (25_000, 200),
    "comment_count_reports": (8_000, 200),
    "queue_reports": (20_000, 200),
    "report_close_all": (65_000, 16_000),
    "report_forget_networks": (330_000, 27_000),
    "campaign_join": (3_000, 2_200),  # 47 comments change, with all their indexes
    "commenter_decisions": (8_000, 2_500),  # looks at all that somebody wrote
    "comment_is_answered": (18_000, 300),  # 2,000 comments, before it gives up: domain/undo.c
    "rule_sample": (9_000, 500),  # 50 comments in each of four states
    "rule_sample_published": (10_000, 800),  # 50 comments before each of 50
    "rule_sample_copies": (7_000, 800),  # two days for each of 50
    "queue_count": (3_000, 300),
    "campaign_start": (23_000, 6_000),  # 5,000 comments in each state, when a server starts
    "edition_list": (25_000, 1_600),
    "search_total": (130_000, 1_900),
}


def value_of(statement, column):
    """The value that a statement is given."""
    for own in (OWN.get(statement.name, {}), OWN.get(statement.place[0].stem, {}), USUAL):
        if isinstance(own.get(column.name), type(OF_TYPE[column.type])):
            return own[column.name]
    return OF_TYPE[column.type]
