#!/usr/bin/env python3
"""Which parts of split tables each statement read or wrote.

    shards.py POSTGRES-LOG

The log is auto_explain's (JSON, with log_analyze), each plan after "plan:". A
part of a table is NAME_0, NAME_1 ...; a part that a plan never came to does not
count. Prints a line a statement: how often, the most parts of one table that
one run of it touched, its text. Exits 1 when any touched two.
"""

import json
import re
import sys
from collections import defaultdict

PART = re.compile(r'^(.*)_(\d+)$')


def plans(lines):
    """Each plan's object; in the log its lines are those that begin with a tab."""
    text = None
    for line in lines:
        if text is not None and line.startswith('\t'):
            text += line[1:]
            continue
        if text:
            yield json.loads(text)
        text = '' if re.search(r'duration: .* plan:$', line.rstrip()) else None
    if text:
        yield json.loads(text)


def parts(node, found):
    name = node.get('Relation Name')
    loops = node.get('Actual Loops', 1)
    match = PART.match(name) if name else None
    if match and loops:
        found[match.group(1)].add(match.group(2))
    for target in node.get('Target Tables', []):
        match = PART.match(target.get('Relation Name', ''))
        if match:
            found[match.group(1)].add(match.group(2))
    for child in node.get('Plans', []):
        parts(child, found)


def main():
    most = {}
    runs = defaultdict(int)
    with open(sys.argv[1], encoding='utf-8', errors='replace') as log:
        for plan in plans(log):
            found = defaultdict(set)
            parts(plan['Plan'], found)
            text = ' '.join(plan['Query Text'].split())
            runs[text] += 1
            widest = max((len(p) for p in found.values()), default=0)
            most[text] = max(most.get(text, 0), widest)
    for text in sorted(most, key=lambda t: (-most[t], t)):
        print(f'{runs[text]:5d} {most[text]:2d} {text}')
    return any(n > 1 for n in most.values()) or not most


if __name__ == '__main__':
    sys.exit(main())
