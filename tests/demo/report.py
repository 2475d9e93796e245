#!/usr/bin/python3
"""What became of the demonstration's mail, read from where it ended up.

    report.py table    each copy: verdict, scores, gate and reasons in words
    report.py boxes    where the copies are, and their count
    report.py count    copies in = delivered + held; exits 1 when not, one by one
    report.py id NAME  the id under which a mail is held
    report.py exact NAME   whether the delivered copy has the bytes that were sent
    report.py wrap [N] standard input, broken at the terminal's width; N blanks
                       before what is left of a line (30)
    report.py digest   standard input, a digest, up to its first message

Every copy is looked for in the maildirs and in the quarantine; nothing is
taken from what the filter says of itself but verdicts and scores.
"""
import argparse
import collections
import email
import email.policy
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap

COLOURS = {'deliver': '32', 'tag': '33', 'quarantine': '31', 'dim': '2', 'bold': '1', 'gate': '36'}

# Named features of both models, as a person would say them.
SELLING = {
    'introduces-self': 'introduces itself', 'asks-time': 'asks for time',
    'opts-out': 'offers to opt out', 'we-help': '"we help ..."', 'proof': 'tells of other customers',
    'offers': 'makes an offer', 'follows-up': 'chases an answer', 'routes': 'asks for the right person',
    'noticed-you': '"I noticed you ..."', 'transacts': 'speaks of an order or a case',
    'dealings': 'speaks of common dealings', 'fake-reply': '"Re:" without a thread',
    'answers': 'answers a mail', 'hides-text': 'hides text', 'has-scheduler-link': 'a booking link',
    'engagement-tool': 'sent by a sales tool', 'tracks-opens': 'tracks who opens it',
    'list-unsubscribe': 'unsubscribe header', 'list-id': 'a mailing list', 'auto-generated': 'made by a machine',
}
FITTING = {
    'stems': 'shared words', 'letters': 'likeness of letters', 'keyword-letters': 'likeness to keywords',
    'subject': 'the subject', 'opening': 'the opening', 'best-sentence': 'one sentence',
    'sentences': 'several sentences', 'phrases': 'shared phrases', 'phrase-parts': 'parts of phrases',
    'subject-phrases': 'phrases in the subject', 'rare-stems': 'rare words', 'overall': 'likeness as a whole',
    'margin': 'no other as near',
}
GATES = {
    'contact': 'the buyer wrote to the sender before; not judged',
    'reply': 'answers a mail of the buyer; not judged',
    'internal': 'comes from inside; not judged',
    'uncovered': 'nobody addressed has a profile; not even read',
}

# Below this weight a mail's likeness to not_interested is worth a word.
REFUSED = -0.4

Copy = collections.namedtuple('Copy', 'name rcpt what message_id sent delivered held')
Verdict = collections.namedtuple('Verdict', 'verdict outreach relevance gate')


def paint(colour, text):
    if os.environ.get('DEMO_COLOUR') != 'yes':
        return text
    return '\033[%sm%s\033[0m' % (COLOURS[colour], text)


def width():
    return shutil.get_terminal_size((100, 24)).columns


def cut(text, length):
    return text if len(text) <= length else text[:length - 1] + '…'


def bare(text):
    return text.strip('"<>')


def headers(data):
    return email.message_from_bytes(data, policy=email.policy.default)


class Demo:
    def __init__(self, options):
        self.folder = pathlib.Path(options.folder)
        self.pitchward = options.pitchward
        self.domain = options.domain
        self.order = []
        with open(options.order, encoding='utf-8') as file:
            for line in file:
                if not line.startswith('#'):
                    self.order.append(line.rstrip('\n').split('\t'))
        self.boxes = self.read_boxes()
        self.held = [row for row in self.run('quarantine', 'list') if row['state'] == 'held']

    def run(self, *command):
        """The objects that one of our commands prints."""
        config = self.folder / 'pw/pitchward.yaml'
        done = subprocess.run([self.pitchward, *command, '--json', '--config', config],
                              check=True, capture_output=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def read_boxes(self):
        """Of each address the delivered copies, as (path, bytes)."""
        boxes = collections.defaultdict(list)
        for path in sorted(self.folder.glob('pf/mail/*/new/*')):
            boxes[path.parts[-3]].append((path, path.read_bytes()))
        return boxes

    def copies(self):
        for name, _, _, rcpts, what in self.order:
            sent = (self.folder / 'mail' / (name + '.eml')).read_bytes()
            message_id = headers(sent)['Message-ID']
            for rcpt in rcpts.split():
                yield Copy(name, rcpt, what, message_id, sent,
                           [c for c in self.boxes[rcpt] if headers(c[1])['Message-ID'] == message_id],
                           [row for row in self.held
                            if bare(row['rcpt']) == rcpt and bare(row['message_id']) == bare(message_id)])

    def verdicts(self):
        """By Message-ID and recipient, what the filter's log says."""
        found = {}
        for line in (self.folder / 'log/filter').read_text('utf-8').splitlines():
            values = dict(re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|\S+)', line))
            if 'verdict' in values:
                found[bare(values['msgid']), bare(values['rcpt'])] = Verdict(*(values[k] for k in Verdict._fields))
        return found


def in_words(names, table, limit):
    """The named features; single words of a mail tell a person little."""
    said = []
    for name in names:
        text = table.get(name, 'its wording')
        if text not in said:
            said.append(text)
    named = [text for text in said if text != 'its wording']
    return ', '.join((named or said)[:limit])


def names_of(reasons, kind, sign):
    """The names of what weighs towards (1) or against (-1), heaviest first."""
    prefix = kind + ': '
    return [r['name'][len(prefix):] for r in reasons
            if r['name'].startswith(prefix) and r['weight'] * sign > 0]


def explain(verdict, scored):
    """One line in words: what of the two models weighed most."""
    if verdict.gate in GATES:
        return GATES[verdict.gate]
    reasons = scored['reasons']
    sells = float(verdict.outreach) >= 0.5
    about = in_words(names_of(reasons, 'outreach', 1 if sells else -1), SELLING, 3)
    text = ('sells' if sells else 'does not sell') + (': ' + about if about else '')
    if verdict.relevance == '-':
        return text
    if float(verdict.relevance) < 0.35:
        refused = any(r['name'] == 'relevance: refused' and r['weight'] < REFUSED for r in reasons)
        return text + '; ' + ('near to what is not wanted' if refused else 'near to no priority')
    return '%s; near to "%s": %s' % (text, scored['priority'],
                                     in_words(names_of(reasons, 'relevance', 1), FITTING, 3))


def verdict_of(copy, verdicts):
    """Of mail that was not read the filter knows no Message-ID."""
    return verdicts.get((bare(copy.message_id), copy.rcpt)) or verdicts['-', copy.rcpt]


def reasons_of(demo, copies, verdicts):
    """What `pitchward score` and the quarantine tell of each copy."""
    found = {}
    for copy in copies:
        if copy.held:
            found[copy.name, copy.rcpt] = demo.run('quarantine', 'show', copy.held[0]['id'])[0]
    for rcpt in {c.rcpt for c in copies if c.delivered}:
        files = {str(c.delivered[0][0]): c.name for c in copies
                 if c.rcpt == rcpt and c.delivered and verdict_of(c, verdicts).gate not in GATES}
        for row in demo.run('score', '--for', rcpt, *files) if files else ():
            found[files[row['file']], rcpt] = row
    return found


def table(demo):
    copies = [c for c in demo.copies() if c.rcpt.endswith('@' + demo.domain)]
    verdicts = demo.verdicts()
    scored = reasons_of(demo, copies, verdicts)
    form = '  %-31s %-5s %s %8s %9s  %s'
    print('\n' + paint('bold', form % ('mail', 'to', 'verdict   ', 'outreach', 'relevance', 'gate')))
    for copy in copies:
        verdict = verdict_of(copy, verdicts)
        numbers = [n if n == '-' else '%.2f' % float(n) for n in (verdict.outreach, verdict.relevance)]
        print(form % (copy.what, copy.rcpt.split('@')[0], paint(verdict.verdict, '%-10s' % verdict.verdict),
                      *numbers, verdict.gate if verdict.gate == '-' else paint('gate', verdict.gate)))
        why = explain(verdict, scored.get((copy.name, copy.rcpt)))
        print('    ' + paint('dim', cut(why, width() - 4)))
    first = next(c for c in copies if c.delivered)
    print('\n  What is delivered says so in its header, as here:\n')
    print('  X-Pitchward: %s' % headers(first.delivered[0][1])['X-Pitchward'])


def listed(copies, where):
    """How many, and which, at a line's end."""
    text = '%d %s%s' % (len(copies), where, ': ' + ', '.join(copies) if copies else '')
    indent = ' ' * 24
    return textwrap.fill(text, width(), initial_indent=indent, subsequent_indent=indent)[len(indent):]


def boxes(demo):
    copies = list(demo.copies())
    inside = [c.rcpt for c in copies if c.rcpt.endswith('@' + demo.domain)]
    for rcpt in dict.fromkeys(inside):
        mine = [c for c in copies if c.rcpt == rcpt]
        held = [c.what for c in mine if c.held]
        print('  %-21s %s' % (rcpt, listed([c.what for c in mine if c.delivered], 'delivered')))
        if held:
            print('  %-21s %s' % ('', listed(held, paint('quarantine', 'held'))))
    print('  %-21s %s\n' % ('elsewhere', listed([c.what for c in copies if c.rcpt not in inside], 'delivered')))
    return count(demo)


def count(demo):
    """In = delivered + held, copy by copy."""
    copies = list(demo.copies())
    delivered = sum(len(c.delivered) for c in copies)
    held = sum(len(c.held) for c in copies)
    strangers = sum(map(len, demo.boxes.values())) + len(demo.held) - delivered - held
    wrong = [c for c in copies if len(c.delivered) + len(c.held) != 1]
    print('  ' + paint('bold', '%d copies sent = %d delivered + %d held' % (len(copies), delivered, held)) +
          ('' if wrong or strangers else ': none is lost, none came twice'))
    for copy in wrong:
        print('  %s, to %s: %d delivered, %d held' % (copy.what, copy.rcpt, len(copy.delivered), len(copy.held)))
    if strangers:
        print('  and %d copies that nobody sent' % strangers)
    return 1 if wrong or strangers else 0


def held_id(demo, name):
    for copy in demo.copies():
        if copy.name == name and copy.held:
            print(copy.held[0]['id'])
            return 0
    return 1


def exact(demo, name):
    """The MTA puts its own fields on top; all below must be as it was sent."""
    copy = next(c for c in demo.copies() if c.name == name)
    data = copy.delivered[0][1] if copy.delivered else b''
    same = data.endswith(copy.sent)
    added = headers(data[:len(data) - len(copy.sent)]).keys() if same else []
    below = data[-len(copy.sent):]
    form = '  %-24s %5d bytes, SHA-256 %s'
    print('\n' + form % ('sent', len(copy.sent), hashlib.sha256(copy.sent).hexdigest()[:16]))
    print(form % ('delivered to ' + copy.rcpt.split('@')[0], len(below), hashlib.sha256(below).hexdigest()[:16]))
    print('  above it, added on the way: %s\n' % ', '.join(dict.fromkeys(added)))
    return 0 if same else 1


def wrap(hanging):
    for line in sys.stdin:
        print(textwrap.fill(line.rstrip('\n'), width() - 2, initial_indent='  ', subsequent_indent=' ' * hanging))


def digest():
    """Links are long, and no two messages differ in what is told of them."""
    lines = sys.stdin.read().split('\n')
    entries = [i for i, line in enumerate(lines) if re.match(r' *\d+\.  ', line)]
    for line in lines[:entries[1] if len(entries) > 1 else None]:
        print('  ' + cut(line, width() - 2))
    if len(entries) > 1:
        print('  and %d more like it' % (len(entries) - 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('command', choices=['table', 'boxes', 'count', 'id', 'exact', 'wrap', 'digest'])
    parser.add_argument('name', nargs='?')
    for option in 'folder', 'order', 'pitchward', 'domain':
        parser.add_argument('--' + option)
    options = parser.parse_args()
    sys.stdout.reconfigure(encoding='utf-8')
    if options.command == 'wrap':
        return wrap(int(options.name or 30))
    if options.command == 'digest':
        return digest()
    demo = Demo(options)
    if options.command in ('id', 'exact'):
        return {'id': held_id, 'exact': exact}[options.command](demo, options.name)
    return {'table': table, 'boxes': boxes, 'count': count}[options.command](demo)


if __name__ == '__main__':
    sys.exit(main())
