"""A labelled corpus (DESIGN 9) and the buyers' profiles beside it."""
import csv
import email.utils
import os
import random
import re
import shutil

COLUMNS = ['path', 'kind', 'step', 'relevant', 'attack', 'lang', 'campaign',
           'source', 'author']
PADDING_WORDS = 200


class Profile:
    """What an attacker who got hold of a profile would use of it."""

    def __init__(self, path):
        with open(path, encoding='utf-8') as file:
            text = file.read()
        self.path = path
        self.id = os.path.splitext(os.path.basename(path))[0]
        self.buyer = scalar(text, 'name') or self.id
        found = re.search(r'^ *addresses: *\[(.*?)\]', text, re.M | re.S)
        self.addresses = [a.strip(' "\'\n').lower()
                          for a in found.group(1).split(',')] if found else []
        wanted = re.search(r'^priorities:\n(.*?)(?=^\S|\Z)', text, re.M | re.S)
        items = re.split(r'^  - ', wanted.group(1) if wanted else '',
                         flags=re.M)[1:]
        self.priorities = [priority_text(item) for item in items]

    def padding(self, rng, words=PADDING_WORDS):
        """That many words of its priorities, beginning with any of them."""
        texts = list(self.priorities)
        rng.shuffle(texts)
        found = ' '.join(texts).split()
        while found and len(found) < words:
            found += found
        return ' '.join(found[:words])


def scalar(text, key):
    found = re.search(r'^ *%s: *(.+)$' % key, text, re.M)
    return found.group(1).strip(' "\'') if found else ''


def priority_text(item):
    """Name, description and keywords, in a form that fits into mail."""
    name = re.search(r'^ *name: *(.+)$', item, re.M)
    about = re.search(r'^    about: *>?-?\n((?:      .*\n?)+)', item, re.M)
    if about is None:
        about = re.search(r'^    about: *(.+)$', item, re.M)
    keywords = re.search(r'^    keywords: *\[(.*?)\]', item, re.M | re.S)
    parts = [name.group(1).strip(' "\'') + '.' if name else '',
             ' '.join(about.group(1).split()) if about else '',
             ' '.join(keywords.group(1).replace('"', '').split())
             if keywords else '']
    return ' '.join(part for part in parts if part)


class Corpus:
    def __init__(self, folder):
        self.folder = folder
        with open(os.path.join(folder, 'labels.tsv'), encoding='utf-8',
                  newline='') as file:
            self.rows = list(csv.DictReader(file, delimiter='\t',
                                            quoting=csv.QUOTE_NONE))
        profiles = os.path.join(folder, 'profiles')
        self.profiles = [Profile(os.path.join(profiles, name))
                         for name in sorted(os.listdir(profiles))
                         if name.endswith('.yaml')]

    def read(self, row):
        with open(os.path.join(self.folder, row['path']), 'rb') as file:
            return file.read()

    def buyer(self, row):
        """The profile of the one it is addressed to; None: of nobody here."""
        head = re.split(rb'\r?\n\r?\n', self.read(row), maxsplit=1)[0]
        head = re.sub(r'\r?\n[ \t]+', ' ', head.decode('utf-8', 'replace'))
        fields = re.findall(r'^(?:To|Cc|Delivered-To): *(.*)$', head,
                            re.M | re.I)
        seen = {address.lower()
                for _, address in email.utils.getaddresses(fields)}
        for profile in self.profiles:
            if seen.intersection(profile.addresses):
                return profile
        return None

    def reader(self, row, seed):
        """Where no mail is addressed to a buyer: one whom a label names, or
        any."""
        names = {item.partition('/')[0] for item in row['relevant'].split(',')}
        named = [p for p in self.profiles if p.id in names] or self.profiles
        return random.Random('%s:%s' % (seed, row['path'])).choice(named)

    def grade(self, row, profile):
        """How relevant it is to that buyer, 0 to 3."""
        best = 0
        for item in row['relevant'].split(','):
            found = re.match(r'([^/]+)/[^=]+=(\d)', item)
            if found and found.group(1) == profile.id:
                best = max(best, int(found.group(2)))
        return best

    def sample(self, seed, n):
        """n pitches to buyers known, half of them relevant, and n/2 business
        mails, as (row, profile); all mails where n is None."""
        known = [(row, self.buyer(row)) for row in self.rows]
        known = [pair for pair in known if pair[1] is not None]
        if not known and self.profiles:
            known = [(row, self.reader(row, seed)) for row in self.rows]
        if n is None:
            return known
        classes = {'relevant': [], 'pitch': [], 'business': []}
        for row, profile in known:
            if row['kind'] == 'business':
                classes['business'].append((row, profile))
            elif row['kind'] == 'outreach':
                name = 'relevant' if self.grade(row, profile) >= 2 else 'pitch'
                classes[name].append((row, profile))
        chosen = []
        for name, pairs in classes.items():
            wanted = min(len(pairs), n // 2)
            rng = random.Random('%s:%s' % (seed, name))
            chosen += rng.sample(pairs, wanted)
        return chosen

    def beside(self, folder):
        """What belongs to any copy of this corpus."""
        shutil.copytree(os.path.join(self.folder, 'profiles'),
                        os.path.join(folder, 'profiles'))
        authors = os.path.join(self.folder, 'authors.tsv')
        if os.path.exists(authors):
            shutil.copy(authors, folder)


def write_labels(folder, rows):
    with open(os.path.join(folder, 'labels.tsv'), 'w', encoding='utf-8',
              newline='') as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter='\t',
                                quoting=csv.QUOTE_NONE, quotechar=None,
                                lineterminator='\n', extrasaction='ignore')
        writer.writeheader()
        writer.writerows(rows)
