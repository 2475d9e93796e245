#!/usr/bin/python3
"""`make bench`: ours beside its peers, in one run on one machine.

    bench.py                 BENCH_PARTS, BENCH_ROUNDS, BENCH_QUICK and
                             BENCH_MESSAGES are explained in README.md

Writes build/bench/report.json and report.html. Standard library only.
"""
import datetime
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import measure
import parts
import peers
import report

PACKAGES = ('rspamd bogofilter spamassassin redis-tools postfix libmilter1.0.1 '
            'libsqlite3-0 libglib2.0-0 libgmime-3.0-0 libxml2 libc6').split()


class Mails:
    """The corpus in links: four slices that no run repeats, and the rest, which
    trains and warms up. The order of the corpus is a fixed shuffle."""

    def __init__(self, folder, count):
        corpus = os.path.join(peers.BUILD, 'bench/corpus/crlf')
        names = [os.path.join(corpus, n) for n in sorted(os.listdir(corpus))]
        self.slices = []
        for number in range(4):
            part = names[number * 1000:][:min(count, 1000)]
            self.slices.append(self.link(folder, 'slice%d' % number, part))
        self.tested = names[:min(4 * count, 4000)]
        self.bulk = self.link(folder, 'bulk', self.tested)
        self.one = names[4000]
        rest = names[4000:]
        self.warm = self.link(folder, 'warm', rest)
        self.training = {kind: [n for n in rest if '.%s.' % kind in n]
                         for kind in ('ham', 'spam')}
        self.mean = sum(map(os.path.getsize, self.tested)) / len(self.tested)
        self.typical = os.path.join(folder, 'typical.eml')
        nearest = min(self.tested, key=lambda path: abs(
            os.path.getsize(path) - self.mean))
        with open(nearest, 'rb') as source, open(self.typical, 'wb') as file:
            file.write(source.read().replace(b'\r\n', b'\n'))
        self.offers = self.link(folder, 'offers', self.authored_offers())

    @staticmethod
    def authored_offers():
        root = os.path.join(peers.ROOT, 'tests/corpus/authored')
        with open(os.path.join(root, 'labels.tsv')) as file:
            rows = [line.split('\t') for line in file]
        return [os.path.join(root, row[0]) for row in rows
                if row[1] == 'outreach' and row[5] == 'en']

    @staticmethod
    def link(folder, name, paths):
        target = os.path.join(folder, name)
        os.mkdir(target)
        for path in paths:
            os.symlink(path, os.path.join(target, os.path.basename(path)))
        return target


class Bench:
    def __init__(self, folder, quick):
        self.folder, self.quick = folder, quick
        self.messages = int(os.environ.get(
            'BENCH_MESSAGES', 250 if quick else 1000))
        self.rounds = int(os.environ.get('BENCH_ROUNDS', 1 if quick else 3))
        self.connections = (1, 4, 16, 64)
        self.cpus = sorted(os.sched_getaffinity(0))[:2]
        self.few = 12 if quick else 50
        self.taught = 220 if quick else 400
        self.posted = 150 if quick else 600
        self.held = 10000 if quick else 100000
        self.mails = Mails(folder, self.messages)
        self.rows, self.notes, self.skipped, self.kept = [], {}, {}, {}
        self.took = {}
        self.round = 0

    def ordered(self, systems):
        """The other way round in every second round."""
        return systems[::-1] if self.round % 2 else systems

    def add(self, row):
        row['round'] = self.round
        self.rows.append(row)
        figures = ''.join('  %s %9.0f' % (key[:-3], row[key]) for key in (
            'cpu_us', 'p50_us', 'p99_us') if key in row)
        print('%-12s %-22s %3d conns %7.0f msg/s%s%s' % (
            row['part'], row['system'], row['connections'], row['per_s'],
            figures, '  FAILED %d' % row['failed'] if row['failed'] else ''),
            flush=True)
        return row

    def note(self, name, value):
        self.notes[name] = value

    def keep(self, key, peer):
        """A peer that stays until the end of the bench."""
        try:
            self.kept[key] = peer.start()
        except Exception:
            peer.stop()
            raise
        return peer

    def run_part(self, name):
        if name in self.skipped:
            return
        began = time.monotonic()
        try:
            parts.PARTS[name](self)
        except (peers.Missing, OSError, subprocess.SubprocessError) as error:
            self.skipped[name] = str(error)
            print('%-12s not measured: %s' % (name, error), flush=True)
        self.took[name] = self.took.get(name, 0) + time.monotonic() - began

    def run(self, names):
        try:
            for self.round in range(self.rounds):
                for name in self.ordered(names):
                    self.run_part(name)
        finally:
            for peer in self.kept.values():
                peer.stop()


def output_of(*command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, check=False,
                              stderr=subprocess.DEVNULL, text=True,
                              cwd=peers.ROOT).stdout.strip()
    except OSError:
        return ''


def machine():
    with open('/proc/cpuinfo') as file:
        model = re.search(r'model name\s*: (.*)', file.read())
    with open('/proc/meminfo') as file:
        kilobytes = int(re.search(r'MemTotal:\s*(\d+)', file.read()).group(1))
    versions = dict(line.split(' ', 1) for line in output_of(
        'dpkg-query', '-W', '-f', '${Package} ${Version}\\n',
        *PACKAGES).split('\n') if ' ' in line)
    return {'processor': model.group(1) if model else platform.machine(),
            'processors': os.cpu_count(), 'memory_gb': kilobytes / 2 ** 20,
            'kernel': platform.release(), 'load_before': os.getloadavg()[0],
            'commit': output_of('git', 'rev-parse', '--short', 'HEAD'),
            'changed': bool(output_of('git', 'status', '--porcelain', '-uno')),
            'compiler': output_of('gcc', '--version').split('\n')[0],
            'packages': versions}


def chosen():
    wanted = os.environ.get('BENCH_PARTS', '').split()
    unknown = [name for name in wanted if name not in parts.PARTS]
    if unknown:
        sys.exit('BENCH_PARTS: no part %s; there are: %s' % (
            ' '.join(unknown), ' '.join(parts.PARTS)))
    return [name for name in parts.PARTS if not wanted or name in wanted]


def main():
    names = chosen()
    # Whatever ends it, the peers are stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    quick = os.environ.get('BENCH_QUICK', '0') not in ('', '0')
    folder = tempfile.mkdtemp(prefix='pwbench.', dir='/tmp')
    os.chmod(folder, 0o755)
    about, began = machine(), time.monotonic()
    try:
        bench = Bench(folder, quick)
        bench.run(names)
    finally:
        if os.environ.get('KEEP', '0') in ('', '0'):
            shutil.rmtree(folder, ignore_errors=True)
    now = datetime.datetime.now(datetime.timezone.utc)
    whole = {'date': now.strftime('%Y-%m-%d %H:%M UTC'), 'machine': about,
             'quick': quick, 'rounds': bench.rounds, 'parts': names,
             'messages': bench.messages, 'mean_bytes': bench.mails.mean,
             'seconds': time.monotonic() - began, 'took_s': bench.took,
             'rows': bench.rows, 'notes': bench.notes,
             'skipped': bench.skipped}
    report.write(whole, os.path.join(peers.BUILD, 'bench'))
    return 0


if __name__ == '__main__':
    sys.exit(main())
