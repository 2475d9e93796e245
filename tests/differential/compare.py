#!/usr/bin/python3
"""The library's visible text beside Python's, message by message.

    compare.py VISIBLE EXPLAINED FOLDER...

VISIBLE is the program that prints what the library sees; EXPLAINED is a table
of differences and why they are right. Prints TAP: a line a folder. The library
keeps quotations and signatures apart: each of the three must have its words in
the order of Python's one text, all of which they make up. A quotation must be
introduced or marked off, a signature short and under something, or marked too.
"""

import collections
import json
import os
import re
import subprocess
import sys
import unicodedata

import reading
import weave

ENDINGS = {".eml", ".msg", ".raw", ".txt", ".in", ""}
NOT_MAIL = re.compile(r"_decoded|LICENSE|README|SOURCES|\.golden$")
BULLET = re.compile("[-*\u2022\u00b7]+")
INTRODUCES = re.compile(r"^\W*[>|_=-]|^\W*\w[\w ]{0,20}\W{0,2}:|:\s*$")
PROSE = re.compile(r"(\S+ +){7,}\S+[.!?]\s*$")
MARKS = {reading.QUOTE: weave.QUOTED, reading.SIGN: weave.SIGNATURE}
SIGNATURE_LINES = 60  # as Python has them, blank ones too
INVISIBLE = re.compile("[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e"
                       "\u2060-\u206f\ufeff\ufffc]")


def mails(folder):
    for root, _, names in os.walk(folder):
        for name in sorted(names):
            ending = os.path.splitext(name)[1]
            if not NOT_MAIL.search(name) and (
                    ending in ENDINGS or ending[1:].isdigit()):
                yield os.path.join(root, name)


def words(text):
    """Words as both may write them: no marks of quotation, no line of dashes."""
    return [word for line in lines(text) for word in line]


def lines(text):
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = re.sub(r"(?m)^[>| \t]*>", " ", text)
    text = re.sub(r"(?m)^-- ?$", " ", text)
    text = re.sub("[\x00-\x09\x0b-\x20\x7f-\xa0\ufffd]+", " ", text)
    return [[word for word in line.split() if not BULLET.fullmatch(word)]
            for line in text.split("\n")]


class Theirs:
    """Python's reading: words, and of each the line, whether it is the first
    of its text, and whether it stands in a quotation or a signature."""

    def __init__(self, text):
        self.words, self.line, self.first, self.marked = [], [], [], []
        depth = {reading.QUOTE: 0, reading.SIGN: 0}
        first = True
        self.raw = text.split("\n")
        for number, line in enumerate(lines(text)):
            mark = line[0] if len(line) == 1 else ""
            if mark == reading.BEGIN:
                first = True
            elif mark in depth:
                depth[mark] += 1
            elif mark in (reading.QUOTE_END, reading.SIGN_END):
                depth[chr(ord(mark) - 1)] -= 1
            else:
                for word in line:
                    self.words.append(word)
                    self.line.append(number)
                    self.first.append(first)
                    self.marked.append({part for mark, part in MARKS.items() if depth[mark]})
                    first = False


def ours(visible, paths):
    """What the library says of each file, in order."""
    lines = subprocess.run(
        [visible], input="\n".join(paths) + "\n", text=True, check=True,
        stdout=subprocess.PIPE, encoding="utf-8").stdout.splitlines()
    return [json.loads(line) for line in lines]


def introduced(theirs, first):
    """Whether earlier mail may begin there: with a line of signs, a field of a
    header, or who wrote it and when."""
    at = theirs.line[first]
    return any(INTRODUCES.search(line) for line in theirs.raw[at:at + 8])


def closes(theirs, first, end):
    """Whether it may be what closes a mail: short, and no prose unless a line
    of dashes stands over it."""
    begin, last = theirs.line[first], theirs.line[end - 1]
    raw = theirs.raw[begin:last + 1]
    dashed = any(line.strip() == "--" for line in theirs.raw[max(0, begin - 3):begin + 1])
    return len(raw) < SIGNATURE_LINES and (dashed or not any(map(PROSE.search, raw)))


def misplaced(theirs, path):
    """What cannot be where the library has it; None when all can."""
    for part, first, end in weave.runs(path):
        marked = [part in theirs.marked[at] for at in range(first, end)]
        told = " ".join(theirs.words[first:end][:8])
        if part == weave.SIGNATURE and not all(marked) and (
                theirs.first[first] or not closes(theirs, first, end)):
            return "signature", told
        if part == weave.QUOTED and not marked[0] and not introduced(theirs, first):
            return "quoted", told
    return None


def difference(path, said):
    """None; or what is missing and what is more, in words."""
    try:
        with open(path, "rb") as file:
            theirs = Theirs(reading.visible(file.read()))
    except Exception as error:  # whatever the standard library stumbles over
        return "python", repr(error)[:80]
    parts = [words(said[name]) for name in ("fresh", "quoted", "signature")]
    own, all_theirs = collections.Counter(sum(parts, [])), collections.Counter(theirs.words)
    if own != all_theirs:
        missing = list((all_theirs - own).elements())
        more = list((own - all_theirs).elements())
        return "words", "missing %d %s, more %d %s" % (
            len(missing), " ".join(missing[:5])[:70],
            len(more), " ".join(more[:5])[:70])
    woven = weave.weave(theirs.words, parts)
    if woven is None:
        return "order", " ".join(theirs.words[:8])
    return misplaced(theirs, woven)


def table(path):
    rows = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, kind, _ = line.rstrip("\n").split("\t")
                rows[name] = kind
    return rows


def main():
    visible, explained = sys.argv[1:3]
    rows = table(explained)
    counts = collections.Counter()
    n = failed = 0
    for folder in sys.argv[3:]:
        paths = list(mails(folder))
        parent = os.path.dirname(folder.rstrip("/"))
        same = known = 0
        bad = []
        for path, said in zip(paths, ours(visible, paths), strict=True):
            found = difference(path, said)
            name = os.path.relpath(path, parent)
            if not found:
                same += 1
            elif name in rows:
                known += 1
                counts[rows[name]] += 1
            else:
                bad.append("%s\t%s: %s" % (name, *found))
            if name in rows and not found:
                bad.append("%s\tis in the table, and is the same" % name)
        n += 1
        failed += bool(bad)
        print("%s %d - %s: %d of %d the same, %d explained"
              % ("not ok" if bad else "ok", n, os.path.basename(folder), same,
                 len(paths), known))
        for line in bad:
            print("# " + line)
    for kind, count in sorted(counts.items()):
        print("# %s: %d" % (kind, count))
    print("1..%d" % n)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
