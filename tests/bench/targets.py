"""What the project wants of its speed, held against what was measured. Why a
target was not reached is in reasons.txt, under the target's name.
"""
import os
import re

from measure import spread

OURS, NULL = 'pitchward-observe', 'null-noreply'


def reasons():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'reasons.txt')
    with open(path) as file:
        blocks = file.read().split('\n\n')
    found = (re.match(r'(\S+): (.*)', ' '.join(block.split()), re.S)
             for block in blocks if not block.startswith('#'))
    return {match.group(1): match.group(2) for match in found if match}


class Rounds:
    """One figure by round, and by turn where a part takes turns."""

    def __init__(self, rows):
        self.rows = rows

    def get(self, parts, system, key='cpu_us', connections=1, rate=0):
        return {(row['round'], row.get('turn', 0)): row[key]
                for row in self.rows
                if row['system'] == system and row['part'] in parts.split()
                and row['connections'] == connections
                and row.get('rate', 0) == rate}

    def ratio(self, parts, above, below):
        """Of figures taken one after the other."""
        above, below = self.get(parts, above), self.get(parts, below)
        return [above[r] / below[r] for r in above if below.get(r)]

    def cost_ratio(self, above, below):
        """By turns, else by rounds."""
        return (self.ratio('cost', above, below) or
                self.ratio('null ours rspamd', above, below))


def _wanted(rounds):
    """(name, words, unit, limit, 'most' or 'least', figures of the rounds)"""
    values = lambda *key, **more: list(rounds.get(*key, **more).values())
    by_1000 = [n / 1000 for n in values('durable', 'quarantine', 'p99_us', 64)]
    paced = [n / 1000 for n in values('durable', 'quarantine', 'p99_us', 64, 500)]
    return (
        ('null', 'CPU a message, ours beside the null milter', 'x', 3.2, 'most',
         rounds.cost_ratio(OURS, NULL)),
        ('rspamd', 'CPU a message, rspamd without network beside ours', 'x', 9,
         'least', rounds.cost_ratio('rspamd', OURS)),
        ('bogofilter', 'CPU a message in bulk, ours beside bogofilter', 'x', 1,
         'most', rounds.ratio('bulk', 'pitchward-score', 'bogofilter')),
        ('quarantine', 'p99 of quarantine, 64 connections as fast as they can',
         'ms', 20, 'most', by_1000),
        ('quarantine-paced', 'p99 of quarantine, 64 connections, 500 offers/s',
         'ms', 20, 'most', paced),
        ('throughput', 'Messages a second at 16 connections, two processors',
         '/s', 10000, 'least', values('ours', OURS, 'per_s', 16)),
        ('memory', 'Memory with 100 profiles, both processes (proportional)',
         'MB', 30, 'most',
         [n / 1024 for n in values('profiles', 'profiles-100', 'pss_kb')]),
        ('profiles', 'CPU a message, 1,000 profiles beside one', 'x', 1.1,
         'most', rounds.ratio('profiles', 'profiles-1000', 'profiles-1')),
    )


def judge(whole):
    """Those that were measured, each with its verdict and reason."""
    why, found = reasons(), []
    for name, words, unit, limit, side, values in _wanted(Rounds(whole['rows'])):
        if not values:
            continue
        got = spread(values)
        reached = (got['median'] <= limit if side == 'most'
                   else got['median'] >= limit)
        found.append({
            'name': name, 'words': words, 'unit': unit, 'got': got,
            'wanted': '%s %s %s' % ('at most' if side == 'most' else 'at least',
                                    '{:,}'.format(limit), unit),
            'reached': reached,
            'reason': '' if reached else why.get(
                name, 'No reason is known; look at the spread first.')})
    return found
