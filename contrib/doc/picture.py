#!/usr/bin/python3
"""A terminal's output, colours included, as an SVG on standard output.

    DEMO_COLOUR=yes COLUMNS=96 sh tests/demo.sh >out
    contrib/doc/picture.py 'Then mail comes in' 'Nora is told' <out >contrib/doc/demo.svg

Kept are the lines from the one that has the first text up to the one before
the second.
"""
import html
import re
import sys

SIZE = 13          # of the letters
ADVANCE = 7.83     # of one letter, 0.602 of its size in the usual fonts
LINE = 18
MARGIN = 14
COLOURS = {'31': '#ff7b72', '32': '#56d364', '33': '#e3b341', '36': '#76c7e0', '2': '#8b949e'}


def spans(line):
    """Pieces of (column, class, text); runs of spaces would be lost in one."""
    column, style = 0, ''
    for piece in re.split(r'(\033\[[0-9;]*m)', line):
        code = re.fullmatch(r'\033\[([0-9;]*)m', piece)
        if code:
            style = '' if code.group(1) in ('', '0') else 'c' + code.group(1)
            continue
        for words in re.finditer(r'\S+( \S+)*', piece):
            yield column + words.start(), style, words.group()
        column += len(piece)


def kept(lines, first, end):
    start = next(i for i, line in enumerate(lines) if first in line)
    stop = next((i for i in range(start, len(lines)) if end in lines[i]), len(lines))
    while stop > start and not lines[stop - 1].strip():
        stop -= 1
    return lines[start:stop]


def main():
    sys.stdin.reconfigure(encoding='utf-8')
    sys.stdout.reconfigure(encoding='utf-8')
    lines = kept(sys.stdin.read().splitlines(), *sys.argv[1:3])
    columns = max(len(re.sub(r'\033\[[0-9;]*m', '', line)) for line in lines)
    width = int(columns * ADVANCE) + 2 * MARGIN
    height = len(lines) * LINE + 2 * MARGIN
    print('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d">' %
          (width, height, width, height))
    print('<style>text{font:%dpx ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#e6edf3}'
          '.c1{font-weight:bold}%s</style>' %
          (SIZE, ''.join('.c%s{fill:%s}' % item for item in COLOURS.items())))
    print('<rect width="100%" height="100%" rx="8" fill="#0d1117"/>')
    for number, line in enumerate(lines):
        for column, style, text in spans(line):
            print('<text x="%.1f" y="%d" textLength="%.1f"%s>%s</text>' % (
                MARGIN + column * ADVANCE, MARGIN + number * LINE + SIZE, len(text) * ADVANCE,
                ' class="%s"' % style if style else '', html.escape(text, quote=False)))
    print('</svg>')


if __name__ == '__main__':
    sys.exit(main())
