#!/usr/bin/python3
"""Between a node and its PostgreSQL: loses answers to COMMIT on request.

    proxy.py LISTEN_HOST:PORT SERVER_HOST:PORT CONTROL_FILE

While the control file holds a number above 0, the next COMMIT that a client
sends goes to the server, its answer is awaited and kept, and then both
connections are closed: the transaction is committed and the client cannot
know. The number goes down by one. "lost N" on standard output tells each.
"""
import os
import socket
import struct
import sys
import threading

STARTUP_CODES = (80877103, 80877104)  # SSLRequest, GSSENCRequest
LOCK = threading.Lock()
LOST = [0]


def address(text):
    host, port = text.rsplit(':', 1)
    return host, int(port)


def to_lose(path):
    """Takes one of what is to be lost."""
    with LOCK:
        try:
            with open(path, encoding='ascii') as file:
                left = int(file.read() or 0)
        except (OSError, ValueError):
            return False
        if left <= 0:
            return False
        with open(path + '.new', 'w', encoding='ascii') as file:
            file.write(str(left - 1))
        os.rename(path + '.new', path)
        LOST[0] += 1
        print('lost', LOST[0], flush=True)
        return True


class Ended(Exception):
    pass


def exactly(stream, size):
    data = stream.read(size)
    if len(data) < size:
        raise Ended
    return data


class Pair:
    def __init__(self, client, server, control):
        self.client, self.server, self.control = client, server, control
        self.ready = threading.Event()
        self.losing = False

    def close(self):
        for end in (self.client, self.server):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def startup(self, stream):
        """Until the one that has no request for encryption before it."""
        while True:
            head = exactly(stream, 8)
            size, code = struct.unpack('!II', head)
            rest = exactly(stream, size - 8) if size > 8 else b''
            if code not in STARTUP_CODES:
                self.server.sendall(head + rest)
                return
            self.client.sendall(b'N')

    def up(self):
        stream = self.client.makefile('rb')
        try:
            self.startup(stream)
            while True:
                head = exactly(stream, 5)
                body = exactly(stream, struct.unpack('!I', head[1:])[0] - 4)
                if head[:1] == b'Q' and body.startswith(b'COMMIT') and to_lose(self.control):
                    self.losing = True
                    self.server.sendall(head + body)
                    self.ready.wait(30)
                    raise Ended
                self.server.sendall(head + body)
        except (Ended, OSError):
            self.close()

    def down(self):
        try:
            while True:
                data = self.server.recv(65536)
                if not data:
                    raise Ended
                if not self.losing:
                    self.client.sendall(data)
                # ReadyForQuery ends an answer, and is its last six bytes.
                elif data[-6:-1] == b'Z\0\0\0\5':
                    self.ready.set()
        except (Ended, OSError):
            self.ready.set()
            self.close()


def main():
    listen, server, control = sys.argv[1:4]
    with socket.create_server(address(listen), backlog=64) as listener:
        print('listening', flush=True)
        while True:
            client, _ = listener.accept()
            try:
                upstream = socket.create_connection(address(server), 3)
            except OSError:
                client.close()
                continue
            upstream.settimeout(None)
            for end in (client, upstream):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pair = Pair(client, upstream, control)
            for run in (pair.up, pair.down):
                threading.Thread(target=run, daemon=True).start()


if __name__ == '__main__':
    main()
