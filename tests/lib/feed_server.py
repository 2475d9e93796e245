"""A web server that feeds are fetched from, good ones and bad.

usage: feed_server.py PORT_FILE LOG

Listens on a free port of 127.0.0.1, which it writes to PORT_FILE when it is
ready. Each request is a line of LOG: seconds, path, and the conditions sent.
"""
import gzip
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RSS = b"""<?xml version="1.0"?>
<rss version="2.0"><channel><title>Register</title>
<item><guid>r1</guid><title>Warm standby for imaging</title>
<link>/r1</link><pubDate>Sat, 21 Nov 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;Prices &lt;b&gt;fell&lt;/b&gt; by 12 %&lt;/p&gt;</description>
</item>
<item><guid>r2</guid><title>Second</title><link>https://example.org/r2</link>
</item></channel></rss>
"""
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">
<title>Atom</title><entry><id>a1</id><title>Entry</title>
<link href="https://example.org/a1"/><updated>2026-11-20T10:00:00Z</updated>
<content type="html">&lt;p&gt;text&lt;/p&gt;</content></entry></feed>
"""
JSON = b"""{"version": "https://jsonfeed.org/version/1.1", "title": "J",
"items": [{"id": "j1", "content_text": "hello", "title": "One"}]}
"""
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;">]><rss><channel><item><title>&b;</title>
</item></channel></rss>"""
# 1 kB of gzip for every megabyte
BOMB = gzip.compress(b"<rss>" + b" " * (50 << 20))

STATIC = {
    "/atom": ("application/atom+xml", ATOM),
    "/json": ("application/feed+json", JSON),
    "/laughs": ("text/xml", LAUGHS),
    "/page": ("text/html", b"<html><body>no feed</body></html>"),
    "/broken": ("text/xml", RSS.replace(b"</item></channel></rss>", b"<oops")),
    "/garbage": ("text/xml", bytes(range(256)) * 100),
    "/empty": ("text/xml", b""),
}
REDIRECTS = {
    "/moved": "/rss",
    "/loop": "/loop",
    "/to-file": "file:///etc/passwd",
    "/to-gopher": "gopher://127.0.0.1:70/",
    "/to-other": "http://127.0.0.1:1/",
    "/to-metadata": "http://169.254.169.254/latest/meta-data/",
    "/to-user": "http://root:secret@127.0.0.1:%d/rss",
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def rss(self):
        fields = {"Content-Type": "application/rss+xml", "ETag": '"v1"',
                  "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}
        if self.headers.get("If-None-Match") == '"v1"':
            self.answer(304, b"", fields)
        else:
            self.answer(200, RSS, fields)

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.end_headers()
        for byte in RSS:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.5)

    def endless(self):
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"<rss>" * 10000)

    def headers_flood(self):
        self.send_response(200)
        for i in range(2000):
            self.send_header("X-%d" % i, "x" * 60)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        with LOCK:
            LOG.write("%.3f %s etag=%s modified=%s cookie=%s auth=%s\n" % (
                time.monotonic(), self.path, self.headers.get("If-None-Match"),
                self.headers.get("If-Modified-Since"),
                self.headers.get("Cookie"), self.headers.get("Authorization")))
            LOG.flush()
        try:
            self.route()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def route(self):
        kinds = {"/rss": self.rss, "/drip": self.drip, "/endless": self.endless,
                 "/flood": self.headers_flood}
        if self.path in kinds:
            self.close_connection = self.path != "/rss"
            kinds[self.path]()
        elif self.path in STATIC:
            kind, body = STATIC[self.path]
            self.answer(200, body, {"Content-Type": kind, "Set-Cookie": "a=b"})
        elif self.path in REDIRECTS:
            target = REDIRECTS[self.path]
            if "%d" in target:
                target %= self.server.server_address[1]
            self.answer(302, b"", {"Location": target})
        elif self.path == "/bomb":
            self.answer(200, BOMB, {"Content-Encoding": "gzip"})
        elif self.path == "/later":
            self.answer(503, b"", {"Retry-After": "3600"})
        else:
            self.answer(404, b"", {})


LOCK = threading.Lock()
LOG = open(sys.argv[2], "a", encoding="ascii")
SERVER = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
SERVER.daemon_threads = True
with open(sys.argv[1] + ".tmp", "w", encoding="ascii") as out:
    out.write(str(SERVER.server_address[1]))
os.rename(sys.argv[1] + ".tmp", sys.argv[1])
SERVER.serve_forever()
