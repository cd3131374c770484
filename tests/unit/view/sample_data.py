#!/usr/bin/env python3
"""Makes data for render_sample from the demo newsroom: pages as a server would fill them.

    sample_data.py TEMPLATE LANG OUT.json

Words come from po/. Good enough to look at a theme; the server itself reads Markdown and languages
properly.
"""
import html
import json
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../..")
NAMES = {"en": "English", "ru": "Русский", "kk": "Қазақша", "uz": "O‘zbekcha", "ar": "العربية"}
PEOPLE = {
    "en": ["Marat", "Old angler from Birlik", "Saule K.", "J. Whitfield", "Aliya", "two buckets"],
    "ru": ["Марат", "Рыбак из Бирлика", "Сауле К.", "Наталья", "Алия", "два ведра"],
    "kk": ["Марат", "Бірліктің балықшысы", "Сәуле Қ.", "Гүлнұр", "Әлия", "екі шелек"],
    "uz": ["Murod", "Birliklik baliqchi", "Saodat Q.", "Oʻgʻiloy", "Aliya", "ikki chelak"],
    "ar": ["مراد", "صيّاد من بيرليك", "سعاد", "J. Whitfield", "علياء", "دلوان"],
}
TEXTS = {
    "en": ("26 comments", "38 of 45 readers like this article", "12 November 2026, 9:30", "By ", " and ", "Tansari"),
    "ru": ("26 комментариев", "Статья понравилась 38 из 45 читателей", "12 ноября 2026 г., 9:30", "", " и ", "Тансари"),
    "kk": ("26 пікір", "45 оқырманның 38-іне мақала ұнады", "2026 ж. 12 қараша, 9:30", "", " және ", "Таңсәрі"),
    "uz": ("26 ta izoh", "45 oʻquvchidan 38 nafariga maqola yoqdi", "2026-yil 12-noyabr, 9:30", "", " va ", "Tansari"),
    "ar": ("26 تعليقًا", "أعجب المقال 38 من 45 قارئًا", "12 نوفمبر 2026، 9:30", "بقلم ", " و", "تانساري"),
}


def direction(lang):
    return "rtl" if lang == "ar" else "ltr"


def read(name):
    with open(os.path.join(ROOT, "demo", name), encoding="utf-8") as f:
        _, front, body = f.read().split("---\n", 2)
    facts = dict(re.findall(r'^(\w+): "?(.*?)"?$', front, flags=re.M))
    facts.setdefault("headline", facts.get("title", facts.get("name", "")))
    facts["names"] = re.findall(r'^    name: "(.*)"$', front, flags=re.M)
    facts["pictures"] = [dict(re.findall(r'(file|caption|credit|alt): "?(.*?)"?$', p, flags=re.M))
                         for p in front.split("  - file: ")[1:]]
    for p, file in zip(facts["pictures"], re.findall(r"  - file: (.*)$", front, flags=re.M)):
        p["file"] = os.path.basename(file)
    return facts, body.strip()


def blocks(body):
    out = []
    for part in body.split("\n\n"):
        text = html.escape(part.strip(), quote=False)
        if text.startswith("## "):
            out.append(f"<h2>{text[3:]}</h2>")
        elif text.startswith("&gt; "):
            out.append("<blockquote><p>" + re.sub(r"\n&gt; ?", " ", text[5:]) + "</p></blockquote>")
        elif text.startswith("- "):
            out.append("<ul>" + "".join(f"<li>{i}</li>" for i in re.split(r"\n?^- ", text, flags=re.M) if i) + "</ul>")
        else:
            out.append(f"<p>{text}</p>")
    return out


def picture(p, lead):
    hash_ = p["file"].split(".")[0].ljust(12, "0")
    name = p["file"].rsplit(".", 1)[0]
    return {"src": f"{name}.png", "width": 960, "height": 640, "alt": p["alt"], "caption": p["caption"],
            "credit": p["credit"], "is_lead": lead,
            "sources": [] if os.environ.get("PLAIN") else [],
            "srcset": "" if os.environ.get("LOCAL") else ", ".join(
                f"/pictures/{hash_}/{w}.jpg {w}w" for w in (480, 960, 1440))}


def comment_texts(lang, n):
    """Distinct texts of about 250 characters: sentences of the demo's articles."""
    sentences = []
    names = [n for n in sorted(os.listdir(os.path.join(ROOT, "demo/articles"))) if n.endswith(f".{lang}.md")]
    others = [n for n in names if not n.startswith("reservoir")]
    for name in others or names:
        for part in read("articles/" + name)[1].split("\n\n"):
            if part[0] not in "#>-":
                sentences += re.split(r"(?<=[.!?؟…]) +", part.replace("\n", " "))
    out, text = [], ""
    for s in sentences * 8:
        text = f"{text} {s}".strip()
        if len(text) >= 230:
            out.append(text[:330])
            text = ""
        if len(out) == n:
            break
    return out


def comments(lang, slug, n=26):
    names, when = PEOPLE[lang], TEXTS[lang][2]
    depths = [1, 2, 3, 2, 1, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 2, 2, 1, 1, 1, 2, 1, 2, 3, 1, 1]
    out, stack = [], {}
    for i, text in enumerate(comment_texts(lang, n)):
        depth = depths[i % len(depths)]
        number = i + 1
        stack[depth] = number
        c = {"number": number, "number_text": str(number), "address": f"/{lang}/{slug}/comments/{number}#c{number}", "depth": depth,
             "indent": min(depth - 1, 6), "dir": direction(lang), "is_reply": depth > 1}
        if number in (6, 17):
            c.update(is_withdrawn=True, withdrawn_text="@withdrawn")
        else:
            c.update(name=names[i % len(names)], lang=lang, time=f"2026-11-12T{6 + i // 3:02}:{7 * (i % 3) + 10}:00Z",
                     time_text=when.replace("9:30", f"{9 + i // 3}:{7 * (i % 3) + 10}"), body=f"<p>{html.escape(text)}</p>",
                     reply_address=f"/{lang}/{slug}/comments/{number}/reply")
        if depth > 1:
            parent = stack[depth - 1]
            c.update(parent_number=parent, parent_number_text=str(parent), parent_address=f"#c{parent}", parent_name=names[(parent - 1) % len(names)])
        if number == 4:
            c["is_staff"] = True
        if number == 22:
            c.update(is_held_own=True, is_own=True, reply_address="", edit_address=c["address"] + "e",
                     withdraw_address=c["address"] + "w")
        out.append(c)
    return out


def frame(lang, title, facts=None):
    sections = []
    for name in ("society", "economy", "environment", "culture", "opinion"):
        with open(os.path.join(ROOT, f"demo/sections/{name}.{lang}.md"), encoding="utf-8") as f:
            found = re.search(r'^(?:name|title|headline): "?(.*?)"?$', f.read(), flags=re.M)
        sections.append({"name": found.group(1) if found else name, "address": f"/{lang}/section/{name}",
                         "is_current": name == "environment" and facts is not None})
    langs = [{"name": n, "lang": k, "dir": direction(k), "address": f"/{k}", "is_current": k == lang}
             for k, n in NAMES.items()]
    site = TEXTS[lang][5]
    head = {"lang": lang, "dir": direction(lang), "title": f"{title} · {site}", "css_address": "theme.css",
            "js_address": "reader.js", "icon_address": "icon.svg"}
    if not os.environ.get("LOCAL"):
        head.update(css_address="/assets/0f3c9a41b2de/theme.css", js_address="/assets/8be1a60c7f35/reader.js",
                    icon_address="/assets/6a07d1c2e9b4/icon.svg")
    if facts:
        url = f"https://gazette.example/{lang}/{facts['slug']}"
        head.update(description=facts["standfirst"][:200], canonical=url, og_type="article", og_title=title,
                    og_site_name=site, og_image="https://gazette.example/pictures/res/1440.jpg", og_image_width=1440,
                    og_image_height=960, og_image_alt=facts["pictures"][0]["alt"], og_published=facts["published"],
                    og_modified=facts.get("updated", ""),
                    alternates=[{"hreflang": k, "address": f"https://gazette.example/{k}/slug-{k}"} for k in NAMES],
                    feeds=[{"title": site, "address": f"/{lang}/feed.atom"}],
                    json_ld=json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", "url": url, "headline": title,
                                        "datePublished": facts["published"], "publisher": {"@type": "NewsMediaOrganization", "name": site}},
                                       ensure_ascii=False))
    pages = [{"text": read(f"pages/{p}.{lang}.md")[0]["headline"], "address": f"/{lang}/page/{p}"} for p in ("policy", "about")]
    return {"head": head,
            "bar": {"site_name": site, "front_address": f"/{lang}", "languages": langs, "sections": sections, "strapline": ""},
            "foot": {"site_name": site, "links": pages, "feeds": [{"title": "Atom", "address": f"/{lang}/feed.atom"}]}}


def form(lang, slug):
    return {"action": f"/{lang}/{slug}/comments", "preview_action": f"/{lang}/{slug}/preview", "token": "k3J9x0Q2mV7bL1sT",
            "key": "5f2c1e90a7b34d68", "started": "AAABk0Jq1xk9", "honeypot": "website", "draft_key": "412", "has_name": True,
            "name_max": 60, "text_max": 1500, "text_left": 1500, "counter_text": "1500 / 1500", "policy_address": f"/{lang}/page/policy"}


def byline(lang, facts):
    pieces = [{"text": TEXTS[lang][3]}] if TEXTS[lang][3] else []
    names = facts["names"] + ["NORTHWIRE"]
    for i, n in enumerate(names):
        if i:
            pieces.append({"text": TEXTS[lang][4] if i + 1 == len(names) else ("، " if lang == "ar" else ", ")})
        pieces.append({"text": n, "address": f"/{lang}/author/{i}", "is_name": True})
    return pieces


def article(lang, say):
    facts, body = read(f"articles/reservoir-returns.{lang}.md")
    parts = [{"html": b} for b in blocks(body)]
    dash = f"<p><b class=dateline>{facts['dateline']}</b> — "
    parts[0]["html"] = parts[0]["html"].replace("<p>", dash, 1)
    parts[6]["picture"] = picture(facts["pictures"][1], False)
    said = comments(lang, facts["slug"])
    for c in said:
        if c.get("withdrawn_text"):
            c["withdrawn_text"] = say.get("comment_withdrawn_author", "The author withdrew this comment.")
    page = frame(lang, facts["headline"], facts)
    address = f"/{lang}/{facts['slug']}"
    page.update(
        lang=lang, dir=direction(lang), address=address, headline=facts["headline"], standfirst=facts["standfirst"],
        section={"name": page["bar"]["sections"][2]["name"], "address": f"/{lang}/section/environment", "is_current": True},
        editions=[dict(e, address=f"/{e['lang']}/slug-{e['lang']}") for e in page["bar"]["languages"]],
        byline=byline(lang, facts), published=facts["published"], published_text=TEXTS[lang][2], updated=facts["updated"],
        updated_text=TEXTS[lang][2].replace("9:30", "14:05"), lead_picture=picture(facts["pictures"][0], True), blocks=parts,
        rating={"action": f"{address}/rating", "token": "k3J9x0Q2mV7bL1sT", "yes_text": "38", "no_text": "7",
                "tally_text": TEXTS[lang][1], "is_yes": bool(os.environ.get("LOCAL"))},
        conversation={"count": 26, "count_text": TEXTS[lang][0], "comments": said, "feed_address": f"{address}/comments.atom",
                      "orders": [{"text": say.get("comment_oldest", "Oldest first"), "address": "#conversation", "is_current": True},
                                 {"text": say.get("comment_newest", "Newest first"), "address": "?order=newest#conversation"}],
                      "form": form(lang, facts["slug"])})
    return page


def card(name, lang, lead=False):
    facts, _ = read(f"articles/{name}")
    p = picture(facts["pictures"][0], lead) if facts["pictures"] else None
    return {"kicker": facts["section"], "kicker_address": "#", "headline": facts["headline"], "address": f"/{lang}/{facts['slug']}",
            "standfirst": facts["standfirst"], "byline": ", ".join(facts["names"]), "time": facts["published"],
            "time_text": TEXTS[lang][2].rsplit(",", 1)[0].split("،")[0], "picture": p, "comments_text": TEXTS[lang][0], "comments_address": "#c"}


def front(lang, say):
    names = [n for n in sorted(os.listdir(os.path.join(ROOT, "demo/articles"))) if n.endswith(f".{lang}.md")]
    names.sort(key=lambda n: not n.startswith("reservoir"))
    cards = [card(n, lang, i == 0) for i, n in enumerate(names)]
    page = frame(lang, TEXTS[lang][5])
    page["bar"]["strapline"] = read(f"pages/about.{lang}.md")[0].get("standfirst", "")[:90]
    page.update(updated="2026-11-12T04:30:00Z", updated_text=TEXTS[lang][2], lead=cards[0], cards=cards[1:], discussed=cards[:4])
    return page


def queue(lang, say):
    facts, _ = read(f"articles/reservoir-returns.{lang}.md")
    said = comments(lang, facts["slug"])
    page = frame(lang, "Queue")
    page["moderator"] = {"name": "Dina", "role_text": "moderator", "queue_address": "/mod", "queue_text": "3 comments wait",
                         "links": [{"address": "/mod", "text": "Queue 3", "is_current": True}],
                         "sign_out_action": "/mod/sign-out", "token": "x"}
    verbs = [("publish", "Publish"), ("reject", "Reject"), ("spam", "Spam")]
    cards = []
    for i, c in enumerate((said[1], said[4], said[12])):
        cards.append({"id": str(9000 + i), "decide_address": f"/mod/comments/{i}", "rev": "1", "article_headline": facts["headline"],
                      "article_address": f"/{lang}/{facts['slug']}", "article_lang": lang, "article_dir": direction(lang), "comment": c,
                      "answered": said[0] if i == 0 else None, "state_text": say.get("mod_state_held", "Held"), "state_key": "held", "waiting_text": "12 min",
                      "history_text": "3 published, 0 rejected", "whys": [{"text": "First comment by this name"}, {"text": "Word list: “buckets”"}][: 2 - i % 2],
                      "buttons": [{"action": f"/mod/comments/{i}/{v}", "text": say.get("mod_" + v, t), "is_good": v == "publish", "is_bad": v != "publish"}
                                  for v, t in verbs]})
    reasons = [{"value": v, "text": t} for v, t in (("insult", "It insults a person."), ("other", "Another reason, given below."))]
    page.update(count_text="3 comments wait", cards=cards, reasons=reasons, token="x", next="/mod",
                tabs=[{"text": t, "address": "#", "is_current": t == "Held", "count_text": "3" if t == "Held" else ""}
                      for t in ("Held", "Published", "Rejected", "Spam", "Withdrawn")],
                notice={"text": "Published.", "detail": "Comment 7 by Marat.", "link_text": "Look at it again", "link_address": "#"})
    return page


def decide(lang, say):
    page = queue(lang, say)
    one, reasons = page["cards"][0], page["reasons"]
    for name in ("cards", "tabs", "count_text", "notice"):
        page.pop(name)
    around = comments(lang, "x")[:4]
    around[1]["is_focus"] = True
    page.update(title="Comment 2 by Marat", card=one, around=around, reasons=reasons, note_error="Please write a note.",
                decisions=[{"time": "2026-11-12T04:30:00Z", "time_text": "9:30", "who": "word list", "text": "Held", "reason_text": "Word list"}])
    return page


def conversation(lang, say):
    page = article(lang, say)
    said = page["conversation"]["comments"]
    said[1].update(is_focus=True, notice={"text": "Thank you.", "detail": "Your comment is published."})
    f = dict(page["conversation"]["form"], reply_to=2, reply_to_name=said[1]["name"], has_errors=True, text="…",
             text_error="Please write something.", name_error="Please give a name.", form_error="", counter_text="1499 / 1500")
    return {k: page[k] for k in ("head", "bar", "foot", "lang", "dir", "address", "headline")} | {
        "title": f"Comment 2 by {said[1]['name']}", "all_address": "#", "all_text": TEXTS[lang][0],
        "conversation": {"comments": said[:4], "form": f}}


def standing(lang, say):
    facts, body = read(f"pages/policy.{lang}.md")
    page = frame(lang, facts["headline"])
    page.update(lang=lang, dir=direction(lang), headline=facts["headline"], standfirst=facts.get("standfirst", ""),
                editions=page["bar"]["languages"], blocks=[{"html": b} for b in blocks(body)])
    return page


def section(lang, say):
    page = front(lang, say)
    for name in ("lead", "discussed", "updated", "updated_text"):
        page.pop(name)
    page.update(name=page["bar"]["sections"][2]["name"], description=page["cards"][0]["standfirst"] if page["cards"] else "",
                feed_address="#", older_address="#")
    return page


def author(lang, say):
    page = section(lang, say)
    page.pop("description")
    page.update(name="Aigerim Sadykova", role="Reporter", about="Writes about water.")
    return page


def error(lang, say):
    page = frame(lang, "404")
    page.update(status=404, title=say.get("error_missing", "There is no such page."), back_address=f"/{lang}", back_text="Tansari")
    return page


def sign_in(lang, say):
    page = frame(lang, "Sign in")
    page.pop("foot")
    page.update(action="/mod/sign-in", token="x", next="/mod", error="The name or the password is wrong.")
    return page


def comment_form(lang, say):
    page = conversation(lang, say)
    f = page.pop("conversation")["form"]
    for name in ("all_address", "all_text"):
        page.pop(name)
    page.update(form=dict(f, has_errors=False, cancel_address="#"), comment=comments(lang, "x")[1])
    return page


def withdraw(lang, say):
    page = comment_form(lang, say)
    page.pop("form")
    page["withdraw"] = {"action": "#", "token": "x", "text": "It keeps its place and its replies; its words go.", "confirm_text": say.get("withdraw_confirm", "Withdraw it"), "cancel_address": "#"}
    return page


def words(lang):
    """The catalogue's messages by their lower-case name."""
    path = os.path.join(ROOT, f"po/{lang}.po")
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as f:
        found = re.findall(r'^msgctxt "(\w+)"\n(?:.*\n)*?msgstr ((?:".*"\n?)+)', f.read(), flags=re.M)
    return {name: "".join(json.loads(part) for part in text.strip().split("\n")) for name, text in found
            if json.loads(text.split("\n")[0]) or "\n" in text.strip()}


def main():
    template, lang, out = sys.argv[1:4]
    say = words(lang)
    make = {"article": article, "front": front, "queue": queue, "decide": decide, "conversation": conversation, "standing": standing,
            "section": section, "author": author, "error": error, "sign-in": sign_in, "comment-form": comment_form, "withdraw": withdraw}
    with open(out, "w", encoding="utf-8") as f:
        json.dump({"say": say, "data": make[template](lang, say)}, f, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
