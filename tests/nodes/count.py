#!/usr/bin/python3
"""Count in = delivered + held, each once, of what sender.py sent.

    count.py FOLDER HELD_FILE PHASES LOG...

FOLDER has the nodes' mail (*/mail/ADDRESS/new/*), HELD_FILE "id buyer" a line
for each held row, PHASES a line for each phase there was. Prints a table by
phase of the attempt that was taken, then one line of totals. Succeeds when
nothing is lost and nothing there twice, nothing came to quinn, who wants none
of it, and every phase has something that is held for them. Of an id whose
sender once had no answer at all, one delivery for each of those attempts is no
fault of the filter's: SMTP has that gap between two MTAs.
"""
import collections
import glob
import os
import re
import sys

FORM = '%-22s %6s %9s %6s %7s %8s %8s %6s %5s %8s %8s'
HEAD = ('phase', 'in', 'delivered', 'held', 'unread', 'retried', 'unknown', 'twice', 'lost', 'median s', 'slowest')
ID = re.compile(rb'^X-Load-Id: *([A-Za-z0-9-]+)', re.M)


class Mail:
    def __init__(self, name, to):
        self.name, self.to = name, to
        self.phase, self.taken, self.retried, self.unknown = '', False, 0, 0


def read_logs(paths):
    mails, phases, took = {}, [], collections.defaultdict(list)
    for line in (line for path in paths for line in open(path, encoding='utf-8')):
        _, phase, name, to, _, seconds, code = line.split()
        mail = mails.setdefault(name, Mail(name, to.split(',')))
        if phase not in phases:
            phases.append(phase)
        mail.phase = phase
        if code == '-1':
            continue
        if seconds != '-':
            took[phase].append(float(seconds))
        mail.retried += not code.startswith('2')
        mail.unknown += code == '0'
        mail.taken |= code.startswith('2')
    return mails, phases, took


def read_delivered(folder):
    copies = collections.Counter()
    for path in glob.glob(folder + '/*/mail/*/new/*'):
        with open(path, 'rb') as file:
            found = ID.search(file.read(65536))
        who = path.split(os.sep)[-3].split('@')[0]
        copies[(found.group(1).decode() if found else '?', who)] += 1
    return copies


def faults(mail, delivered, held):
    """Lost, and twice, over its recipients."""
    lost = twice = 0
    for who in mail.to:
        n = delivered[(mail.name, who)] + held[(mail.name, who)]
        lost += mail.taken and n == 0
        twice += max(0, n - 1 - mail.unknown)
    return lost, twice


def median(values):
    return sorted(values)[len(values) // 2] if values else 0


def row(title, mails, delivered, held, took):
    """Prints it; what is wrong, in numbers, and how many are held."""
    def total(counter, who):
        return sum(counter[(mail.name, who)] for mail in mails)

    bad = [faults(mail, delivered, held) for mail in mails]
    lost, twice = sum(b[0] for b in bad), sum(b[1] for b in bad)
    unread, kept = total(delivered, 'quinn'), total(held, 'quinn')
    print(FORM % (title, sum(len(m.to) for m in mails), total(delivered, 'bob'), kept, unread,
                  sum(m.retried for m in mails), sum(m.unknown for m in mails), twice, lost,
                  '%.2f' % median(took), '%.2f' % max(took, default=0)))
    for mail, (is_lost, is_twice) in zip(mails, bad):
        if is_lost or is_twice:
            print('!', mail.name, 'lost' if is_lost else 'twice',
                  {who: (delivered[(mail.name, who)], held[(mail.name, who)]) for who in mail.to})
    return lost + twice + unread, kept


def read_lines(path):
    with open(path, encoding='ascii') as file:
        return file.read().splitlines()


def main():
    folder, held_file, phases_file = sys.argv[1:4]
    mails, phases, took = read_logs(sys.argv[4:])
    delivered = read_delivered(folder)
    held = collections.Counter(tuple(line.split()) for line in read_lines(held_file))
    print(FORM % HEAD)
    kept = {}
    for phase in phases:
        _, kept[phase] = row(phase, [m for m in mails.values() if m.phase == phase], delivered, held, took[phase])
    everything = list(mails.values())
    bad, _ = row('all', everything, delivered, held, [s for phase in phases for s in took[phase]])
    refused = sum(not mail.taken for mail in everything)
    strangers = [key for key in list(delivered) + list(held) if key[0] not in mails]
    empty = sorted(phase for phase in set(read_lines(phases_file)) if not kept.get(phase))
    print('ids %d refused %d strangers %d phases with nothing held: %s' % (
        len(everything), refused, len(strangers), ' '.join(empty) or 'none'))
    return 1 if bad or refused or strangers or empty or not everything else 0


if __name__ == '__main__':
    sys.exit(main())
