#!/usr/bin/python3
"""Makes attacked copies of a labelled corpus (DESIGN 9), one corpus a kind.

    attack.py CORPUS OUTDIR [--kind K]... [--seed N] [--n N]
    attack.py --list

OUTDIR/KIND/ holds labels.tsv with its `attack` column filled, the profiles, and
the mails; OUTDIR/original/ those that were attacked, as they are. K is a kind or
a group of kinds. With --n: N pitches and N/2 business mails; else every mail
that is addressed to a buyer with a profile. The same seed, the same bytes.
"""
import argparse
import os
import random
import sys

from corpus import PADDING_WORDS, Corpus, write_labels
from letter import Letter
from tricks import KINDS


class Context:
    """What a trick knows beside the letter: its target, and chance."""

    def __init__(self, seed, name, row, profile, ordinary):
        # The words are the same for all tricks, so that they can be compared.
        self.words = random.Random('%s:%s' % (seed, row['path']))
        self.rng = random.Random('%s:%s:%s' % (seed, name, row['path']))
        self.profile = profile
        self.ordinary = ordinary

    def padding(self):
        return self.profile.padding(self.words)

    def business(self):
        """As many words of other people's ordinary mail."""
        words = []
        while self.ordinary and len(words) < PADDING_WORDS:
            words += self.words.choice(self.ordinary)
        return ' '.join(words[:PADDING_WORDS])

    def address(self):
        return (self.profile.addresses or ['buyer@buyer.example'])[0]


def chosen_kinds(names):
    """Kinds by name or group; all without a name."""
    unknown = [name for name in names if name not in KINDS and
               all(kind.group != name for kind in KINDS.values())]
    if unknown:
        raise SystemExit('attack.py: no kind or group: ' + ', '.join(unknown))
    return [name for name, kind in KINDS.items()
            if not names or name in names or kind.group in names]


def ordinary_mails(corpus, limit=120):
    """The words of business mails in the corpus."""
    rows = [row for row in corpus.rows
            if row['kind'] == 'business' and row['lang'] in ('', 'en')]
    step = max(1, len(rows) // limit)
    texts = [Letter(corpus.read(row)).visible().split()
             for row in rows[::step]]
    return [words for words in texts if words]


class Attack:
    """Writes corpora of attacked mail below a folder."""

    def __init__(self, corpus, folder, seed):
        self.corpus = corpus
        self.folder = folder
        self.seed = seed
        self.ordinary = ordinary_mails(corpus)

    def target(self, name, row):
        path = os.path.join(self.folder, name, row['path'])
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def copy(self, pairs):
        for row, _ in pairs:
            with open(self.target('original', row), 'wb') as file:
                file.write(self.corpus.read(row))
        self.label('original', [row for row, _ in pairs], '')

    def play(self, name, pairs):
        for row, profile in pairs:
            letter = Letter(self.corpus.read(row))
            KINDS[name].play(letter, Context(self.seed, name, row, profile,
                                             self.ordinary))
            with open(self.target(name, row), 'wb') as file:
                file.write(letter.wire())
        self.label(name, [row for row, _ in pairs], name)

    def label(self, name, rows, attack):
        folder = os.path.join(self.folder, name)
        self.corpus.beside(folder)
        write_labels(folder, [dict(row, attack=attack) for row in rows])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('corpus', nargs='?')
    parser.add_argument('outdir', nargs='?')
    parser.add_argument('--kind', action='append', default=[])
    parser.add_argument('--seed', default='1')
    parser.add_argument('--n', type=int)
    parser.add_argument('--list', action='store_true')
    options = parser.parse_args()
    if options.list:
        for name, kind in KINDS.items():
            print('%-18s %s' % (kind.group, name))
        return
    if options.outdir is None:
        parser.error('say CORPUS and OUTDIR')
    if os.path.isdir(options.outdir) and os.listdir(options.outdir):
        parser.error(options.outdir + ' is not empty')
    corpus = Corpus(options.corpus)
    pairs = corpus.sample(options.seed, options.n)
    if not pairs:
        raise SystemExit('attack.py: no mail to a buyer with a profile')
    attack = Attack(corpus, options.outdir, options.seed)
    attack.copy(pairs)
    for name in chosen_kinds(options.kind):
        attack.play(name, pairs)


if __name__ == '__main__':
    sys.exit(main())
