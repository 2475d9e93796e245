#!/usr/bin/python3
"""What the pages cost, and whether slow visitors cost the mail anything.

    pages.py times URL LINK           median and worst of 20 requests a page
    pages.py slow URL N COMMAND...    runs COMMAND beside N half-sent requests

Standard library only; loopback.
"""
import os
import re
import socket
import statistics
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'lib'))
from web_client import Browser  # noqa: E402

PAGES = (('board', '/'), ('queue', '/queue'),
         ('queue, page 500', '/queue?page=500'),
         ('queue, newest', '/queue?order=newest'),
         ('queue, a vendor', '/queue?vendor=v7.example'),
         ('queue, a priority', '/queue?priority=edr'),
         ('queue, a text', '/queue?q=subject'),
         ('message', None), ('profile', '/profile'), ('models', '/models'))


def signed_in(url, link):
    browser = Browser(url)
    path = link[len(url):]
    page = browser.get(path)
    browser.submit(page, '/sign-in/')
    return browser


def times(url, link):
    browser = signed_in(url, link)
    queue = browser.get('/queue').text
    first = re.search(r'href="(/message/[0-9A-Z]{26})"', queue).group(1)
    for name, path in PAGES:
        took = []
        for _ in range(20):
            began = time.monotonic()
            page = browser.get(path or first)
            took.append((time.monotonic() - began) * 1000)
        print('%-20s %d  %6.1f kB  median %6.2f ms  worst %6.2f ms' % (
            name, page.status, len(page.text.encode()) / 1000,
            statistics.median(took), max(took)))


def slow(url, count, command):
    host, port = url.split('//')[1].split(':')
    clients = []
    for _ in range(count):
        client = socket.create_connection((host, int(port)))
        client.setblocking(False)
        clients.append(client)
    for client in clients:
        try:
            client.send(b'GET /queue HTTP/1.1\r\nHost: x\r\nA: ')
        except OSError:
            pass
    return subprocess.call(command)


def main():
    if sys.argv[1] == 'times':
        times(*sys.argv[2:4])
        return 0
    return slow(sys.argv[2], int(sys.argv[3]), sys.argv[4:])


if __name__ == '__main__':
    sys.exit(main())
