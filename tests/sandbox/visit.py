#!/usr/bin/python3
"""Signs in by a link, looks at every page that the menu leads to and at a
message, and releases it.

usage: visit.py URL LINK ID
"""
import os
import sys
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'lib'))
import web_client

url, link, message = sys.argv[1:]
browser = web_client.Browser(url)
page = browser.get(urllib.parse.urlsplit(link).path)
signed = browser.submit(page, '/sign-in/')
assert signed.status == 303, signed.status
board = browser.get('/')
menu = sorted({link for link in web_client.Links(board.text).links
               if link.startswith('/') and '//' not in link})
assert len(menu) > 5, menu
for path in menu:
    reply = browser.get(path)
    assert reply.status in (200, 303), (path, reply.status)
page = browser.get('/message/' + message)
assert page.status == 200, page.status
where, fields = page.form('/queue/act')
released = browser.post(where, {**fields, 'do': 'release'})
assert released.status == 303, (released.status, released.text[:500])
print(len(menu), 'pages, and released')
