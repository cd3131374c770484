"""What the tools for translations share: messages.def, .po files, and what a message must be."""

import pathlib
import re
from dataclasses import dataclass, field

ROOT = pathlib.Path(__file__).resolve().parent.parent

# CLDR's plural categories for whole numbers and the rest; a unit test compares them with ICU.
PLURALS = {
    "en": ["one", "other"],
    "ru": ["one", "few", "many", "other"],
    "kk": ["one", "other"],
    "uz": ["one", "other"],
    "ar": ["zero", "one", "two", "few", "many", "other"],
    "ky": ["one", "other"],
    "tr": ["one", "other"],
    "uk": ["one", "few", "many", "other"],
}


@dataclass
class Message:
    """A row of messages.def."""

    name: str  # lower case
    kind: str
    english: str
    line: int


@dataclass
class Entry:
    """An entry of a .po file."""

    context: str = ""
    english: str = ""
    text: str = ""
    fuzzy: bool = False
    line: int = 0
    comments: list = field(default_factory=list)


def unquote(literal):
    escapes = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
    return re.sub(r"\\(.)", lambda m: escapes[m.group(1)], literal)


def quote(text):
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(plain, escaped)
    return '"' + text + '"'


def read_def(path):
    """The rows of messages.def, in order."""
    source = pathlib.Path(path).read_text(encoding="utf-8")
    # Comments become as many lines of nothing.
    source = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), source, flags=re.S)
    row = re.compile(r'^MESSAGE\(\s*(\w+),\s*(\w+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)', re.M)
    messages = []
    for match in row.finditer(source):
        english = "".join(unquote(s) for s in re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(3)))
        line = source.count("\n", 0, match.start()) + 1
        messages.append(Message(match.group(1).lower(), match.group(2), english, line))
    rows = len(re.findall(r"^MESSAGE\(", source, flags=re.M))
    if rows != len(messages):
        raise SystemExit(f"{path}: {rows} rows, but {len(messages)} could be read")
    return messages


def read_po(path):
    """The entries of a .po file, its header first (with an empty context)."""
    entries, entry, target = [], None, None
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        if line.startswith("#~"):
            continue
        if not line or line.startswith("#"):
            if entry is None or entry.line:
                entry, target = Entry(), None
            if line.startswith("#,") and "fuzzy" in line:
                entry.fuzzy = True
            elif line.startswith("# ") or line == "#":
                entry.comments.append(line)
            continue
        match = re.fullmatch(r'(msgctxt|msgid|msgstr)?\s*"((?:[^"\\]|\\.)*)"', line)
        if not match:
            raise SystemExit(f"{path}:{number}: not understood: {line}")
        keyword, text = match.group(1), unquote(match.group(2))
        if keyword in ("msgctxt", "msgid") and (entry is None or target == "text"):
            entry, target = Entry(), None
        if keyword:
            target = {"msgctxt": "context", "msgid": "english", "msgstr": "text"}[keyword]
            if not entry.line:
                entry.line = number
                entries.append(entry)
        if target is None:
            raise SystemExit(f"{path}:{number}: a string without a keyword")
        setattr(entry, target, getattr(entry, target) + text)
    return entries


def plural_variants(text):
    """{selector: text} of "{0, plural, one {…} other {…}}"; None when there is no such thing."""
    match = re.fullmatch(r"[^{}#]*\{0, plural,((?:\s*[=\w]+\s*\{[^{}]*\})+)\s*\}[^{}#]*", text)
    if not match:
        return None
    pairs = re.findall(r"([=\w]+)\s*\{([^{}]*)\}", match.group(1))
    return dict(pairs) if len(dict(pairs)) == len(pairs) else None


def faults(kind, text, language, english):
    """What is wrong with a message's text in a language."""
    if kind == "PLAIN":
        return ["a PLAIN message has no braces"] if re.search(r"[{}]", text) else []
    if kind == "FILL":
        found, wanted = re.findall(r"\{[^{}]*\}?", text), re.findall(r"\{[^{}]*\}", english)
        if sorted(set(found)) != sorted(set(wanted)) or "{0}" not in found:
            return [f"it has {' '.join(found) or 'no placeholder'}, not {' '.join(wanted)}"]
        if set(found) - {"{0}", "{1}"}:
            return ["a FILL message has {0} and {1} only"]
        return []
    if kind != "COUNT":
        return [f"no such kind: {kind}"]
    variants = plural_variants(text)
    if variants is None:
        return ["a COUNT message has one {0, plural, one {…} other {…}}"]
    if language not in PLURALS:
        return [f"tools/messages.py does not know the plurals of {language}"]
    named = [s for s in variants if not re.fullmatch(r"=\d+", s)]
    if sorted(named) != sorted(PLURALS[language]):
        return [f"it has {' '.join(named)}, {language} needs {' '.join(PLURALS[language])}"]
    return []


def languages():
    return (ROOT / "po/LINGUAS").read_text(encoding="utf-8").split()
