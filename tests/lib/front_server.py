"""Vendors' web servers, good ones and bad, one for each name they are asked by.

usage: front_server.py PORT_FILE LOG

Listens on a free port of 127.0.0.1, which it writes to PORT_FILE when it is
ready. Each request is a line of LOG: host, path, and the conditions sent.
"""
import gzip
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!DOCTYPE html><html><head><title>Acme &amp; Sons:
 endpoint security</title><style>p { color: red }</style></head><body>
<h1>Stop ransomware</h1><p>Managed detection for hospitals, caf\u00e9s and
<a href="/pricing">banks</a>.</p><script>alert("scripted")</script>
<p style="display:none">hidden words</p></body></html>
"""
BOMB = gzip.compress(b"<html>" + b" " * (50 << 20))
REDIRECTS = {
    "away.example": "http://evil.example/",
    "inside.example": "http://127.0.0.1/latest/",
    "meta.example": "http://169.254.169.254/latest/meta-data/",
    "file.example": "file:///etc/passwd",
    "user.example": "http://root:secret@user.example/in",
    "port.example": "http://port.example:8080/",
    "suffix.example": "http://suffix.example.evil.example/",
    "loop.example": "/again",
    "moved.example": "http://www.moved.example/en/",
    "kept.example": "/private/",
}
ROBOTS = {
    "robots.example": "User-agent: *\nDisallow: /\n",
    "ours.example": "User-agent: *\nDisallow:\n\nuser-agent: Pitchward/1\n"
                    "Disallow: /\n",
    "others.example": "User-agent: BadBot\nDisallow: /\n\nUser-agent: *\n"
                      "Disallow: /private/\n",
    "kept.example": "User-agent: *\nDisallow: /private/\n",
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

    def endless(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        while True:
            self.wfile.write(b"<p>more</p>" * 10000)

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        for byte in PAGE.encode():
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.5)

    def page(self):
        fields = {"Content-Type": "text/html; charset=utf-8", "ETag": '"v1"',
                  "Set-Cookie": "a=b"}
        if self.headers.get("If-None-Match") == '"v1"':
            self.answer(304, b"", fields)
        else:
            self.answer(200, PAGE.encode(), fields)

    def robots(self, host):
        if host == "down.example":
            self.answer(503, b"", {})
        elif host in ROBOTS:
            self.answer(200, ROBOTS[host].encode(),
                        {"Content-Type": "text/plain"})
        else:
            self.answer(404, b"", {})

    def handle(self):
        try:
            super().handle()
        except ConnectionResetError:
            pass

    def do_GET(self):
        host = self.headers.get("Host", "")
        with LOCK:
            LOG.write("%s%s etag=%s cookie=%s agent=%s\n" % (
                host, self.path, self.headers.get("If-None-Match"),
                self.headers.get("Cookie"), self.headers.get("User-Agent")))
            LOG.flush()
        try:
            self.route(host)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def route(self, host):
        if self.path == "/robots.txt":
            self.robots(host)
        elif host in REDIRECTS and self.path in ("/", "/again"):
            self.answer(302, b"", {"Location": REDIRECTS[host]})
        elif host == "huge.example":
            self.close_connection = True
            self.endless()
        elif host == "slow.example":
            self.close_connection = True
            self.drip()
        elif host == "bomb.example":
            self.answer(200, BOMB, {"Content-Encoding": "gzip",
                                    "Content-Type": "text/html"})
        elif host == "paper.example":
            self.answer(200, b"%PDF-1.7", {"Content-Type": "application/pdf"})
        elif host == "latin.example":
            self.answer(200, "<title>Z\u00fcrich</title>b\u00e4nke".encode("latin-1"),
                        {"Content-Type": 'text/html; charset="iso-8859-1"'})
        elif host == "gone.example":
            self.answer(404, b"", {"Content-Type": "text/html"})
        else:
            self.page()


LOCK = threading.Lock()
LOG = open(sys.argv[2], "a", encoding="utf-8")
SERVER = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
SERVER.daemon_threads = True
with open(sys.argv[1] + ".tmp", "w", encoding="ascii") as out:
    out.write(str(SERVER.server_address[1]))
os.rename(sys.argv[1] + ".tmp", sys.argv[1])
SERVER.serve_forever()
