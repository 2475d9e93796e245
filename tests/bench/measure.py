"""What a bench reads off the machine: processor time and memory of a tree of
processes, what else ran meanwhile, and medians with their spread.
"""
import json
import os
import re
import statistics
import subprocess
import time

TICK = os.sysconf('SC_CLK_TCK')


def _stat(pid):
    """Fields of /proc/PID/stat from the state on, or None when it is gone."""
    try:
        with open('/proc/%d/stat' % pid) as file:
            return file.read().rpartition(')')[2].split()
    except OSError:
        return None


def tree(roots):
    """These processes and all that descend from them."""
    children = {}
    for name in os.listdir('/proc'):
        stat = _stat(int(name)) if name.isdigit() else None
        if stat:
            children.setdefault(int(stat[1]), []).append(int(name))
    found, todo = [], list(roots)
    while todo:
        pid = todo.pop()
        if _stat(pid):
            found.append(pid)
            todo += children.get(pid, [])
    return found


def _clock(pid):
    """A process's own CPU clock, exact where /proc has ticks of 10 ms."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


class Cpu:
    """CPU seconds that processes have used, those they reaped included."""

    def __init__(self, pids):
        self.total = self.user = self.system = 0.0
        for pid in pids:
            stat = _stat(pid)
            if not stat:
                continue
            user, system, reaped_user, reaped_system = (
                int(n) / TICK for n in stat[11:15])
            self.total += _clock(pid) + reaped_user + reaped_system
            self.user += user + reaped_user
            self.system += system + reaped_system

    def since(self, before, messages):
        """Microseconds a message between two readings."""
        ticks = self.user - before.user + self.system - before.system
        share = (self.user - before.user) / ticks if ticks else 0.0
        total = (self.total - before.total) / messages * 1e6
        return {'cpu_us': total, 'user_us': total * share,
                'system_us': total * (1 - share)}


class Machine:
    """How busy the whole machine is, to tell a disturbed run."""

    def __init__(self):
        with open('/proc/stat') as file:
            times = [int(n) for n in file.readline().split()[1:9]]
        self.busy = (sum(times) - times[3] - times[4]) / TICK
        self.wall = time.monotonic()

    def others(self, ours):
        """Processors that others kept busy since, in all; `ours` is in s."""
        now = Machine()
        wall = now.wall - self.wall
        return max(0.0, (now.busy - self.busy - ours) / wall) if wall else 0.0


def memory(pids):
    """Kilobytes: resident now and at its peak (shared pages counted in each
    process) and in proportion."""
    sums = {'rss_kb': 0, 'peak_kb': 0, 'pss_kb': 0}
    for pid in pids:
        try:
            with open('/proc/%d/status' % pid) as file:
                status = file.read()
            with open('/proc/%d/smaps_rollup' % pid) as file:
                rollup = file.read()
        except OSError:
            continue
        for key, text, name in (('rss_kb', status, 'VmRSS'),
                                ('peak_kb', status, 'VmHWM'),
                                ('pss_kb', rollup, 'Pss')):
            match = re.search(r'^%s:\s*(\d+)' % name, text, re.M)
            sums[key] += int(match.group(1)) if match else 0
    return sums


def pin(pids, cpus):
    for pid in pids:
        try:
            threads = os.listdir('/proc/%d/task' % pid)
        except OSError:
            continue
        for thread in threads:
            try:
                os.sched_setaffinity(int(thread), cpus)
            except OSError:
                pass


def run_costs(command, cpus, **more):
    """Runs a command to its end on these processors: its seconds of CPU, of
    wall, and its output."""
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        preexec_fn=lambda: os.sched_setaffinity(0, cpus), **more)
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return {'wall_s': time.monotonic() - began, 'status': process.returncode,
            'cpu_s': used.ru_utime + used.ru_stime,
            'user_s': used.ru_utime, 'system_s': used.ru_stime,
            'peak_kb': used.ru_maxrss}, output


def quantile(ordered, share):
    return ordered[int((len(ordered) - 1) * share)] if ordered else 0.0


def quantiles(values):
    ordered = sorted(values)
    return {'p50_us': quantile(ordered, .5), 'p95_us': quantile(ordered, .95),
            'p99_us': quantile(ordered, .99), 'max_us': quantile(ordered, 1)}


def spread(values):
    """Median, least and most."""
    values = list(values)
    return {'median': statistics.median(values), 'min': min(values),
            'max': max(values), 'runs': len(values)}


def save(path, value):
    with open(path, 'w') as file:
        json.dump(value, file, indent=1, sort_keys=True)
        file.write('\n')
