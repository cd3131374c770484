#!/usr/bin/env python3
"""The tools for translations: what they refuse, what they keep. Usage: test_tools.py TOOLS-FOLDER"""

import importlib.machinery
import importlib.util
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
TOOLS = pathlib.Path(sys.argv.pop(1))
sys.path.insert(0, str(TOOLS))
import messages  # noqa: E402


def load(name):
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(TOOLS / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


class Faults(unittest.TestCase):
    def bad(self, *args):
        self.assertNotEqual(messages.faults(*args), [], args)

    def good(self, *args):
        self.assertEqual(messages.faults(*args), [], args)

    def test_plain(self):
        self.good("PLAIN", "Да", "ru", "Yes")
        self.bad("PLAIN", "{0}", "ru", "Yes")

    def test_fill(self):
        self.good("FILL", "{1} {0}", "ru", "{0} and {1}")
        self.good("FILL", "{0} {0}", "ru", "By {0}")
        self.bad("FILL", "Автор", "ru", "By {0}")
        self.bad("FILL", "{0} {1}", "ru", "By {0}")
        self.bad("FILL", "{0", "ru", "By {0}")
        self.bad("FILL", "{2}", "ru", "By {2}")

    def test_count(self):
        english = "{0, plural, one {# comment} other {# comments}}"
        self.good("COUNT", english, "en", english)
        self.good("COUNT", "всего {0, plural, =0 {нет} one {#} few {#} many {#} other {#}}!", "ru", english)
        self.bad("COUNT", english, "ru", english)
        self.bad("COUNT", "{0, plural, one {#} few {#} many {#}}", "ru", english)
        self.bad("COUNT", "{0, plural, one {#} one {#} few {#} many {#} other {#}}", "ru", english)
        self.bad("COUNT", "{0, plural, one {#} two {#} other {#}}", "kk", english)
        self.bad("COUNT", "{0, plural, one {#} other {{#}}}", "kk", english)
        self.bad("COUNT", "{0, plural, one {#} other {#}", "kk", english)
        self.bad("COUNT", "# comments", "kk", english)
        self.bad("COUNT", english, "xx", english)

    def test_kinds(self):
        self.bad("OTHER", "x", "en", "x")


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.folder.name) / "kk.po"

    def tearDown(self):
        self.folder.cleanup()

    def test_a_definition_is_read(self):
        self.path.write_text('/* MESSAGE(NOT, PLAIN, "x") */\n\nMESSAGE(A_B, PLAIN, "a \\"b\\" "\n    "c")\n')
        rows = messages.read_def(self.path)
        self.assertEqual([(r.name, r.kind, r.english, r.line) for r in rows], [("a_b", "PLAIN", 'a "b" c', 3)])
        self.path.write_text("MESSAGE(A_B, PLAIN)\n")
        self.assertRaises(SystemExit, messages.read_def, self.path)

    def test_translations_survive(self):
        update = load("update-po")
        rows = [messages.Message("a", "PLAIN", "A", 1), messages.Message("b", "PLAIN", "B", 2)]
        update.write(self.path, "kk", rows, [])
        text = self.path.read_text().replace('msgid "A"\nmsgstr ""', 'msgid "A"\nmsgstr "Қ \\"x\\"\\n"')
        self.path.write_text("# A note.\n" + text)
        rows = [
            messages.Message("c", "PLAIN", "C", 1),
            messages.Message("b", "PLAIN", "B", 2),
            messages.Message("a", "PLAIN", "A", 3),
        ]
        update.write(self.path, "kk", rows, messages.read_po(self.path))
        entries = messages.read_po(self.path)
        self.assertEqual([e.context for e in entries], ["", "c", "b", "a"])
        self.assertEqual((entries[3].text, entries[3].fuzzy), ('Қ "x"\n', False))
        self.assertIn("# A note.", self.path.read_text())
        # Written again, it is the same file.
        before = self.path.read_text()
        update.write(self.path, "kk", rows, entries)
        self.assertEqual(self.path.read_text(), before)
        # A new English text makes it fuzzy; a message that is gone goes.
        rows = [messages.Message("a", "PLAIN", "A new", 1)]
        update.write(self.path, "kk", rows, entries)
        entries = messages.read_po(self.path)
        self.assertEqual([(e.context, e.fuzzy) for e in entries], [("", False), ("a", True)])

    def test_only_what_is_right_is_used(self):
        generate = load("gen_catalogue")
        header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n'
        entries = [
            ("a", "A", "Ә", ""), ("b", "B", "", ""), ("c", "C", "Ц", "#, fuzzy\n"),
            ("d", "old", "Д", ""), ("e", "By {0}", "кім", ""),
        ]
        self.path.write_text(header + "".join(
            f'\n{mark}msgctxt "{name}"\nmsgid "{english}"\nmsgstr "{text}"\n' for name, english, text, mark in entries))
        generate.shutil.which = lambda _: None
        rows = [messages.Message(n, "FILL" if n == "e" else "PLAIN", "By {0}" if n == "e" else n.upper(), 1) for n in "abcde"]
        self.assertEqual(generate.translations(str(self.path), rows), {"a": "Ә"})
        self.assertEqual(generate.c_string('a"?\\я\n'), '"a\\042\\077\\134\\321\\217\\012"')


if __name__ == "__main__":
    unittest.main()
