#!/usr/bin/python3
"""A browser of sorts for tests of pitchward-web, and a sink for its mail.

    web_client.py sink PORT FOLDER          an SMTP server; a file a message
    web_client.py GROUP URL FOLDER          checks; a line each: "pass NAME" or
                                            "fail NAME: why"

Buyers are priya1@corp.example and so on, of one profile; admins admin1 to 20.

Loopback only, nothing but the standard library.
"""
import glob
import hashlib
import html.parser
import http.client
import os
import re
import socket
import socketserver
import sys
import threading
import time
import urllib.parse

MAIL_WAIT = 10


class Sink(socketserver.StreamRequestHandler):
    """As much SMTP as libcurl speaks."""

    def say(self, line):
        self.wfile.write(line.encode() + b'\r\n')

    def handle(self):
        self.say('220 sink')
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b'DATA':
                self.say('354 go on')
                self.take()
            elif verb == b'QUIT':
                self.say('221 bye')
                return
            else:
                self.say('250 fine')

    def take(self):
        lines = []
        for line in self.rfile:
            if line == b'.\r\n':
                break
            lines.append(line[1:] if line.startswith(b'.') else line)
        path = os.path.join(self.server.folder, '%d.eml' % time.time_ns())
        with open(path + '.new', 'wb') as out:
            out.write(b''.join(lines))
        os.rename(path + '.new', path)
        self.say('250 taken')


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Links(html.parser.HTMLParser):
    """Where a page leads, and what its forms would send."""

    def __init__(self, text):
        super().__init__()
        self.links, self.forms, self.scripts, self.styles = [], [], 0, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        of = dict(attrs)
        if tag == 'a' and 'href' in of:
            self.links.append(of['href'])
        if tag == 'form':
            self.forms.append((of.get('method', 'get'), of.get('action', ''), {}))
        if tag == 'input' and self.forms and 'name' in of:
            self.forms[-1][2][of['name']] = of.get('value', '')
        if tag == 'script' and 'src' not in of:
            self.scripts += 1
        if 'style' in of or tag == 'style':
            self.styles += 1
        self.scripts += any(name.startswith('on') for name in of)


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text = body.decode('utf-8', 'replace')

    def form(self, action):
        for method, where, fields in Links(self.text).forms:
            if method == 'post' and where.startswith(action):
                return where, dict(fields)
        raise AssertionError('no form %s in %r' % (action, self.text[:300]))


class Browser:
    """Keeps cookies as one would; each request is a connection of its own."""

    def __init__(self, url):
        self.url = url
        self.host = url.split('://')[1]
        self.cookies = {}

    def request(self, method, path, body=None, headers=None, timeout=20):
        plain = {'Host': self.host, 'User-Agent': 'web_client'}
        if self.cookies:
            plain['Cookie'] = '; '.join('%s=%s' % c for c in self.cookies.items())
        if body is not None:
            plain['Content-Type'] = 'application/x-www-form-urlencoded'
            plain['Origin'] = self.url
        plain.update(headers or {})
        line = http.client.HTTPConnection(self.host, timeout=timeout)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in plain.items():
                if value is not None:
                    line.putheader(name, value)
            data = body.encode() if isinstance(body, str) else body
            if data is not None:
                line.putheader('Content-Length', str(len(data)))
            line.endheaders()
            if data:
                line.send(data)
            answer = line.getresponse()
            reply = Reply(answer.status, answer.headers, answer.read())
        finally:
            line.close()
        for cookie in reply.headers.get_all('Set-Cookie') or []:
            name, _, rest = cookie.partition('=')
            value = rest.split(';')[0]
            if 'Max-Age=0' in cookie:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return reply

    def get(self, path, **more):
        return self.request('GET', path, **more)

    def post(self, path, fields, **more):
        return self.request('POST', path, urllib.parse.urlencode(fields), **more)

    def submit(self, page, action, **fields):
        where, hidden = page.form(action)
        hidden.update(fields)
        return self.post(where, hidden)

    def sign_in(self, address, folder, **headers):
        """The whole way of a mailed link."""
        before = set(glob.glob(folder + '/*.eml'))
        self.submit(self.get('/sign-in'), '/sign-in', address=address)
        link = mailed_link(folder, before)
        page = self.get(link)
        return self.submit(page, '/sign-in/')


def mails(folder, before):
    return sorted(set(glob.glob(folder + '/*.eml')) - before)


def link_in(path):
    import email
    import email.policy
    with open(path, 'rb') as file:
        mail = email.message_from_binary_file(file, policy=email.policy.default)
    text = mail.get_body(('plain',)).get_content()
    found = re.search(r'https?://[^/\s]+(/sign-in/\S+)', text)
    assert found, text
    return found.group(1)


def mailed_link(folder, before, wait=MAIL_WAIT):
    end = time.time() + wait
    while time.time() < end:
        new = mails(folder, before)
        if new:
            return link_in(new[-1])
        time.sleep(0.05)
    raise AssertionError('no mail came')


class Checks:
    def __init__(self, url, folder):
        self.url, self.folder, self.buyer, self.admin = url, folder, '', ''

    def browser(self, address=None):
        made = Browser(self.url)
        if address:
            reply = made.sign_in(address, self.folder)
            assert reply.status == 303, reply.status
        return made

    def inbox(self):
        return set(glob.glob(self.folder + '/*.eml'))

    def run(self, group):
        """Each check has addresses of its own: links to one of them are few."""
        failed = 0
        names = [name for name in sorted(dir(self)) if name.startswith(group + '_')]
        for n, name in enumerate(names):
            check = getattr(self, name)
            self.buyer = 'priya%d@corp.example' % (n + 1)
            self.admin = 'admin%d@corp.example' % (n + 1)
            try:
                check()
                print('pass', check.__doc__.strip(), flush=True)
            except Exception as error:  # whatever it is, it is a failure to tell
                failed += 1
                why = '%s: %s' % (type(error).__name__, error)
                print('fail', check.__doc__.strip() + ':', why.replace('\n', ' ')[:600],
                      flush=True)
        return failed

    # --- signing in

    def sign_01(self):
        """a link is mailed, its page shows a button, the button signs in"""
        b = self.browser()
        before = self.inbox()
        asked = b.submit(b.get('/sign-in'), '/sign-in', address=self.buyer)
        assert asked.status == 200, asked.status
        link = mailed_link(self.folder, before)
        for _ in range(3):
            assert b.get(link).status == 200
        assert not b.cookies, 'a GET signed in'
        done = b.submit(b.get(link), '/sign-in/')
        assert done.status == 303, done.status
        cookie = done.headers['Set-Cookie']
        assert 'HttpOnly' in cookie and 'SameSite=Strict' in cookie, cookie
        assert 'Path=/' in cookie and 'Domain' not in cookie, cookie
        assert b.get('/account').status == 200

    def sign_02(self):
        """a link works once"""
        b, c = self.browser(), self.browser()
        before = self.inbox()
        b.submit(b.get('/sign-in'), '/sign-in', address=self.buyer)
        link = mailed_link(self.folder, before)
        page = b.get(link)
        assert b.submit(page, '/sign-in/').status == 303
        assert c.submit(page, '/sign-in/').status == 403
        assert not c.cookies

    def sign_03(self):
        """of ten that use a link at once, one gets in"""
        b = self.browser()
        before = self.inbox()
        b.submit(b.get('/sign-in'), '/sign-in', address=self.buyer)
        link = mailed_link(self.folder, before)
        statuses = []

        def use():
            statuses.append(self.browser().post(link.split('?')[0], {}).status)
        threads = [threading.Thread(target=use) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses.count(303) == 1, statuses

    def sign_04(self):
        """an unknown address gets the same answer, as fast, and no mail"""
        b = self.browser()
        before = self.inbox()
        page = b.get('/sign-in')
        times, texts = {}, {}
        for address in ('nobody@nowhere.example', self.admin):
            start = time.time()
            reply = b.submit(page, '/sign-in', address=address)
            times[address] = time.time() - start
            texts[address] = (reply.status, reply.text)
        assert len(set(texts.values())) == 1
        assert max(times.values()) < 0.5, times
        mailed_link(self.folder, before)
        time.sleep(0.5)
        new = mails(self.folder, before)
        assert len(new) == 1, new
        assert self.admin.encode() in open(new[0], 'rb').read()

    def sign_05(self):
        """the mail is ours by its mark, and says that it is automatic"""
        before = self.inbox()
        b = self.browser()
        b.submit(b.get('/sign-in'), '/sign-in', address=self.admin)
        mailed_link(self.folder, before)
        text = open(mails(self.folder, before)[-1], 'rb').read()
        assert b'X-Pitchward-Release: id=' in text
        assert b'Auto-Submitted: auto-generated' in text

    def sign_06(self):
        """a token given before signing in is not the one after it"""
        b = self.browser()
        b.cookies['pitchward'] = 'A' * 43
        assert b.sign_in(self.buyer, self.folder).status == 303
        assert b.cookies['pitchward'] != 'A' * 43

    def sign_07(self):
        """signing out ends the session on the server, too"""
        b = self.browser(self.buyer)
        old = dict(b.cookies)
        b.submit(b.get('/account'), '/sign-out')
        b.cookies = old
        assert b.get('/account').status == 303

    def sign_08(self):
        """signing out everywhere ends the other sessions"""
        b, c = self.browser(self.admin), self.browser(self.admin)
        b.submit(b.get('/account'), '/sign-out/everywhere')
        assert c.get('/account').status == 303

    def sign_09(self):
        """an admin ends a buyer's session"""
        b, a = self.browser(self.buyer), self.browser(self.admin)
        mine = hashlib.sha256(b.cookies['pitchward'].encode()).hexdigest()
        page = a.get('/admin')
        assert mine in page.text
        where, fields = page.form('/admin/sessions/end')
        fields['session'] = mine
        assert a.post(where, fields).status == 303
        assert b.get('/account').status == 303

    def sign_10(self):
        """a buyer cannot end somebody else's session"""
        b, a = self.browser(self.buyer), self.browser(self.admin)
        other = hashlib.sha256(a.cookies['pitchward'].encode()).hexdigest()
        where, fields = b.get('/account').form('/sign-out')
        b.post('/account/end', {'csrf': fields['csrf'], 'session': other})
        assert b.post('/admin/sessions/end',
                      {'csrf': fields['csrf'], 'session': other}).status == 403
        assert a.get('/account').status == 200

    def sign_11(self):
        """where to go on leads to this site only"""
        b = self.browser()
        for bad in ('//evil.example', 'https://evil.example', '/\\evil.example',
                    '/a b', '/a%0d%0aSet-Cookie:x'):
            before = self.inbox()
            page = b.get('/sign-in?' + urllib.parse.urlencode({'next': bad}))
            where, fields = page.form('/sign-in')
            assert fields['next'] in ('', '/a%0d%0aSet-Cookie:x'), fields
        b.submit(b.get('/sign-in?next=%2Faccount'), '/sign-in', address=self.admin)
        link = mailed_link(self.folder, before)
        done = b.submit(b.get(link), '/sign-in/')
        assert done.headers['Location'] == '/account', done.headers['Location']

    def sign_12(self):
        """links to one address are few, and the answer stays the same"""
        b = self.browser()
        before = self.inbox()
        page = b.get('/sign-in')
        for _ in range(9):
            assert b.submit(page, '/sign-in', address='many@corp.example').status == 200
        time.sleep(1.5)
        assert len(mails(self.folder, before)) == 5, mails(self.folder, before)

    def sign_13(self):
        """a client that asks again and again is refused"""
        b = self.browser()
        page = b.get('/sign-in')
        seen = [b.submit(page, '/sign-in', address='x@y.example').status
                for _ in range(310)]
        assert 429 in seen, seen

    # --- what is refused; no session needed but where it is made

    def wire_01(self):
        """every page carries the security headers"""
        b = self.browser()
        for path in ('/', '/sign-in', '/nothing', '/style.css', '/healthz', '/sign-in/x'):
            headers = b.get(path).headers
            policy = headers['Content-Security-Policy']
            assert "default-src 'none'" in policy and 'unsafe' not in policy, path
            assert "form-action 'self'" in policy and "frame-ancestors 'none'" in policy
            assert headers['X-Content-Type-Options'] == 'nosniff', path
            assert headers['Referrer-Policy'] in ('no-referrer', 'same-origin'), path
            assert headers['Cross-Origin-Opener-Policy'] == 'same-origin', path

    def wire_02(self):
        """a foreign Host is refused, our own names are not"""
        b = self.browser()
        port = b.host.split(':')[1]
        for host in ('evil.example', 'evil.example:' + port, '127.0.0.1',
                     'localhost.evil.example:' + port, ''):
            assert b.get('/sign-in', headers={'Host': host}).status in (400, 421), host
        for host in ('localhost:' + port, '127.0.0.1:' + port):
            assert b.get('/sign-in', headers={'Host': host}).status == 200, host
        assert b.get('/sign-in', headers={'Host': None}).status in (400, 421)

    def wire_03(self):
        """a POST of another origin is refused"""
        b = self.browser()
        for headers in ({'Origin': 'https://evil.example'}, {'Origin': 'null'},
                        {'Sec-Fetch-Site': 'cross-site'}, {'Sec-Fetch-Site': 'same-site'}):
            reply = b.post('/sign-in', {'address': self.buyer}, headers=headers)
            assert reply.status == 403, (headers, reply.status)

    def wire_04(self):
        """a POST without the session's token, or another's, is refused"""
        b, c = self.browser(self.admin), self.browser(self.admin)
        other = c.get('/account').form('/sign-out')[1]['csrf']
        for token in ('', 'x', other):
            assert b.post('/sign-out', {'csrf': token}).status == 403, token
        assert b.post('/sign-out', {}).status == 403
        assert b.get('/account').status == 200

    def wire_05(self):
        """only forms are taken"""
        b = self.browser()
        for kind in ('text/plain', 'application/json', 'multipart/form-data; boundary=x', None):
            reply = b.post('/sign-in', {'address': 'a'}, headers={'Content-Type': kind})
            assert reply.status == 415, (kind, reply.status)

    def wire_06(self):
        """an odd method is refused, and HEAD is a GET without its body"""
        b = self.browser()
        for method in ('PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH', 'FOO'):
            reply = b.request(method, '/sign-in')
            assert reply.status == 405 and 'GET' in reply.headers['Allow'], method
        assert b.request('POST', '/healthz', '').status == 405
        assert b.get('/sign-out').status == 405
        head = b.request('HEAD', '/sign-in')
        assert head.status == 200 and head.body == b''
        assert int(head.headers['Content-Length']) == len(b.get('/sign-in').body)

    def wire_07(self):
        """paths that climb or hide something lead nowhere"""
        b = self.browser()
        for path in ('/../etc/passwd', '/static/../../etc/passwd', '/%2e%2e/etc/passwd',
                     '/..%2fetc', '/style.css/..', '/style.css%00', '/%00', '/sign-in/%2e%2e',
                     '/sign-in/a%2fb', '/%ff%fe', '/%zz', '/sign-in/a\\b', '//evil.example',
                     '/.', '/sign-in/%0d%0aX:y'):
            reply = b.get(path)
            assert reply.status in (400, 404), (path, reply.status)

    def wire_08(self):
        """a header that is too large is 431"""
        b = self.browser()
        reply = b.get('/sign-in', headers={'X-Long': 'x' * 60000})
        assert reply.status == 431, reply.status

    def wire_09(self):
        """a body that is too large is 413, announced or not"""
        b = self.browser()
        assert b.request('POST', '/sign-in', 'a=' + 'x' * 70000).status == 413
        body = b''.join(b'1000\r\n' + b'y' * 4096 + b'\r\n' for _ in range(20)) + b'0\r\n\r\n'
        with self.connect() as line:
            line.sendall(b'POST /sign-in HTTP/1.1\r\nHost: ' + b.host.encode() +
                         b'\r\nTransfer-Encoding: chunked\r\nContent-Type: application/'
                         b'x-www-form-urlencoded\r\n\r\n' + body)
            assert b' 413 ' in line.recv(100), 'chunked'

    def wire_10(self):
        """broken escapes and too many fields in a form are 400"""
        b = self.browser()
        assert b.request('POST', '/sign-in', 'address=%zz').status == 400
        assert b.request('POST', '/sign-in', 'address=%00').status == 400
        assert b.request('POST', '/sign-in', '&'.join('a=b' for _ in range(600))).status == 400
        assert b.get('/sign-in?next=%ff').status == 400

    def wire_11(self):
        """the style sheet may be cached, pages may not"""
        b = self.browser()
        style = b.get('/style.css')
        assert style.status == 200 and 'max-age' in style.headers['Cache-Control']
        again = b.get('/style.css', headers={'If-None-Match': style.headers['ETag']})
        assert again.status == 304 and again.body == b''
        assert b.get('/sign-in').headers['Cache-Control'] == 'no-store'

    def wire_12(self):
        """signed out, every page leads to signing in and every POST is refused"""
        b = self.browser()
        for path in ('/', '/queue', '/admin', '/account', '/models', '/profile'):
            reply = b.get(path)
            assert reply.status in (303, 404), (path, reply.status)
            if reply.status == 303:
                assert reply.headers['Location'].startswith('/sign-in'), path
        assert b.post('/sign-out', {}).status == 403

    def wire_13(self):
        """a link from another site comes again with the cookie"""
        b = self.browser()
        reply = b.get('/account', headers={'Sec-Fetch-Site': 'cross-site'})
        assert reply.status == 200 and 'http-equiv="refresh"' in reply.text
        assert '/sign-in?next=%2Faccount' in reply.text, reply.text

    def wire_14(self):
        """a broken or foreign cookie is nobody's"""
        b = self.browser()
        for value in ('', 'x', 'A' * 43, 'A' * 5000, '../..', '"' + 'A' * 43 + '"'):
            reply = b.get('/account', headers={'Cookie': 'pitchward=' + value})
            assert reply.status == 303, (value[:50], reply.status)

    def wire_15(self):
        """a note that is not signed is not shown"""
        b = self.browser()
        reply = b.get('/sign-in', headers={'Cookie': 'pitchward-note=CmhlbGxv.' + '0' * 64})
        assert 'hello' not in reply.text and 'class="note"' not in reply.text

    def wire_16(self):
        """metrics are for this machine, not for who comes through a proxy"""
        b = self.browser()
        reply = b.get('/metrics')
        assert reply.status == 200 and 'pitchward_web_requests_total' in reply.text
        assert b.get('/metrics', headers={'X-Forwarded-For': '192.0.2.1'}).status == 404
        assert b.get('/healthz', headers={'X-Forwarded-For': '192.0.2.1'}).status == 200

    def wire_17(self):
        """a body whose end is not clear is refused, and the connection closed"""
        host = b'Host: ' + self.browser().host.encode() + b'\r\n'
        kind = b'Content-Type: application/x-www-form-urlencoded\r\n'
        chunked = b'Transfer-Encoding: chunked\r\n'
        for fields in (chunked + b'Content-Length: 3\r\n',
                       b'Content-Length: 3\r\nContent-Length: 4\r\n',
                       b'Transfer-Encoding: gzip, chunked\r\n', chunked + chunked):
            with self.connect() as line:
                line.sendall(b'POST /sign-in HTTP/1.1\r\n' + host + kind + fields +
                             b'\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\n' + host + b'\r\n')
                line.settimeout(5)
                data = b''
                while True:
                    try:
                        piece = line.recv(4096)
                    except ConnectionResetError:
                        break
                    if not piece:
                        break
                    data += piece
                assert data.startswith(b'HTTP/1.1 400'), (fields, data[:100])
                assert data.count(b'HTTP/1.1') == 1, fields

    # --- a trusted proxy's header

    def proxy_01(self):
        """the proxy's word signs in"""
        b = self.browser()
        reply = b.get('/account', headers={'X-Auth-Email': self.buyer})
        assert reply.status == 200 and self.buyer in reply.text

    def proxy_02(self):
        """of a stranger, or said twice, it does not"""
        b = self.browser()
        reply = b.get('/account', headers={'X-Auth-Email': 'stranger@corp.example'})
        assert reply.status == 303
        with self.connect() as line:
            name = ('X-Auth-Email: %s\r\n' % self.buyer).encode()
            line.sendall(b'GET /account HTTP/1.1\r\nHost: ' + b.host.encode() + b'\r\n' +
                         name + name + b'Connection: close\r\n\r\n')
            assert b' 303 ' in line.recv(100)

    def proxy_03(self):
        """its users' forms need their token, too"""
        b = self.browser()
        headers = {'X-Auth-Email': self.buyer}
        assert b.post('/sign-out', {}, headers=headers).status == 403
        token = b.get('/account', headers=headers).form('/sign-out')[1]['csrf']
        assert b.post('/sign-out', {'csrf': token}, headers=headers).status == 303

    def foreign_01(self):
        """from a client that is no proxy the header is nothing"""
        b = self.browser()
        reply = b.get('/account', headers={'X-Auth-Email': self.buyer})
        assert reply.status == 303, reply.status
        assert b.get('/metrics').status == 404

    # --- slow and many

    def connect(self):
        host, port = self.url.split('://')[1].split(':')
        return socket.create_connection((host, int(port)), 30)

    def slow_01(self):
        """two hundred half-open connections do not hold up a page"""
        lines = [self.connect() for _ in range(200)]
        try:
            for line in lines:
                line.sendall(b'GET /sign-in HTTP/1.1\r\nHost: ')
            start = time.time()
            assert self.browser().get('/sign-in').status == 200
            took = time.time() - start
            assert took < 1, took
        finally:
            for line in lines:
                line.close()

    def slow_02(self):
        """a byte a second is cut at the deadline of the whole request"""
        line = self.connect()
        start = time.time()
        try:
            line.sendall(b'GET /sign-in HTTP/1.1\r\nHost: x\r\nX-Slow: ')
            line.settimeout(1)
            while time.time() - start < 25:
                try:
                    if line.recv(100) == b'':
                        break
                except socket.timeout:
                    line.sendall(b'y')
        except OSError:
            pass
        took = time.time() - start
        assert 8 < took < 14, took

    def slow_03(self):
        """so is a body that trickles"""
        line = self.connect()
        start = time.time()
        try:
            line.sendall(b'POST /sign-in HTTP/1.1\r\nHost: ' + self.browser().host.encode() +
                         b'\r\nContent-Length: 1000\r\nContent-Type: application/'
                         b'x-www-form-urlencoded\r\n\r\n')
            line.settimeout(1)
            while time.time() - start < 25:
                try:
                    if line.recv(100) == b'':
                        break
                except socket.timeout:
                    line.sendall(b'y')
        except OSError:
            pass
        took = time.time() - start
        assert 8 < took < 14, took

    def slow_04(self):
        """a thousand slow ones make room within seconds"""
        lines = []
        try:
            for _ in range(1000):
                lines.append(self.connect())
                lines[-1].sendall(b'GET / HTTP/1.1\r\nX: ')
            start = time.time()
            assert self.browser().get('/sign-in').status == 200
            took = time.time() - start
            assert took < 5, took
        finally:
            for line in lines:
                line.close()

    # --- a crawler

    def crawl_01(self):
        """a GET of every link that an admin and a buyer see changes nothing"""
        for address in (self.buyer, self.admin):
            b = self.browser(address)
            before = b.get('/account').status
            seen, todo = set(), ['/', '/account', '/admin', '/queue', '/profile', '/models']
            while todo and len(seen) < 300:
                path = todo.pop()
                if path in seen or not path.startswith('/') or path.startswith('//'):
                    continue
                seen.add(path)
                reply = b.get(path)
                assert reply.status < 500, (path, reply.status)
                if 'text/html' not in (reply.headers['Content-Type'] or ''):
                    continue
                assert len(reply.body) < 50 * 1024, (path, len(reply.body))
                page = Links(reply.text)
                assert page.scripts == 0 and page.styles == 0, 'inline in ' + path
                todo += page.links + [where for _, where, _ in page.forms]
            assert b.get('/account').status == before == 200
            assert len(seen) > 4, seen


def main():
    if sys.argv[1] == 'sink':
        server = Server(('127.0.0.1', int(sys.argv[2])), Sink)
        server.folder = sys.argv[3]
        server.serve_forever()
    group, url, folder = sys.argv[1:4]
    return 1 if Checks(url, folder).run(group) else 0


if __name__ == '__main__':
    sys.exit(main())
