"""The filters that a bench loads: each a private instance, in a folder of its
own, on a unix socket (or a loopback port where it knows no other), stopped by
its process id.
"""
import glob
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time

from measure import tree

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
BUILD = os.path.abspath(os.environ.get('BUILD', os.path.join(ROOT, 'build')))
CISO = os.path.join(ROOT, 'tests/corpus/authored/profiles/ciso.yaml')

# Asked of the DNS, of a server elsewhere or of a store that the plain instance
# has not: what of rspamd's modules does so.
RSPAMD_NETWORK = '''antivirus arc asn aws_s3 bimi clickhouse dcc dkim
    dkim_signing dmarc elastic external_relay external_services fuzzy_check
    greylist hfilter history_redis metadata_exporter metric_exporter mx_check
    neural p0f phishing ratelimit rbl replies reputation rspamd_update spamtrap
    spf surbl url_redirector'''.split()


class Missing(Exception):
    """A peer that cannot run here, and why."""


def need(program):
    path = shutil.which(program, path=os.environ['PATH'] + ':/usr/sbin')
    if not path:
        raise Missing('%s is not installed' % program)
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as file:
        file.write(text)


def connects(path):
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
            return True
        except OSError:
            return False


class Peer:
    """One filter. `socket` is the path of its milter socket once it runs."""

    def __init__(self, key, label, folder):
        self.key, self.label = key, label
        self.folder = os.path.join(folder, key)
        self.socket = os.path.join(self.folder, 'm.sock')
        self.processes = []

    def spawn(self, command, **more):
        with open(os.path.join(self.folder, 'log'), 'ab') as log:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                       stdout=log, stderr=log, **more)
        self.processes.append(process)
        return process

    def start(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        self.launch()
        self.wait_until(lambda: connects(self.socket), 'no socket')
        self.ready()
        # Postfix's processes run as another user than this one.
        os.chmod(self.socket, 0o666)
        return self

    def launch(self):
        raise NotImplementedError

    def ready(self):
        """After the socket answers."""

    def wait_until(self, condition, what, seconds=90):
        deadline = time.monotonic() + seconds
        while not condition():
            dead = [p for p in self.processes if p.poll() is not None]
            if dead or time.monotonic() > deadline:
                raise Missing('%s: %s: %s' % (self.key, what, self.log_tail()))
            time.sleep(0.05)

    def log_tail(self):
        with open(os.path.join(self.folder, 'log'), errors='replace') as file:
            return ' / '.join(file.read().split('\n')[-4:])

    def pids(self):
        return tree(p.pid for p in self.processes)

    def stop(self):
        for process in reversed(self.processes):
            process.send_signal(signal.SIGTERM)
        for process in reversed(self.processes):
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes = []


class Null(Peer):
    """libmilter doing nothing."""

    def __init__(self, mode, folder):
        words = {'noreply': 'null milter', 'full': 'null milter, a reply each'}
        super().__init__('null-' + mode, words[mode], folder)
        self.mode = mode

    def launch(self):
        self.spawn([os.path.join(BUILD, 'bench/nullmilter'), '-m', self.mode,
                    'unix:' + self.socket])


class Pitchward(Peer):
    """Ours. `profile` is the text of the first buyer's, who gets the mail."""

    def __init__(self, mode, folder, key=None, label=None, profiles=1,
                 profile=None, settings=''):
        super().__init__(key or 'pitchward-' + mode,
                         label or 'Pitchward, ' + mode, folder)
        self.mode, self.count, self.settings = mode, profiles, settings
        with open(CISO) as file:
            self.others = file.read()
        self.profile = profile or self.others

    def buyer(self, number):
        text = self.others if number else self.profile
        address = 'buyer%d@example.net' % number if number else 'rcpt@example.net'
        return '\n'.join(
            '  addresses: [%s]' % address if 'addresses:' in line else line
            for line in text.split('\n'))

    def launch(self):
        for number in range(self.count):
            write('%s/profiles.d/b%d.yaml' % (self.folder, number),
                  self.buyer(number))
        # Loopback is no colleague's here: smtp-source sends from it.
        write(self.folder + '/pitchward.yaml', '''version: 1
mode: %(mode)s
milter: {socket: "unix:%(socket)s"}
authserv_id: mx.example.net
internal: {networks: [192.0.2.250/32], domains: [example.net]}
profiles: profiles.d
models: %(root)s/models
store: "sqlite:%(folder)s/pitchward.db"
spool: {path: "%(folder)s/spool"}
key: %(folder)s/key
log: {to: stderr}
%(settings)s''' % dict(vars(self), root=ROOT))
        self.spawn([os.path.join(BUILD, 'bin/pitchward-milter'), '--config',
                    self.folder + '/pitchward.yaml', '--foreground'])

    def ready(self):
        self.wait_until(lambda: len(self.pids()) > 1, 'no worker')
        with open(os.path.join(self.folder, 'log')) as log:
            self.wait_until(lambda: 'serving ' in log.read(), 'does not serve')

    def worker(self):
        return next(p for p in self.pids() if p != self.processes[0].pid)


class Rspamd(Peer):
    """rspamd behind its milter proxy, which scans in the same process (the
    cheapest way it has); with Bayes it has a redis and what it was taught."""

    def __init__(self, folder, bayes=False):
        super().__init__('rspamd-bayes' if bayes else 'rspamd',
                         'rspamd + Bayes' if bayes else 'rspamd', folder)
        self.bayes = bayes
        self.control = os.path.join(self.folder, 'control.sock')
        self.redis = None

    def configure(self):
        for module in RSPAMD_NETWORK:
            write('%s/local.d/%s.conf' % (self.folder, module),
                  'enabled = false;\n')
        files = {
            'local.d/options.inc': 'dns { nameserver = ["127.0.0.1:%d"]; }'
                                   % free_port(),
            'override.d/options.inc': 'filters = "chartable,regexp";',
            'override.d/worker-normal.inc':
                'enabled = false; count = 0; bind_socket = "%s/n.sock";'
                % self.folder,
            'override.d/worker-proxy.inc':
                'bind_socket = "%s mode=0666"; count = %d; upstream "local" '
                '{ default = yes; self_scan = yes; }'
                % (self.socket, len(os.sched_getaffinity(0))),
            'override.d/worker-controller.inc':
                'bind_socket = "%s mode=0666"; count = %d; password = "bench";'
                ' enable_password = "bench";' % (self.control, self.bayes),
        }
        if self.bayes:
            files['local.d/classifier-bayes.conf'] = (
                'backend = "redis"; servers = "127.0.0.1:%d";' % self.redis)
        else:
            files['override.d/statistic.conf'] = ''
            files['override.d/worker-controller.inc'] += ' enabled = false;'
        for name, text in files.items():
            write(os.path.join(self.folder, name), text + '\n')

    def launch(self):
        program = need('rspamd')
        if self.bayes:
            self.launch_redis()
        self.configure()
        cache = os.path.join(BUILD, 'bench/rspamd-cache')
        os.makedirs(self.folder + '/db')
        # The top level domains as Hyperscan compiled them the last time: 8 s.
        # The rest is compiled anew: its workers tell only then that it is loaded.
        for path in glob.glob(cache + '/*'):
            shutil.copy2(path, self.folder + '/db')
        subprocess.run(['chown', '-R', '_rspamd:_rspamd', self.folder],
                       check=True)
        command = [program, '-f', '-u', '_rspamd', '-g', '_rspamd', '-c',
                   '/etc/rspamd/rspamd.conf', '--var',
                   'LOCAL_CONFDIR=' + self.folder]
        for name in 'DBDIR', 'RUNDIR', 'LOGDIR':
            command += ['--var', '%s=%s/db' % (name, self.folder)]
        self.spawn(command)

    def launch_redis(self):
        self.redis = free_port()
        # redis-tools has the server, under the name of a tool; the package
        # redis-server would start one of its own.
        program = shutil.which('redis-server') or need('redis-check-rdb')
        self.spawn(['redis-server', '--port', str(self.redis), '--bind',
                    '127.0.0.1', '--save', '', '--dir', self.folder,
                    '--appendonly', 'no'], executable=program)

    def loaded(self):
        try:
            with open(self.folder + '/db/rspamd.log', errors='replace') as file:
                return len([line for line in file if '(rspamd_proxy)' in line
                            and 'hyperscan database of' in line])
        except OSError:
            return 0

    def ready(self):
        workers = len(os.sched_getaffinity(0))
        self.wait_until(lambda: self.loaded() >= workers, 'no expressions')
        cache = os.path.join(BUILD, 'bench/rspamd-cache')
        os.makedirs(cache, exist_ok=True)
        for path in glob.glob(self.folder + '/db/*.hsmp'):
            shutil.copy2(path, cache)

    def learn(self, kind, paths):
        """kind is ham or spam: how many were taken."""
        taken = 0
        for path in paths:
            with open(path, 'rb') as file:
                body = file.read()
            connection = http.client.HTTPConnection('localhost')
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.connect(self.control)
            connection.request('POST', '/learn' + kind, body,
                               {'Password': 'bench'})
            taken += connection.getresponse().status == 200
            connection.close()
        return taken


class Spamd(Peer):
    """SpamAssassin's daemon, local tests only, without a store of words. It is
    asked in its own protocol: spamass-milter would start a client a message."""

    def __init__(self, folder):
        super().__init__('spamassassin', 'SpamAssassin', folder)

    def launch(self):
        program = need('spamd')
        cpus = str(len(os.sched_getaffinity(0)))
        self.spawn([program, '-L', '-x', '-s', 'stderr', '-u', 'nobody',
                    '--socketpath', self.socket, '--min-children', cpus,
                    '--max-children', '4', '--max-conn-per-child', '100000',
                    '--cf', 'use_bayes 0', '--cf', 'use_auto_welcomelist 0'],
                   env=dict(os.environ, HOME=self.folder, TMPDIR=self.folder))

    def ready(self):
        self.wait_until(lambda: len(self.pids()) > 2, 'no children')

    def check(self, body):
        """Seconds until its verdict."""
        began = time.monotonic()
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(60)
            client.connect(self.socket)
            client.sendall(b'CHECK SPAMC/1.5\r\nContent-length: %d\r\n\r\n'
                           % len(body) + body)
            client.shutdown(socket.SHUT_WR)
            answer = b''
            while chunk := client.recv(4096):
                answer += chunk
        if b' EX_OK' not in answer:
            raise Missing('spamd: %r' % answer[:100])
        return time.monotonic() - began
