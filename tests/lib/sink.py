#!/usr/bin/python3
"""An SMTP server on loopback that keeps what it is given, for tests.

    sink.py PORT FOLDER [--at STAGE=SECONDS]... [--say STAGE=REPLY]...

Messages go to FOLDER/001.eml and on, their envelopes to FOLDER/001.env. Each
stage (MAIL, RCPT, DATA, DOT) is printed when it is reached; --at waits there
before the answer. A message is kept when its final dot has come, whatever
becomes of the client before the answer.
"""
import argparse
import os
import socketserver
import sys
import threading
import time

LOCK = threading.Lock()


def say(text):
    print(text, flush=True)


class Session(socketserver.StreamRequestHandler):
    def answer(self, stage, reply):
        say(stage)
        time.sleep(self.server.waits.get(stage, 0))
        self.wfile.write(self.server.replies.get(stage, reply).encode() + b'\r\n')

    def text(self):
        lines = []
        while True:
            line = self.rfile.readline()
            if not line.endswith(b'\n'):
                return None
            if line == b'.\r\n':
                return b''.join(lines)
            lines.append(line[1:] if line.startswith(b'.') else line)

    def keep(self, envelope, text):
        with LOCK:
            number = 1 + sum(n.endswith('.eml') for n in os.listdir(self.server.folder))
            path = os.path.join(self.server.folder, '%03d' % number)
            with open(path + '.env', 'wb') as file:
                file.write(b''.join(envelope))
            with open(path + '.eml', 'wb') as file:
                file.write(text)

    def handle(self):
        try:
            self.dialogue()
        except OSError:
            pass

    def dialogue(self):
        envelope = []
        self.wfile.write(b'220 sink\r\n')
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb in (b'EHLO', b'HELO'):
                self.wfile.write(b'250-sink\r\n250 SMTPUTF8\r\n')
            elif verb in (b'MAIL', b'RCPT'):
                envelope = envelope + [line] if verb == b'RCPT' else [line]
                self.answer(verb.decode(), '250 ok')
            elif verb == b'DATA':
                self.answer('DATA', '354 go on')
                text = self.text()
                if text is None:
                    return
                if not self.server.replies.get('DOT', '250').startswith(('4', '5')):
                    self.keep(envelope, text)
                self.answer('DOT', '250 taken')
            elif verb == b'QUIT':
                self.wfile.write(b'221 bye\r\n')
                return
            else:
                self.wfile.write(b'250 ok\r\n')


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('port', type=int)
    parser.add_argument('folder')
    parser.add_argument('--at', action='append', default=[], metavar='STAGE=SECONDS')
    parser.add_argument('--say', action='append', default=[], metavar='STAGE=REPLY')
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    with Sink(('127.0.0.1', options.port), Session) as sink:
        sink.folder = options.folder
        sink.waits = {k: float(v) for k, v in (x.split('=', 1) for x in options.at)}
        sink.replies = dict(x.split('=', 1) for x in options.say)
        sink.serve_forever()


if __name__ == '__main__':
    sys.exit(main())
