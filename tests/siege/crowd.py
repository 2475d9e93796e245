#!/usr/bin/python3
"""Many connections to a milter's socket, none of which ever sends a message.

    crowd.py SOCKET COUNT KIND

KIND is idle (nothing is said), greeted (negotiated, then nothing), half (the
length of a command without the rest of it) or garbage (random bytes). Prints
"ready", then waits for a TERM.
"""
import os
import random
import resource
import selectors
import signal
import socket
import sys
import time

HELLO = b'\0\0\0\rO\0\0\0\6\0\0\1\xff\0\x1f\xff\xff'


def words(kind, chance):
    return {'idle': b'', 'greeted': HELLO, 'half': HELLO + b'\0\0\0\x40M<a',
            'garbage': chance.randbytes(chance.randrange(1, 400))}[kind]


def connect(path, data):
    """Waits for a place in the queue; None when nobody listens any more."""
    client = socket.socket(socket.AF_UNIX)
    try:
        client.connect(path)
        client.sendall(data)
    except OSError:
        client.close()
        return None
    client.setblocking(False)
    return client


def drain(clients):
    """What was answered, and how many were hung up on, within a second."""
    selector = selectors.DefaultSelector()
    for client in clients:
        selector.register(client, selectors.EVENT_READ)
    answered = closed = 0
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline and selector.get_map():
        for key, _ in selector.select(0.2):
            try:
                got = key.fileobj.recv(4096)
            except OSError:
                got = b''
            answered += len(got) > 4
            closed += not got
            selector.unregister(key.fileobj)
    return answered, closed


def main():
    path, count, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    chance = random.Random(1)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    begun = time.monotonic()
    clients = [c for c in (connect(path, words(kind, chance)) for _ in range(count)) if c]
    seconds = time.monotonic() - begun
    answered, closed = drain(clients)
    print('ready connected=%d answered=%d closed=%d seconds=%.1f' % (len(clients), answered, closed, seconds), flush=True)
    while True:
        signal.pause()


if __name__ == '__main__':
    main()
