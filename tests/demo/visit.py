#!/usr/bin/python3
"""Signs in to the review pages as a browser would, and tells what is there.

    visit.py URL LINK      a line for the board and one for the queue

Exits 1 when a page is not what it should be.
"""
import html
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))
from web_client import Browser  # noqa: E402  (the folder above comes first)

SUBJECT = re.compile(r'<a href="/message/\w{26}">(.*?)</a>', re.S)


def sign_in(browser, link):
    where, fields = browser.request('GET', link[len(browser.url):]).form('/sign-in/')
    reply = browser.request('POST', where, '&'.join('%s=%s' % item for item in fields.items()))
    if reply.status != 303:
        sys.exit('the link does not sign in: %d' % reply.status)


def visit(browser, name, path):
    began = time.monotonic()
    reply = browser.request('GET', path)
    took = (time.monotonic() - began) * 1000
    subjects = [html.unescape(re.sub('<[^>]*>', '', text)).strip() for text in SUBJECT.findall(reply.text)]
    if reply.status != 200 or not subjects:
        sys.exit('%s: %d, %d subjects' % (path, reply.status, len(subjects)))
    print('%s\t%d, %d kB in %.0f ms; %d held, first "%s"' % (
        name, reply.status, len(reply.body) // 1024, took, len(subjects), subjects[0]))


def main():
    url, link = sys.argv[1:]
    browser = Browser(url)
    sign_in(browser, link)
    visit(browser, 'board', '/')
    visit(browser, 'queue', '/queue')


if __name__ == '__main__':
    main()
