#!/usr/bin/python3
"""What attacks do to the judgement: scores of attacked mail against those of
the same mail without the attack.

    measure.py BIN MODELS CORPUS [--n N] [--kind K]... [--seed N] [--json]

Prints a table, one line an attack; with --json one object a line. P(outreach)
and P(relevant) are those for the buyer whom the mail addresses. Where a mail
had to become HTML first, it is compared with itself as plain HTML.
"""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile

from attack import Attack, chosen_kinds
from corpus import Corpus
from tricks import KINDS

ACCEPT = 0.65  # from which a pitch is let in
FILES_MAX = 2000  # on one command line


def score(binary, models, corpus, folder, kinds, pairs):
    """{(kind, path): what the program said}"""
    said = {}
    for profile in corpus.profiles:
        files = [os.path.join(folder, kind, row['path'])
                 for kind in kinds for row, buyer in pairs
                 if buyer is profile]
        for at in range(0, len(files), FILES_MAX):
            command = [binary, 'score', '--json', '--models', models,
                       '--profile', profile.path]
            done = subprocess.run(command + files[at:at + FILES_MAX],
                                  stdout=subprocess.PIPE, check=True)
            for line in done.stdout.splitlines():
                told = json.loads(line)
                name = os.path.relpath(told['file'], folder)
                kind, _, path = name.partition(os.sep)
                said[kind, path] = {key: told[key] for key in
                                    ('outreach', 'relevance', 'verdict',
                                     'gate', 'odd')}
    missing = len(kinds) * len(pairs) - len(said)
    if missing:
        raise SystemExit('measure.py: %d mails were not scored' % missing)
    return said


def logit(p):
    p = min(max(p, 1e-7), 1 - 1e-7)
    return math.log(p / (1 - p))


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else 0.0


class Pair:
    """One mail before and after."""

    def __init__(self, row, grade, before, after):
        self.path = row['path']
        self.pitch = row['kind'] in ('outreach', 'nurture')
        self.relevant = grade >= 2
        self.before = before
        self.after = after
        self.outreach = after['outreach'] - before['outreach']
        self.relevance = after['relevance'] - before['relevance']
        self.logit = logit(after['outreach']) - logit(before['outreach'])

    def passes(self, told):
        return told['verdict'] != 'quarantine' or told['gate'] != ''


def farthest(pairs, value):
    """The extreme of a value with its mail: where `value` is greatest."""
    worst = max(pairs, key=value, default=None)
    return (None if worst is None else
            {'path': worst.path,
             'outreach': [worst.before['outreach'], worst.after['outreach']],
             'relevance': [worst.before['relevance'],
                           worst.after['relevance']]})


def changes(pairs):
    """Means and extremes of one class of mail."""
    worst = {'outreach_fall': lambda p: -p.outreach,
             'outreach_rise': lambda p: p.outreach,
             'relevance_rise': lambda p: p.relevance,
             'relevance_change': lambda p: abs(p.relevance)}
    found = {'n': len(pairs),
             'outreach': mean(p.outreach for p in pairs),
             'outreach_abs': mean(abs(p.outreach) for p in pairs),
             'outreach_logit': mean(p.logit for p in pairs),
             'relevance': mean(p.relevance for p in pairs),
             'relevance_abs': mean(abs(p.relevance) for p in pairs)}
    for name, value in worst.items():
        found['worst_' + name] = max((value(p) for p in pairs), default=0.0)
        found['worst_%s_mail' % name] = farthest(pairs, value)
    return found


def summary(name, pairs):
    pitches = [p for p in pairs if p.pitch]
    other = [p for p in pairs if not p.pitch]
    unwanted = [p for p in pitches if not p.relevant]
    held = [p for p in pitches if not p.passes(p.before)]
    low = [p for p in unwanted if p.before['relevance'] < ACCEPT]
    gate = [p for p in pairs if p.after['gate'] != p.before['gate']]
    return {'kind': name, 'group': KINDS[name].group,
            'against': KINDS[name].against,
            'pitches': changes(pitches), 'unwanted': changes(unwanted),
            'business': changes(other),
            'held': len(held),
            'released': sum(p.passes(p.after) for p in held),
            'newly_held': sum(p.passes(p.before) and not p.passes(p.after)
                              for p in other),
            'low': len(low),
            'let_in': sum(p.after['relevance'] >= ACCEPT for p in low),
            'lower': sum(p.outreach < -0.001 for p in pitches),
            'gained': sum(p.relevance > 0.10 for p in unwanted),
            'off': sum(abs(p.relevance) >= 0.02 for p in pairs),
            'gate': len(gate),
            'evidence': mean(p.logit for p in pitches) > 0 and
            all(p.outreach >= -0.001 for p in pitches)}


HEAD = '''\
                             P(outreach) of pitches     business  P(relevant)                       held    low    mails
attack                       mean    worst   log-odds   mean      pitches unwanted worst   other    passes  let in lower off  evidence'''


def table_line(s):
    p, u, b = s['pitches'], s['unwanted'], s['business']
    return ('%-27s %+.3f  %+.3f  %+7.2f    %+.3f    %+.3f  %+.3f  %+.3f  '
            '%+.3f  %3d/%-3d %3d/%-3d %4d %4d  %s'
            % (s['kind'], p['outreach'], -p['worst_outreach_fall'],
               p['outreach_logit'], b['outreach'], p['relevance'],
               u['relevance'], p['worst_relevance_rise'], b['relevance'],
               s['released'], s['held'], s['let_in'], s['low'], s['lower'],
               s['off'], 'yes' if s['evidence'] else '-'))


def measure(options, folder):
    corpus = Corpus(options.corpus)
    pairs = corpus.sample(options.seed, options.n)
    names = chosen_kinds(options.kind)
    needed = {KINDS[name].against for name in names} - {'original'}
    kinds = names + sorted(needed.difference(names))
    attack = Attack(corpus, folder, options.seed)
    attack.copy(pairs)
    for name in kinds:
        attack.play(name, pairs)
    said = score(options.binary, options.models, corpus, folder,
                 ['original'] + kinds, pairs)
    for name in names:
        yield summary(name, [
            Pair(row, corpus.grade(row, buyer),
                 said[KINDS[name].against, row['path']],
                 said[name, row['path']]) for row, buyer in pairs])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('binary')
    parser.add_argument('models')
    parser.add_argument('corpus')
    parser.add_argument('--n', type=int, default=60)
    parser.add_argument('--kind', action='append', default=[])
    parser.add_argument('--seed', default='1')
    parser.add_argument('--json', action='store_true')
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='pw-attack.') as folder:
        if not options.json:
            print(HEAD)
        for found in measure(options, folder):
            print(json.dumps(found) if options.json else table_line(found))


if __name__ == '__main__':
    sys.exit(main())
