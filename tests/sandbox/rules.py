#!/usr/bin/python3
"""What a unit's sandbox says of system calls, as confine.c reads it.

usage: rules.py UNIT.service

Sets of calls (@system-service and so on) are systemd's own, as
`systemd-analyze syscall-filter` prints them.
"""
import socket
import subprocess
import sys

DENIED = {
    'MemoryDenyWriteExecute': 'wx',
    'RestrictNamespaces': 'namespaces',
    'RestrictSUIDSGID': 'suid',
    'RestrictRealtime': 'realtime',
    'LockPersonality': 'personality',
}


def settings(path):
    with open(path, encoding='utf-8') as unit:
        for line in unit:
            name, equals, value = line.strip().partition('=')
            if equals and not name.startswith('#'):
                yield name, value


def sets():
    """Each set's name and its entries, sets among them."""
    text = subprocess.run(['systemd-analyze', 'syscall-filter', '--no-pager'],
                          check=True, capture_output=True, text=True).stdout
    found, entries = {}, None
    for line in text.splitlines():
        word = line.strip()
        if line.startswith('@'):
            entries = found.setdefault(word, [])
        elif entries is not None and word and not word.startswith('#'):
            entries.append(word)
    return found


def expand(word, known):
    if not word.startswith('@'):
        return {word}
    return set().union(*(expand(entry, known) for entry in known[word]))


def calls(lines, known):
    """Lines of SystemCallFilter, the first of which lists what is allowed."""
    assert lines and not lines[0].startswith('~'), 'no list of allowed calls'
    allowed = expand('@default', known)
    for line in lines:
        words = line.removeprefix('~').split()
        named = set().union(*(expand(word, known) for word in words))
        allowed = allowed - named if line.startswith('~') else allowed | named
    return allowed


def main():
    filters = []
    for name, value in settings(sys.argv[1]):
        if name == 'SystemCallFilter':
            filters.append(value)
        elif name == 'RestrictAddressFamilies':
            for family in value.split():
                print('family', int(getattr(socket, family)))
        elif name in DENIED and value == 'yes':
            print('deny', DENIED[name])
    for call in sorted(calls(filters, sets())):
        print('call', call)


main()
