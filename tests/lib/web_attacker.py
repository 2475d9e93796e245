#!/usr/bin/python3
"""What colleagues, strangers and senders of mail try against pitchward-web.

    web_attacker.py URL FOLDER HOLD CONFIG DATABASE     a line each: "pass NAME"
                                                        or "fail NAME: why"

FOLDER is that of web_client.py's sink, HOLD the program that puts mail into the
store. Who asks is named by a trusted header, X-Auth-Email.

Loopback only, nothing but the standard library.
"""
import glob
import hashlib
import html
import html.parser
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse

from web_client import Browser, mailed_link, mails

SEEN = re.compile(r'class="note" role="status"><p>(.*?)</p>')

CORPUS = [
    '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'><svg/onload=alert(1)>",
    '</pre></textarea><script>1</script>', '=?UTF-8?Q?=3Cscript=3Ealert=281=29?=',
    '=?UTF-8?Q?a=0D=0ABcc:_x@y.example?=', 'javascript:alert(1)', '\u202egnp.exe',
    '&lt;script&gt;', '=?UTF-8?B?4oGm4oCuABtbMzFt?=', 'A' * 20000, '%s%n%x',
    '=?utf-7?Q?+ADw-script+AD4-?=',
]


class Danger(html.parser.HTMLParser):
    """What a page must not hold: anything of ours is a plain link or file."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        of = dict(attrs)
        if tag in ('img', 'iframe', 'object', 'embed', 'base', 'style'):
            self.found.append(tag)
        if tag == 'script' and not of.get('src', '').startswith('/keys.js'):
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith('on') or name == 'style':
                self.found.append((tag, name, value))
            if name in ('href', 'src', 'action') and not (value or '').startswith(('/', '#')):
                self.found.append((tag, name, value))


class Person(Browser):
    def __init__(self, url, who):
        super().__init__(url)
        self.who = who

    def request(self, method, path, body=None, headers=None, timeout=20):
        return super().request(method, path, body, {'X-Auth-Email': self.who, **(headers or {})},
                               timeout)

    def do(self, path, pairs=(), **fields):
        token = self.get('/account').form('/sign-out')[1]['csrf']
        sent = [('csrf', token), *pairs, *fields.items()]
        return self.request('POST', path, urllib.parse.urlencode(sent))

    def told(self, *args, **fields):
        """What the note on the next page says."""
        reply = self.do(*args, **fields)
        assert reply.status == 303, reply.status
        found = SEEN.search(self.get('/account').text)
        return html.unescape(found.group(1)) if found else ''


class Attacks:
    def __init__(self, url, folder, hold, config, database):
        self.url, self.folder, self.program = url, folder, hold
        self.config, self.database = config, database

    def person(self, name):
        return Person(self.url, name + '@corp.example')

    def hold(self, subject='Secret', raw=None):
        raw = raw or ('From: Sam <sam@seller.example>\r\nSubject: %s\r\n\r\nsecret body\r\n'
                      % subject).encode()
        made = subprocess.run([self.program, self.config, 'priya', 'sam@seller.example',
                               'priya@corp.example'], input=raw, stdout=subprocess.PIPE, check=True)
        return made.stdout.decode().strip()

    def profile(self, who):
        page = who.get('/profile?for=priya')
        text = re.search(r'<textarea[^>]*>\n(.*?)</textarea>', page.text, re.S).group(1)
        return html.unescape(text), page.form('/profile')[1]['after']

    def run(self):
        for name in sorted(name for name in dir(self) if name.startswith('try_')):
            check = getattr(self, name)
            try:
                check()
                print('pass', check.__doc__, flush=True)
            except Exception as error:  # whatever it is, it is a failure to tell
                why = '%s: %s' % (type(error).__name__, error)
                print('fail', check.__doc__ + ':', why.replace('\n', ' ')[:600], flush=True)

    def try_01(self):
        """a link to sign in goes to the address that is known, not to one like it"""
        browser = Browser(self.url)
        for like in ('pr\u0130ya@corp.example', 'priya@\u212Aorp.example', 'priya@c\u0130rp.example'):
            before = set(glob.glob(self.folder + '/*.eml'))
            assert browser.post('/sign-in', {'address': like}).status == 200
        before = set(glob.glob(self.folder + '/*.eml'))
        for written in ('<PRIYA@Corp.Example>', '@evil.example:quinn@corp.example'):
            assert browser.post('/sign-in', {'address': written}).status == 200
            mailed_link(self.folder, before)
        time.sleep(0.5)
        to = [re.search(rb'^To: .*', open(path, 'rb').read(), re.M).group(0).strip()
              for path in sorted(glob.glob(self.folder + '/*.eml'))]
        assert to == [b'To: <priya@corp.example>', b'To: <quinn@corp.example>'], to

    def try_02(self):
        """a buyer cannot make a colleague's address, and mail, their own"""
        priya = self.person('priya')
        text, after = self.profile(priya)
        stolen = text.replace('second@corp.example', 'ceo@corp.example')
        assert stolen != text
        for wish in ('try', 'save'):
            reply = priya.do('/profile?for=priya', text=stolen, after=after, do=wish)
            assert reply.status == 200 and 'ceo@corp.example&#39; is not among' in reply.text, wish
        assert self.profile(priya)[0] == text
        assert self.person('ceo').get('/account').status == 303
        fewer = text.replace(', second@corp.example', '')
        assert priya.do('/profile?for=priya', text=fewer, after=after, do='save').status == 303
        again = priya.do('/profile?for=priya', text=text, after='1', do='save')
        assert again.status == 303, 'the administrator gave it'

    def try_03(self):
        """an admin who changes a profile sees figures, no mail"""
        mail = self.hold('Very secret')
        # Then it is judged by what is kept of it, and comes near enough.
        assert '1 message released' in self.person('appr').told('/queue/act', do='release ' + mail)
        seen = {}
        for name in ('priya', 'admin'):
            who = self.person(name)
            text, after = self.profile(who)
            text += 'verdict: {accept: 0.65, tag: 0.05}\n'
            page = who.do('/profile?for=priya', text=text, after=after, do='try').text
            assert 'What this would have changed' in page, page
            seen[name] = 'Very secret' in page
        assert seen == {'priya': True, 'admin': False}, seen

    def try_04(self):
        """nobody reads or moves another's mail by its id, whatever the route"""
        mail = self.hold('Foreign')
        for name in ('quinn', 'admin', 'audit'):
            who = self.person(name)
            for path in ('/message/' + mail, '/message/%s/original' % mail, '/queue?for=priya',
                         '/?for=priya', '/queue?for=*'):
                reply = who.get(path)
                assert reply.status in (403, 404), (name, path, reply.status)
                assert 'Foreign' not in reply.text and 'secret body' not in reply.text
            for verb in ('release', 'relevant', 'never', 'snooze', 'ask', 'grant', 'refuse'):
                note = who.told('/queue/act', do='%s %s' % (verb, mail))
                assert 'could not be: there is no such message' in note, (name, verb, note)
                note = who.told('/queue/act', [('id', mail)], do=verb)
                assert 'could not be' in note, (name, verb, note)
                assert 'nothing' in who.told('/undo/%s/%s' % (verb, mail)), (name, verb)
            assert who.do('/vendor/seller.example', do='never', **{'for': 'priya'}).status == 403
            assert who.do('/vendor/seller.example/was/priya/none').status == 403
        assert self.person('quinn').get('/profile?for=priya').status == 404
        assert self.person('dele').get('/profile?for=priya').status == 404
        assert 'held' in self.person('priya').get('/message/' + mail).text

    def try_05(self):
        """an approver takes back their own word only"""
        mail = self.hold('Ruled')
        priya, approver = self.person('priya'), self.person('appr')
        priya.told('/queue/act', do='never ' + mail)
        assert 'nothing' in approver.told('/undo/release/' + mail)
        assert 'Said of it' in priya.get('/message/' + mail).text
        assert 'Taken back for 1' in priya.told('/undo/never/' + mail)

    def try_06(self):
        """nothing is granted that nobody asks for"""
        mail = self.hold('Asked')
        priya, approver = self.person('priya'), self.person('appr')
        assert 'nobody asks for it' in approver.told('/queue/act', do='grant ' + mail)
        assert '>held<' in priya.get('/message/' + mail).text
        for verb in ('release', 'grant'):
            assert 'could not be' in priya.told('/queue/act', do='%s %s' % (verb, mail)), verb
        assert 'asked for' in priya.told('/queue/act', do='ask ' + mail)
        assert '1 message released' in approver.told('/queue/act', do='grant ' + mail)
        assert '>released<' in priya.get('/message/' + mail).text
        log = self.person('audit').get('/admin/audit?action=grant').text
        assert mail in log and 'Asked' not in log

    def try_07(self):
        """nothing in a mail becomes a part of a page"""
        held = []
        for text in CORPUS:
            short = re.sub(r'["\r\n]', '', text[:30])
            held.append(self.hold(raw=(
                'From: %s <"%s"@seller.example>\r\nSubject: %s\r\nMessage-ID: <%s@x>\r\n'
                'X-Odd: %s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n'
                'Content-Type: text/html; charset=utf-8\r\n\r\n<p>hi</p><div style="display:none">'
                '%s</div><script>alert(1)</script>\r\n--b\r\nContent-Type: text/plain\r\n'
                'Content-Disposition: attachment; filename="%s"\r\n\r\n%s\r\n--b--\r\n'
                % (text, short, text, text[:60], text, text, short, text)).encode()))
        quoted = [urllib.parse.quote(text[:100]) for text in CORPUS]
        priya = self.person('priya')
        for path in (['/', '/queue', '/queue?order=%22%3E%3Cb%3E'] +
                     ['/message/' + mail for mail in held] +
                     ['/queue?%s=%s' % (name, text) for text in quoted
                      for name in ('q', 'vendor', 'priority')]):
            page = priya.get(path)
            assert page.status == 200, (path, page.status)
            assert not Danger(page.text).found, (path, Danger(page.text).found)
            assert not re.search('[\u202a-\u202e\u2066-\u2069\0\x1b]', page.text), path
        original = priya.get('/message/%s/original' % held[0])
        assert original.headers['Content-Type'].startswith('text/plain')
        assert original.headers['Content-Disposition'].startswith('attachment')

    def try_08(self):
        """a hundred at once are done, and taken back by one cookie"""
        held = [self.hold('Bulk %d' % n) for n in range(110)]
        priya = self.person('priya')
        reply = priya.do('/queue/act', [('id', mail) for mail in held[:100] * 2], do='not-outreach')
        assert reply.status == 303 and len(reply.headers['Set-Cookie']) < 4000
        page = priya.get('/queue')
        assert '100 messages marked' in SEEN.search(page.text).group(1)
        where, fields = page.form('/undo/')
        priya.post(where, fields)
        assert 'Taken back for 100' in priya.get('/account').text
        note = priya.told('/queue/act', [('id', mail) for mail in held], do='not-outreach')
        assert '110 messages marked' in note, note

    def try_09(self):
        """where the store is away nothing is called done"""
        mail = self.hold('Away')
        priya = self.person('priya')
        link = Browser(self.url)
        link.sign_in('dele@corp.example', self.folder)
        session = hashlib.sha256(link.cookies['pitchward'].encode()).hexdigest()
        token = link.get('/account').form('/sign-out')[1]['csrf']
        priya.told('/queue/act', do='irrelevant ' + mail)
        os.rename(self.database, self.database + '.away')
        try:
            undone = priya.told('/undo/irrelevant/' + mail)
            put_off = priya.do('/queue/act', do='snooze ' + mail)
            ended = link.post('/account/end', {'csrf': token, 'session': session})
        finally:
            os.rename(self.database + '.away', self.database)
        assert 'does not answer' in undone, undone
        assert put_off.status == 503 and 'nothing was done' in put_off.text, put_off.status
        # Nobody knows whose session it is, so it comes to nothing before that.
        assert ended.status == 503 and 'does not answer' in ended.text, ended.text

    def try_10(self):
        """who signs in is told apart by the proxy's word, however many hops are made up"""
        client = Browser(self.url)
        spoof = {'X-Forwarded-For': ', '.join(['198.51.100.9'] * 40 + ['192.0.2.7'])}
        before = set(glob.glob(self.folder + '/*.eml'))
        client.post('/sign-in', {'address': 'appr@corp.example'})
        where = mailed_link(self.folder, before)
        assert client.post(where, {}, headers=spoof).status == 303
        page = client.get('/account').text
        assert '192.0.2.7' in page and '198.51.100.9' not in page

    def try_11(self):
        """a request that is given up leaves nothing behind"""
        port = int(self.url.rsplit(':', 1)[1])
        query = '&'.join('a%d=1' % n for n in range(600))
        for target in ('/sign-in?' + query, '/sign-in?' + 'x' * 31990):
            for _ in range(5):
                with socket.create_connection(('127.0.0.1', port), timeout=5) as line:
                    line.sendall(('GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n'
                                  % (target, port)).encode())
                    line.settimeout(0.2)
                    try:
                        line.recv(100)
                    except socket.timeout:
                        pass
        assert Browser(self.url).get('/healthz').status == 200


if __name__ == '__main__':
    Attacks(*sys.argv[1:]).run()
