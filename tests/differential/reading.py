"""A message's visible text as Python's standard library reads it.

email.policy.default takes the message apart and decodes it, html.parser the
HTML. What is built on top of them is what include/mail/content.h says in
words, written a second time without a look at the C: which part of a
multipart/alternative is read, what of HTML a person does not see.
"""

import email
import email.policy
import re
from html.parser import HTMLParser

SHOWN_MIN = 20

# Characters that stand for no character, on lines of their own: where a text
# begins, and what is marked as earlier mail or as a signature.
BEGIN, QUOTE, QUOTE_END, SIGN, SIGN_END = "\ufdd0\ufdd1\ufdd2\ufdd3\ufdd4"

UNSEEN = {
    "script", "style", "head", "title", "template", "noembed", "noframes",
    "iframe", "object", "textarea", "select", "xmp", "datalist",
}
VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link",
    "meta", "param", "source", "track", "wbr", "basefont", "bgsound", "frame",
    "keygen",
}
BLOCK = {
    "address", "article", "blockquote", "br", "center", "dd", "div", "dl",
    "dt", "fieldset", "form", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img",
    "li", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th",
    "thead", "tr", "ul", "input", "button", "option", "caption",
}
# Of these an end tag is often left out: the next one ends them.
IMPLIED = {
    "p": {"p"}, "li": {"li"}, "td": {"td", "th"}, "th": {"td", "th"},
    "tr": {"tr", "td", "th"}, "option": {"option"}, "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
}
# What mail programs call the elements that they put earlier mail in, and their
# signatures.
EARLIER = re.compile(r"quote|cite|attr\b|forward|Fwd|append|zwchr|OLK_SRC|reply|MessageHeader|zmail_extra", re.I)
SIGNED = re.compile(r"signature", re.I)
# ".name{...}" of style blocks, and how they hide.
RULE = re.compile(r"(?:^|[\s,}])\.([-\w]+)\s*\{([^{}]*)\}")
HIDING = re.compile(
    r"max-height\s*:\s*0(px)?\s*;\s*overflow\s*:\s*hidden|display\s*:\s*none|visibility\s*:\s*(hidden|collapse)"
    r"|(?<![-\w])opacity\s*:\s*0(\.0*)?\s*(;|$|!)"
    r"|(?<![-\w])font-size\s*:\s*[01](\.\d+)?(px|pt|em|%)?\s*(;|$|!)", re.I)


class Page(HTMLParser):
    """The words of a page, without those that style attributes hide."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.out = []
        self.open = []  # (name, unseen, how its mark ends)
        self.link = None  # where the innermost link's text begins
        self.alt = ""
        self.hiding = set()  # classes that a style block hides

    def unseen(self):
        return bool(self.open) and self.open[-1][1]

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        while self.open and self.open[-1][0] in IMPLIED.get(tag, ()):
            self.out.append(self.open.pop()[2])
        if tag in BLOCK:
            self.out.append("\n")
        if tag == "body":  # ends a head that was never closed
            self.open = [entry for entry in self.open if entry[0] != "head"]
        if tag == "a":
            self.link, self.alt = len(self.out), ""
        if tag == "img" and self.link is not None and not self.unseen():
            self.alt = self.alt or attrs.get("alt", "")
        if tag in VOID:
            return
        hidden = (tag in UNSEEN or "hidden" in attrs
                  or not self.hiding.isdisjoint(
                      attrs.get("class", "").split())
                  or HIDING.search(attrs.get("style", "")) is not None)
        begin, end = marks(tag, attrs.get("class", "") + " " + attrs.get("id", ""))
        self.out.append(begin)
        self.open.append((tag, hidden or self.unseen(), end))

    def handle_startendtag(self, tag, attrs):
        # "<p/>" is "<p>" to a browser.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if tag == "a" and self.link is not None:
            if not "".join(self.out[self.link:]).strip():
                self.out.append(self.alt)
            self.link = None
        if tag in BLOCK:
            self.out.append("\n")
        if tag not in (entry[0] for entry in self.open):
            return
        name = None
        while name != tag:
            name, _, end = self.open.pop()
            self.out.append(end)

    def handle_data(self, data):
        if self.open and self.open[-1][0] == "style":
            self.hiding.update(name for name, body in RULE.findall(data)
                               if HIDING.search(body))
        if not self.unseen():
            self.out.append(data)

    def unknown_decl(self, data):
        pass


def marks(tag, names):
    """What stands before and after an element's text."""
    if tag == "blockquote" or EARLIER.search(names):
        return "\n%s\n" % QUOTE, "\n%s\n" % QUOTE_END
    if SIGNED.search(names):
        return "\n%s\n" % SIGN, "\n%s\n" % SIGN_END
    return "", ""


def page_text(html):
    page = Page()
    page.feed(html)
    page.close()
    return "".join(page.out)


def decoded(part):
    """A part's text; Windows-1252 where nothing better is known."""
    raw = part.get_payload(decode=True) or b""
    charset = part.get_content_charset() or ""
    if charset not in ("", "us-ascii", "ascii"):
        try:
            return raw.decode(charset, "replace")
        except LookupError:
            pass
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # As WHATWG has it: bytes that Windows-1252 does not know are controls.
        return "".join(
            bytes([byte]).decode("cp1252", "ignore") or " " for byte in raw)


class Reader:
    def __init__(self):
        self.texts = []

    def add(self, part):
        self.texts += [BEGIN, self.leaf(part)]

    def leaf(self, part):
        text = decoded(part)
        if part.get_content_type() == "text/html":
            return page_text(text)
        return text

    def leaves(self, part):
        """Leaves that belong to the same multipart/alternative as `part`."""
        for child in part.iter_parts():
            kind = child.get_content_type()
            if kind == "multipart/alternative":
                continue
            if child.is_multipart() and child.get_content_maintype() == "multipart":
                yield from self.leaves(child)
            else:
                yield child

    def alternative(self, part):
        leaves = [leaf for leaf in self.leaves(part) if readable(leaf)]
        pages = [leaf for leaf in leaves
                 if leaf.get_content_type() == "text/html"]
        texts = [leaf for leaf in leaves
                 if leaf.get_content_type() != "text/html"]
        shown = "".join(self.leaf(page) for page in pages)
        plain = self.leaf(texts[-1]) if texts else ""
        visible = len("".join(shown.split()).encode())
        if texts and (not pages or (visible < SHOWN_MIN and
                                    len("".join(plain.split()).encode()) > visible)):
            chosen = [texts[-1]]
        else:
            chosen = pages
        for leaf in chosen:
            self.add(leaf)
        # What else is in it: enclosed mail, and alternatives within.
        self.others(part)

    def others(self, part):
        for child in part.iter_parts():
            kind = child.get_content_type()
            if kind in ("message/rfc822", "multipart/alternative"):
                self.read(child)
            elif child.get_content_maintype() == "multipart":
                self.others(child)

    def read(self, part):
        kind = part.get_content_type()
        if kind == "multipart/alternative" and part.is_multipart():
            self.alternative(part)
        elif kind == "message/rfc822":
            self.texts.append(QUOTE)
            self.children(part)
            self.texts.append(QUOTE_END)
        elif part.is_multipart() and kind.startswith("multipart/"):
            self.children(part)
        elif readable(part):
            self.add(part)

    def children(self, part):
        for child in part.get_payload():
            self.read(child)


def readable(part):
    return (part.get_content_type() in ("text/plain", "text/html")
            and not part.is_multipart()
            and part.get_content_disposition() != "attachment")


def visible(data):
    """All visible text of a message, quoted and enclosed mail included, with
    the marks above on lines of their own."""
    reader = Reader()
    message = email.message_from_bytes(data, policy=email.policy.default)
    reader.read(message)
    return "\n".join(reader.texts)
