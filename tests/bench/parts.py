"""What a bench measures, part by part. Each part is a function that takes the
bench and adds rows (one a system, load and round) or text to it.
"""
import concurrent.futures
import glob
import os
import re
import signal
import subprocess
import tempfile
import time

import measure
import peers

LOAD = os.path.join(peers.BUILD, 'bench/milter-load')
# Offers a second, whatever became of those before.
RATES = 200, 500
QUINN = '''version: 1
buyer: {name: quinn, role: CISO,
  addresses: [x]
}
priorities:
  - {id: edr, name: Endpoint detection, keywords: [EDR, XDR], weight: 1.0}
verdict: {hold: 0.1, unsure: 0.1, accept: 1.0, tag: 1.0}
'''


def load(bench, part, peer, connections, count, mails, cpus, options=()):
    """One run of milter-load against a peer: a row of figures."""
    pids = peer.pids()
    measure.pin(pids, cpus)
    before, machine = measure.Cpu(pids), measure.Machine()
    with tempfile.NamedTemporaryFile('r') as latencies:
        used, output = measure.run_costs(
            [LOAD, '-q', '-c', str(connections), '-n', str(count), '-l',
             latencies.name, *options, 'unix:' + peer.socket, mails], cpus)
        after = measure.Cpu(pids)
        lines = [line.split() for line in latencies]
    wall = re.search(rb'wall_s ([\d.]+)', output)
    if not wall:
        raise peers.Missing('%s: milter-load did not end' % peer.key)
    wall = float(wall.group(1))
    good = [float(us) for us, verdict in lines if verdict != '!']
    row = {'part': part, 'system': peer.key, 'label': peer.label,
           'connections': connections, 'messages': len(good),
           'failed': len(lines) - len(good), 'wall_s': wall,
           'per_s': len(good) / wall, 'processors': len(cpus),
           'driver_us': used['cpu_s'] / len(lines) * 1e6,
           'quarantined': sum(verdict == 'd' for _, verdict in lines),
           'others': machine.others(after.total - before.total + used['cpu_s'])}
    row.update(after.since(before, len(lines)))
    row.update(measure.quantiles(good))
    row.update(measure.memory(peer.pids()))
    return bench.add(row)


def warm(bench, peer, count=40):
    subprocess.run([LOAD, '-q', '-c', '4', '-n', str(count),
                    'unix:' + peer.socket, bench.mails.warm],
                   stdout=subprocess.DEVNULL, check=False)


def grid(bench, part, peer, repeats=1):
    """1, 4, 16 and 64 connections. One connection shares one processor with
    the driver: that is where costs are compared."""
    for number, connections in enumerate(bench.connections):
        cpus = bench.cpus if connections > 1 else bench.cpus[:1]
        load(bench, part, peer, connections, bench.messages * repeats,
             bench.mails.slices[number % 4], cpus)


def run(bench, peer, work):
    """A peer from its start to its end, warmed up."""
    try:
        peer.start()
        warm(bench, peer)
        work(peer)
    finally:
        peer.stop()


def null(bench):
    for mode in bench.ordered(['noreply', 'full']):
        repeats = 4 if mode == 'noreply' else 1
        run(bench, peers.Null(mode, bench.folder),
            lambda peer: grid(bench, 'null', peer, repeats))


def ours(bench):
    for mode in bench.ordered(['observe', 'enforce']):
        run(bench, peers.Pitchward(mode, bench.folder),
            lambda peer: grid(bench, 'ours', peer))


def cost(bench):
    """CPU a message in short turns, one filter after another and again: what
    disturbs the machine disturbs all of them, so their ratios hold."""
    turns = [peers.Null('noreply', bench.folder),
             peers.Pitchward('observe', bench.folder)]
    try:
        for peer in turns:
            peer.start()
            warm(bench, peer)
        if False in bench.kept:
            turns.append(bench.kept[False])
        for turn, mails in enumerate(bench.mails.slices):
            for peer in bench.ordered(turns):
                repeats = 4 if isinstance(peer, peers.Null) else 1
                row = load(bench, 'cost', peer, 1,
                           bench.messages * repeats // 2, mails, bench.cpus[:1])
                row['turn'] = turn
    finally:
        for peer in turns[:2]:
            peer.stop()


def profiles(bench):
    for count in bench.ordered([1, 100, 1000]):
        peer = peers.Pitchward('observe', bench.folder, 'profiles-%d' % count,
                               '%d profile%s' % (count, 's' * (count > 1)),
                               count)
        run(bench, peer, lambda peer: load(
            bench, 'profiles', peer, 1, bench.messages, bench.mails.slices[0],
            bench.cpus[:1]))


def _rspamd(bench, bayes):
    """Started once: what it compiles takes longer than a round."""
    peer = bench.kept.get(bayes)
    if not peer:
        peer = bench.keep(bayes, peers.Rspamd(bench.folder, bayes))
        if bayes:
            bench.note('rspamd learned', {
                kind: peer.learn(kind, paths[:bench.taught])
                for kind, paths in bench.mails.training.items()})
        warm(bench, peer, 200)
    grid(bench, 'rspamd', peer)


def rspamd(bench):
    _rspamd(bench, False)


def bayes(bench):
    _rspamd(bench, True)


def _bulk(bench, system, label, command, listing, empty):
    """A program that judges files one after another, less what it takes to
    start."""
    cost, output = measure.run_costs(command, bench.cpus[:1], **listing())
    start, _ = measure.run_costs(*empty)
    count = len(bench.mails.tested)
    if cost['status'] not in (0, 1, 2, 3) or output.count(b'\n') < count:
        raise peers.Missing('%s said %d lines for %d messages, exit %d' % (
            system, output.count(b'\n'), count, cost['status']))
    used = cost['cpu_s'] - start['cpu_s']
    share = cost['user_s'] / (cost['user_s'] + cost['system_s'])
    bench.add({'part': 'bulk', 'system': system, 'label': label,
               'connections': 1, 'messages': count, 'failed': 0,
               'wall_s': cost['wall_s'], 'per_s': count / cost['wall_s'],
               'processors': 1, 'cpu_us': used / count * 1e6,
               'user_us': used / count * 1e6 * share,
               'system_us': used / count * 1e6 * (1 - share),
               'start_s': start['cpu_s'], 'peak_kb': cost['peak_kb']})


def _teach_bogofilter(bench):
    words = os.path.join(bench.folder, 'bogofilter')
    if not os.path.isdir(words):
        program = peers.need('bogofilter')
        os.mkdir(words)
        for kind, flag in ('ham', '-n'), ('spam', '-s'):
            subprocess.run([program, '-d', words, flag, '-b'], check=True,
                           text=True,
                           input='\n'.join(bench.mails.training[kind]) + '\n')
    return words


def bogofilter(bench):
    words = _teach_bogofilter(bench)
    names = os.path.join(bench.folder, 'names')
    peers.write(names, '\n'.join(bench.mails.tested) + '\n')
    judge = ['bogofilter', '-d', words, '-b', '-v']
    score = [os.path.join(peers.BUILD, 'bin/pitchward'), 'score', '--profile',
             peers.CISO, '--models', os.path.join(peers.ROOT, 'models')]
    first = bench.cpus[:1]
    for system in bench.ordered(['bogofilter', 'pitchward-score']):
        if system == 'bogofilter':
            _bulk(bench, system, 'bogofilter, bulk', judge,
                  lambda: {'stdin': open(names)}, (judge, first))
        else:
            _bulk(bench, system, 'pitchward score, bulk',
                  score + [bench.mails.bulk], dict,
                  (score + [bench.mails.one], first))


def spamassassin(bench):
    peer = bench.kept.get('spamd')
    bodies = []
    for path in bench.mails.tested[:bench.few]:
        with open(path, 'rb') as file:
            bodies.append(file.read())
    if not peer:
        peer = bench.keep('spamd', peers.Spamd(bench.folder))
        for body in bodies[:4]:
            peer.check(body)
    for connections in 1, 4:
        pids, cpus = peer.pids(), bench.cpus[:1 if connections == 1 else None]
        measure.pin(pids, cpus)
        before, machine = measure.Cpu(pids), measure.Machine()
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(connections) as pool:
            took = list(pool.map(peer.check, bodies))
        wall = time.monotonic() - began
        after = measure.Cpu(pids)
        row = {'part': 'spamassassin', 'system': peer.key, 'label': peer.label,
               'connections': connections, 'messages': len(took), 'failed': 0,
               'wall_s': wall, 'per_s': len(took) / wall,
               'processors': len(cpus),
               'others': machine.others(after.total - before.total)}
        row.update(after.since(before, len(took)))
        row.update(measure.quantiles([s * 1e6 for s in took]))
        row.update(measure.memory(peer.pids()))
        bench.add(row)


def held(bench):
    """A filter whose buyer has every offer held."""
    return peers.Pitchward('enforce', bench.folder, 'quarantine',
                           'Pitchward, all held', profile=QUINN, settings=
                           'limits_for_profiles: {hold: {min: 0.1}}\n')


def durable(bench):
    """Every message is held, and the reply comes after its commit."""

    def work(peer):
        # Numbers that no run repeats: the same offer is not held twice.
        first = 0
        for connections, rate in [(c, 0) for c in bench.connections] + [
                (64, rate) for rate in RATES]:
            count = min(bench.messages, rate * 3 or bench.messages)
            row = load(bench, 'durable', peer, connections, count,
                       bench.mails.offers, bench.cpus,
                       ['-u', str(first)] + ['-R', str(rate)] * bool(rate))
            row['rate'] = rate
            first += count

    run(bench, held(bench), work)
    bench.note('fdatasync', bench.notes.get('fdatasync', []) + [sync_times(
        bench.folder)])


def sync_times(folder, count=200):
    """The disk alone: 4 kB appended and synced, one after another."""
    took = []
    with open(os.path.join(folder, 'sync'), 'wb', 0) as file:
        for _ in range(count):
            began = time.monotonic()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            took.append((time.monotonic() - began) * 1e6)
    return measure.quantiles(took)


class Postfix:
    """A private Postfix with a listener for each milter."""

    def __init__(self, sockets):
        self.process = subprocess.Popen(
            ['sh', os.path.join(os.path.dirname(__file__), 'postfix.sh')] +
            ['%s=%s' % pair for pair in sockets.items()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.said = {}
        for line in self.process.stdout:
            word, _, rest = line.strip().partition(' ')
            if word == 'ready':
                return
            self.said[word] = rest
        raise peers.Missing('Postfix: %s' % self.said)

    def pids(self):
        """Its processes work in its folder."""
        found = []
        for link in glob.glob('/proc/[0-9]*/cwd'):
            try:
                if os.readlink(link).startswith(self.said['folder']):
                    found.append(int(link.split('/')[2]))
            except OSError:
                pass
        return found

    def stop(self):
        self.process.stdin.close()
        self.process.wait(30)


def _through(bench, postfix, name, peer, sessions):
    filters = peer.pids() if peer else []
    count = bench.posted
    cpu, own = measure.Cpu(postfix.pids()), measure.Cpu(filters)
    machine = measure.Machine()
    cost, _ = measure.run_costs(
        [peers.need('smtp-source'), '-d', '-s', str(sessions), '-m', str(count),
         '-f', 'sam@seller.example', '-t', 'rcpt@example.net', '-F',
         bench.mails.typical, '127.0.0.1:' + postfix.said[name]], bench.cpus)
    if cost['status']:
        raise peers.Missing('smtp-source to %s: exit %d' % (name, cost['status']))
    row = {'part': 'postfix', 'system': name, 'connections': sessions,
           'label': peer.label if peer else 'no milter', 'messages': count,
           'failed': 0, 'wall_s': cost['wall_s'],
           'per_s': count / cost['wall_s'], 'processors': len(bench.cpus)}
    row.update(measure.Cpu(filters).since(own, count))
    after = measure.Cpu(postfix.pids())
    row['postfix_us'] = after.since(cpu, count)['cpu_us']
    row['others'] = machine.others(
        (row['cpu_us'] + row['postfix_us']) * count / 1e6 + cost['cpu_s'])
    bench.add(row)


def postfix(bench):
    """End to end: smtp-source to a queue that is thrown away."""
    started = {'null-noreply': peers.Null('noreply', bench.folder),
               'pitchward-observe': peers.Pitchward('observe', bench.folder)}
    if False in bench.kept:
        started['rspamd'] = bench.kept[False]
    server = None
    try:
        for peer in started.values():
            if not peer.processes:
                peer.start()
            measure.pin(peer.pids(), bench.cpus)
        server = Postfix({'none': '', **{
            name: peer.socket for name, peer in started.items()}})
        started = {'none': None, **started}
        for sessions in 1, 16:
            for name in bench.ordered(list(started)):
                _through(bench, server, name, started[name], sessions)
    finally:
        if server:
            server.stop()
        for name, peer in started.items():
            if peer and name != 'rspamd':
                peer.stop()


def pages(bench):
    """The pages at 100,000 held, as text."""
    if bench.round == 0:
        done = subprocess.run(
            ['sh', os.path.join(os.path.dirname(__file__), 'pages.sh')],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, env=dict(os.environ, BUILD=peers.BUILD,
                                  HELD=str(bench.held)))
        bench.note('pages', done.stdout)


def profile(bench):
    """Where the worker's time goes, by function, when mail passes and when all
    of it is held: samples of its CPU clock."""
    if bench.round:
        return
    _profile(bench, 'profile', peers.Pitchward('observe', bench.folder),
             bench.mails.slices, [])
    _profile(bench, 'profile of quarantine', held(bench), [bench.mails.offers],
             ['-u', '0'])


def _profile(bench, name, peer, folders, options):
    perf = peers.need('perf')
    data = os.path.join(bench.folder, 'perf.data')

    def work(peer):
        recorder = subprocess.Popen(
            [perf, 'record', '-q', '-e', 'cpu-clock', '-F', '4999', '-o', data,
             '-p', str(peer.worker())], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        time.sleep(0.5)
        for mails in folders:
            load(bench, 'profile', peer, 1, bench.messages, mails,
                 bench.cpus[:1], options)
        recorder.send_signal(signal.SIGINT)
        recorder.wait(30)

    run(bench, peer, work)
    listing = subprocess.run(
        [perf, 'report', '-i', data, '--stdio', '-F', 'overhead,dso,symbol',
         '--percent-limit', '0', '-t', '|'], stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, check=False).stdout
    rows = re.findall(r'^ *([\d.]+)% *\|([^|]+)\|\[[.k]\] (.*?) *$', listing,
                      re.M)
    if not rows:
        raise peers.Missing('perf recorded nothing here')
    bench.note(name, [{'percent': float(share), 'where': where.strip(),
                       'function': function} for share, where, function in rows])


PARTS = {'null': null, 'ours': ours, 'rspamd': rspamd, 'bayes': bayes,
         'cost': cost, 'bogofilter': bogofilter, 'spamassassin': spamassassin,
         'profiles': profiles, 'durable': durable, 'postfix': postfix,
         'profile': profile, 'pages': pages}
