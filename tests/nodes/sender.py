#!/usr/bin/python3
"""Mail as senders' MTAs bring it: each is tried until some node takes it.

    sender.py --tag T --own HOST:PORT --others HOST:PORT,... --template FILE
              --phase FILE --stop FILE --log FILE [--rate N]

The template's @ID@ becomes the message's id. The first attempt goes to the
sender's own node, one after an error to any. Each answer is a line of the log:
time, phase, id, recipients, try, seconds from the final dot ("-": it was not
sent), code. Code 0: no answer came to the dot, and what became of that attempt
is not known. It ends when the file --stop is there and everything was taken;
each mail is given up after --patience seconds.
"""
import argparse
import os
import random
import smtplib
import sys
import threading
import time

QUINN = 'quinn@buyer.example'
BOB = 'bob@buyer.example'
# Of four mails two go to both, and one to each.
RECIPIENTS = ((QUINN, BOB), (QUINN, BOB), (QUINN,), (BOB,))
PAUSE = 0.7
ANSWER = 60


def read(path):
    with open(path, encoding='utf-8') as file:
        return file.read()


class Sender:
    def __init__(self, options):
        self.options = options
        self.template = read(options.template)
        self.nodes = [options.own, *options.others.split(',')]
        self.log = open(options.log, 'a', encoding='utf-8')
        self.lock = threading.Lock()
        self.waiting = 0

    def note(self, *fields):
        with self.lock:
            print(*fields, file=self.log, flush=True)

    def attempt(self, node, recipients, data):
        """The code that decided, and how long the final dot waited for it: "-"
        when it was never sent; None when there was nobody to talk to."""
        host, port = node.split(':')
        began = None
        try:
            smtp = smtplib.SMTP(host, int(port), 'mx.seller.example', timeout=4)
            smtp.sock.settimeout(ANSWER)
            smtp.ehlo_or_helo_if_needed()
            for code, _ in (smtp.mail('sam@seller.example'), *(smtp.rcpt(r) for r in recipients)):
                if code >= 300:
                    smtp.close()
                    return code, '-'
            began = time.monotonic()
            code, _ = smtp.data(data)
            took = '%.3f' % (time.monotonic() - began)
            smtp.close()
            return code, took
        except (OSError, smtplib.SMTPException):
            return None if began is None else (0, '%.3f' % (time.monotonic() - began))

    def deliver(self, number):
        name = '%s-%05d' % (self.options.tag, number)
        recipients = RECIPIENTS[number % len(RECIPIENTS)]
        data = self.template.replace('@ID@', name)
        to = ','.join(r.split('@')[0] for r in recipients)
        give_up = time.monotonic() + self.options.patience
        node, tries = self.nodes[0], 0
        while time.monotonic() < give_up:
            tries += 1
            phase = read(self.options.phase).strip()
            answer = self.attempt(node, recipients, data)
            if answer:
                self.note('%.3f' % time.time(), phase, name, to, tries, answer[1], answer[0])
                if 200 <= answer[0] < 300:
                    return
            time.sleep(PAUSE)
            node = random.choice(self.nodes)
        self.note('%.3f' % time.time(), 'given-up', name, to, tries, '0', '-1')

    def run_one(self, number):
        try:
            self.deliver(number)
        finally:
            with self.lock:
                self.waiting -= 1

    def run(self):
        number, due = 0, time.monotonic()
        while not os.path.exists(self.options.stop):
            with self.lock:
                self.waiting += 1
            threading.Thread(target=self.run_one, args=(number,)).start()
            number += 1
            due += 1 / self.options.rate
            time.sleep(max(0, due - time.monotonic()))
        print(number, 'sent', flush=True)


def main():
    parser = argparse.ArgumentParser()
    for name in ('tag', 'own', 'others', 'template', 'phase', 'stop', 'log'):
        parser.add_argument('--' + name, required=True)
    parser.add_argument('--rate', type=float, default=4)
    parser.add_argument('--patience', type=float, default=120)
    Sender(parser.parse_args()).run()
    return 0


if __name__ == '__main__':
    sys.exit(main())
