#!/usr/bin/python3
"""The library's visible text beside Python's, message by message.

    compare.py VISIBLE EXPLAINED FOLDER...

VISIBLE is the program that prints what the library sees; EXPLAINED is a table
of differences and why they are right. Prints TAP: a line a folder and a line
for the table. Words are compared, as many times as each stands there: the
library keeps quotations and signatures apart, so that order says nothing.
"""

import collections
import json
import os
import re
import subprocess
import sys
import unicodedata

import reading

ENDINGS = {".eml", ".msg", ".raw", ".txt", ".in", ""}
NOT_MAIL = re.compile(r"_decoded|LICENSE|README|SOURCES|\.golden$")
BULLET = re.compile("[-*\u2022\u00b7]+")
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
    text = INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    text = re.sub(r"(?m)^[>| \t]*>", " ", text)
    text = re.sub(r"(?m)^-- ?$", " ", text)
    text = re.sub("[\x00-\x20\x7f-\xa0\ufffd]+", " ", text)
    return collections.Counter(
        word for word in text.split() if not BULLET.fullmatch(word))


def letters(counts):
    all_letters = collections.Counter()
    for word, n in counts.items():
        for letter in word:
            all_letters[letter] += n
    return all_letters


def ours(visible, paths):
    """What the library says of each file, in order."""
    lines = subprocess.run(
        [visible], input="\n".join(paths) + "\n", text=True, check=True,
        stdout=subprocess.PIPE, encoding="utf-8").stdout.splitlines()
    return [json.loads(line) for line in lines]


def difference(path, said):
    """None; or what is missing and what is more, in words."""
    try:
        with open(path, "rb") as file:
            theirs = words(reading.visible(file.read()))
    except Exception as error:  # whatever the standard library stumbles over
        return "python", repr(error)[:80]
    own = words("\n".join((said["fresh"], said["quoted"], said["signature"])))
    if own == theirs:
        return None
    if letters(own) == letters(theirs):
        return "spacing", ""
    missing = list((theirs - own).elements())
    more = list((own - theirs).elements())
    return "words", "missing %d %s, more %d %s" % (
        len(missing), " ".join(missing[:5])[:70],
        len(more), " ".join(more[:5])[:70])


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
        same = spacing = known = 0
        bad = []
        for path, said in zip(paths, ours(visible, paths), strict=True):
            found = difference(path, said)
            name = os.path.relpath(path, parent)
            if not found:
                same += 1
            elif found[0] == "spacing":
                spacing += 1
            elif name in rows:
                known += 1
                counts[rows[name]] += 1
            else:
                bad.append("%s\t%s: %s" % (name, *found))
            if name in rows and (not found or found[0] == "spacing"):
                bad.append("%s\tis in the table, and is the same" % name)
        n += 1
        failed += bool(bad)
        print("%s %d - %s: %d of %d the same, %d but for spacing, %d explained"
              % ("not ok" if bad else "ok", n, os.path.basename(folder), same,
                 len(paths), spacing, known))
        for line in bad:
            print("# " + line)
    for kind, count in sorted(counts.items()):
        print("# %s: %d" % (kind, count))
    print("1..%d" % n)
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
