#!/usr/bin/python3
"""A sender for tests of mail filters: exact bytes, every reply shown.

    smtp.py send PORT FROM RCPT... [-- OPTION...]    messages: --file F... or standard input
    smtp.py load PORT COUNT FROM RCPT... [-- OPTION...]
    smtp.py talk PORT [-- OPTION...]                 a dialogue from standard input

Loopback only. Lines end with CR LF on the wire whatever the file has, unless
--raw; dots are stuffed always. FROM "" or "<>" is the null sender.
"""
import argparse
import socket
import sys
import threading
import time


class Lost(Exception):
    """The server is gone: what became of the message is not known."""


class Session:
    def __init__(self, options):
        self.show = options.show
        self.helo = options.helo
        self.socket = socket.create_connection(('127.0.0.1', options.port), options.timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.stream = self.socket.makefile('rb')
        self.greeting = self.reply('CONNECT')
        if self.greeting < 400:
            self.say('EHLO', 'EHLO ' + self.helo)
            if options.xclient:
                self.say('XCLIENT', 'XCLIENT ' + options.xclient)
                self.say('EHLO', 'EHLO ' + self.helo)

    def reply(self, stage):
        try:
            line = self.stream.readline()
            while line[3:4] == b'-':
                line = self.stream.readline()
        except OSError as error:
            raise Lost(str(error)) from error
        if not line.endswith(b'\n'):
            raise Lost('connection closed')
        text = line.decode('utf-8', 'replace').rstrip()
        if self.show:
            print(stage, text, flush=True)
        return int(text[:3])

    def put(self, data):
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Lost(str(error)) from error

    def say(self, stage, line):
        self.put(line.encode('utf-8', 'surrogateescape') + b'\r\n')
        return self.reply(stage)

    def mail(self, sender, recipients, wire):
        """One transaction; the code that decided it. As real clients do, it goes
        on when some recipients are refused and stops when all are."""
        sender = '' if sender == '<>' else sender
        plain = all(a.isascii() for a in (sender, *recipients))
        extension = '' if plain else ' SMTPUTF8'
        code = self.say('MAIL', 'MAIL FROM:<%s>%s' % (sender, extension))
        if code >= 300:
            return code
        codes = [self.say('RCPT ' + r, 'RCPT TO:<%s>' % r) for r in recipients]
        if min(codes) >= 300:
            self.say('RSET', 'RSET')
            return min(codes)
        code = self.say('DATA', 'DATA')
        if code != 354:
            return code
        self.put(wire)
        return self.reply('DATA.')

    def quit(self):
        try:
            self.say('QUIT', 'QUIT')
        except Lost:
            pass
        self.close()

    def close(self):
        self.stream.close()
        self.socket.close()


def wire_form(data, raw=False):
    """The message as it is sent, with the final dot."""
    if not raw:
        data = data.replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')
    if not data.endswith(b'\r\n'):
        data += b'\r\n'
    stuffed = data.replace(b'\r\n.', b'\r\n..')
    if stuffed.startswith(b'.'):
        stuffed = b'.' + stuffed
    return stuffed + b'.\r\n'


def read_files(options):
    messages = []
    for path in options.file:
        with open(path, 'rb') as file:
            messages.append(file.read())
    return messages


def send(options):
    """All messages in one session. A session that the server ends goes on in
    a new one only with --again."""
    messages = read_files(options) or [sys.stdin.buffer.read()]
    failed = 0
    session = None
    for data in messages:
        try:
            session = session or Session(options)
            code = session.greeting
            if code < 400:
                code = session.mail(options.sender, options.recipients, wire_form(data, options.raw))
        except Lost as error:
            print('LOST', error, flush=True)
            if session:
                session.close()
            session, code = None, 0
            if not options.again:
                return 1
        failed += not 200 <= code < 300
        if code == 421 and session:
            session.close()
            session = None
    if session:
        session.quit()
    return 1 if failed else 0


BODY = b'''From: Sam Seller <%s>
To: %s
Subject: Load %s
Message-ID: <%s@load.example>
Date: Mon, 05 Jan 2026 09:00:00 +0000

Hello, this is message %s.
'''


class Load:
    """Numbers are given out one by one to the sessions; results are counted."""

    def __init__(self, options):
        self.options = options
        self.lock = threading.Lock()
        self.next = 0
        self.begun = time.monotonic()
        self.accepted = []
        self.counts = {'accepted': 0, 'tempfail': 0, 'reject': 0, 'unknown': 0}
        self.bodies = read_files(options)

    def take(self):
        with self.lock:
            if self.next == self.options.count:
                return None
            if self.options.rate:
                time.sleep(max(0, self.begun + self.next / self.options.rate - time.monotonic()))
            self.next += 1
            return self.next

    def message(self, number, ident):
        head = b'X-Load-Id: %s\n' % ident.encode()
        if self.bodies:
            return head + self.bodies[number % len(self.bodies)]
        words = ident, self.options.recipients[0], ident, ident, ident
        sender = self.options.sender.encode()
        return head + BODY % (sender, words[1].encode(), *(w.encode() for w in words[2:]))

    def record(self, ident, code):
        kind = {2: 'accepted', 4: 'tempfail', 5: 'reject'}.get(code // 100, 'unknown')
        with self.lock:
            self.counts[kind] += 1
            if kind == 'accepted':
                self.accepted.append(ident)

    def one(self, session, number):
        """Sends it; the session to go on with, or None."""
        ident = '%s-%06d' % (self.options.tag, number)
        code = 0
        try:
            session = session or Session(self.options)
            code = session.greeting
            if code < 400:
                code = session.mail(self.options.sender, self.options.recipients,
                                    wire_form(self.message(number, ident)))
        except (Lost, OSError):
            code = 0
        self.record(ident, code)
        if code in (0, 421) and session:
            session.close()
        return None if code in (0, 421) else session

    def run(self):
        session, used = None, 0
        while (number := self.take()) is not None:
            session = self.one(session, number)
            used = used + 1 if session else 0
            if session and used == self.options.per_session:
                session.quit()
                session, used = None, 0
        if session:
            session.quit()


def load(options):
    job = Load(options)
    begun = time.monotonic()
    threads = [threading.Thread(target=job.run) for _ in range(options.sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - begun
    if options.ids:
        with open(options.ids, 'a', encoding='ascii') as file:
            file.writelines(i + '\n' for i in job.accepted)
    print('sent=%d' % options.count, *('%s=%d' % item for item in job.counts.items()),
          'seconds=%.2f' % seconds, 'rate=%.0f' % (options.count / seconds))
    return 0 if job.counts['accepted'] == options.count else 1


def talk(options):
    """Each line is sent and its reply awaited, but for:
    @file PATH   a message with its final dot      @close   drop the connection
    @part PATH   a message without its end, and no reply awaited
    @sleep S     nothing for S seconds"""
    session = Session(options)
    for line in sys.stdin.read().splitlines():
        verb, _, rest = line.partition(' ')
        if verb == '@close':
            break
        if verb == '@sleep':
            time.sleep(float(rest))
        elif verb in ('@file', '@part'):
            with open(rest, 'rb') as file:
                wire = wire_form(file.read(), options.raw)
            session.put(wire if verb == '@file' else wire[:-3])
            if verb == '@file':
                session.reply('DATA.')
        else:
            session.say(line.split(':')[0], line)
    session.close()
    return 0


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest='command', required=True)
    for name in ('send', 'load', 'talk'):
        command = commands.add_parser(name)
        command.add_argument('port', type=int)
        command.add_argument('--helo', default='mail.seller.example')
        command.add_argument('--xclient', help='XCLIENT attributes, as "ADDR=192.0.2.1 NAME=mx.seller.example" (Postfix only)')
        command.add_argument('--timeout', type=float, default=60, help='seconds for each reply')
        command.add_argument('--raw', action='store_true', help='line ends as they are in the file')
        if name == 'talk':
            continue
        if name == 'load':
            command.add_argument('count', type=int)
            command.add_argument('--sessions', type=int, default=4, help='at once')
            command.add_argument('--per-session', type=int, default=10, help='messages in a session')
            command.add_argument('--rate', type=float, help='messages a second at most')
            command.add_argument('--tag', default='load-%x' % (time.monotonic_ns() // 10**7), help='begins each id (default: by the clock)')
            command.add_argument('--ids', help='file to which the ids with a 250 are added')
        else:
            command.add_argument('--again', action='store_true', help='go on after a lost connection')
        command.add_argument('--file', action='append', default=[], help='message, or body for load; repeatable')
        command.add_argument('sender')
        command.add_argument('recipients', nargs='+')
    # "--" ends the recipients here: options come last in the shell functions.
    words = sys.argv[1:]
    if '--' in words:
        at = words.index('--')
        words = words[:1] + words[at + 1:] + words[1:at]
    options = parser.parse_args(words)
    options.show = options.command != 'load'
    return options


def main():
    options = arguments()
    try:
        return {'send': send, 'load': load, 'talk': talk}[options.command](options)
    except (Lost, OSError) as error:
        print('LOST', error)
        return 1


if __name__ == '__main__':
    sys.exit(main())
