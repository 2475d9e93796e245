#!/usr/bin/python3
"""Whether AppArmor's profiles let programs do what they did.

usage: profile.py FOLDER PROFILE PLACES TRACE...

FOLDER has the profiles as installed, PROFILE is one of them; what it includes
is looked for there and in /etc/apparmor.d. TRACE is what `strace -f -y` wrote
of calls that touch files. PLACES is a file of lines "FOUND INSTALLED": folders
of the test, and where an installation has them. Prints what is not allowed, a
line each; 1 if there is any.

No kernel here has AppArmor, so this reads the rules as apparmor.d(5) defines
them: files only, which of rwmkl; owner is not looked at.
"""
import os
import re
import sys

VARIABLES = {'PROC': '/proc', 'run': '{/var,}/run', 'pid': '[0-9]*', 'tid': '[0-9]*',
             'multiarch': '*-linux-gnu*', 'etc_ro': '/{usr/,}etc', 'HOME': '/home/*',
             'sys': '/sys', 'lib': '{,usr/}lib'}
RULE = re.compile(r'^(deny\s+)?(?:audit\s+)?(?:owner\s+)?("[^"]+"|[/@{][^\s]*)\s+([rwamkliPpCcUux]+),')
CALL = re.compile(r'^\d+ +(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?')
PATH = re.compile(r'(?:AT_FDCWD|\d+)<([^>]*)>, "([^"]*)"|"([^"]*)"')


def pattern(text):
    """A path with AppArmor's wildcards, as a regular expression."""
    while '@{' in text:
        before, rest = text.split('@{', 1)
        name, after = rest.split('}', 1)
        text = before + VARIABLES.get(name, 'unknown-variable') + after
    out, depth, at = '', 0, 0
    while at < len(text):
        char = text[at]
        if text.startswith('**', at):
            out, at = out + '.*', at + 1
        elif char == '*':
            out += '[^/]*'
        elif char == '?':
            out += '[^/]'
        elif char == '{':
            out, depth = out + '(?:', depth + 1
        elif char == '}':
            out, depth = out + ')', depth - 1
        elif char == ',' and depth:
            out += '|'
        elif char == '[':
            end = text.index(']', at)
            out, at = out + text[at:end + 1], end
        else:
            out += re.escape(char)
        at += 1
    return re.compile(out + r'\Z')


class Profile:
    def __init__(self, folder, name):
        self.folders, self.rules, self.read = [folder, '/etc/apparmor.d'], [], set()
        self.take(name)

    def take(self, name):
        found = [os.path.join(folder, name) for folder in self.folders
                 if os.path.isfile(os.path.join(folder, name))]
        if not found or name in self.read:
            return
        self.read.add(name)
        with open(found[0], encoding='utf-8') as file:
            for line in file:
                self.line(line.strip())

    def line(self, line):
        include = re.match(r'#?include (?:if exists )?<([^>]+)>', line)
        rule = RULE.match(line)
        if include and not include.group(1).startswith('tunables/'):
            self.take(include.group(1))
        elif rule and not rule.group(1):
            self.rules.append((pattern(rule.group(2).strip('"')), rule.group(3)))

    def allows(self, path, mode):
        given = ''.join(modes for match, modes in self.rules if match.match(path))
        return all(one in given for one in mode)


CHANGES = ('unlink', 'mkdir', 'rmdir', 'rename', 'symlink', 'chmod', 'fchmodat', 'truncate',
           'mknod', 'utime', 'lchown', 'chown', 'fchownat')


def wanted(call):
    """What a call needs of each file that it names; to look at what a file is
    needs nothing."""
    if call.startswith(CHANGES):
        return 'w'
    return 'l' if call.startswith('link') else ''


def opening(call, arguments):
    writes = 'O_WRONLY' in arguments or 'O_RDWR' in arguments or call == 'creat'
    reads = 'O_WRONLY' not in arguments and call != 'creat'
    return 'r' * reads + 'w' * writes


def held(call, arguments):
    """What a call needs of the file that it has open already."""
    if call == 'mmap':
        return 'm' if 'PROT_EXEC' in arguments else ''
    return 'k' if call == 'flock' or 'SETLK' in arguments else ''


def touched(call, arguments, opened):
    """(path, mode) of each file."""
    if call in ('open', 'openat', 'creat'):
        return [(opened, opening(call, arguments))]
    if call in ('mmap', 'fcntl', 'flock'):
        return [(path, held(call, arguments)) for path in re.findall(r'\d+<([^>]*)>', arguments)]
    if call in ('bind', 'connect'):
        paths = re.findall(r'sun_path="([^"]*)"', arguments)
        return [(path, 'w' if call == 'bind' else 'rw') for path in paths]
    return [(os.path.normpath(os.path.join(base, below) if base else plain),
             wanted(call)) for base, below, plain in PATH.findall(arguments)]


def seen(trace):
    """What calls that succeeded touched, from when the program is one of ours:
    before that it is what starts it."""
    with open(trace, encoding='utf-8', errors='replace') as file:
        ours = False
        for line in file:
            call = CALL.match(line)
            if not call or (int(call.group(3)) < 0 and call.group(1) != 'connect'):
                continue
            name, arguments, _, opened = call.groups()
            if name == 'execve':
                ours = bool(re.match('"[^"]*/bin/pitchward', arguments))
            if ours and not name.startswith('exec'):
                for path, mode in touched(name, arguments, opened or ''):
                    if mode and path.startswith('/'):
                        yield path, mode


def main():
    folder, name, places, *traces = sys.argv[1:]
    profile = Profile(folder, name)
    with open(places, encoding='utf-8') as file:
        moved = [line.split() for line in file]
    refused, looked = set(), set()
    for trace in traces:
        for path, mode in seen(trace):
            # AppArmor writes folders so. They are there still.
            if os.path.isdir(path):
                path += '/'
            for found, installed in moved:
                if path == found or path.startswith(found + '/'):
                    path = installed + path[len(found):]
                    break
            looked.add(path)
            if not profile.allows(path, mode):
                refused.add((path, mode))
    for path, mode in sorted(refused):
        print(name, 'does not allow', mode, path)
    print('#', len(looked), 'paths of', len(profile.rules), 'rules')
    sys.exit(1 if refused or not looked else 0)


main()
