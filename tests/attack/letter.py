"""One mail taken apart so that tricks can be played on it, and put together."""
import base64
import email
import email.header
import hashlib
import html
import quopri
import re

CONTENT_FIELDS = ('content-type', 'content-transfer-encoding',
                  'content-disposition', 'mime-version')


DELIVERY_STATUS = (b'Content-Type: message/delivery-status\n\n'
                   b'Reporting-MTA: dns; mx.vendor.example\n')


class Part:
    """A text part as it will stand in the mail: `data` are its bytes before
    transfer encoding, which need not be what its type says."""

    def __init__(self, subtype, data, charset='utf-8',
                 encoding='quoted-printable'):
        self.subtype = subtype
        self.data = data.encode('utf-8') if isinstance(data, str) else data
        self.charset = charset
        self.encoding = encoding

    def body(self):
        if self.encoding == 'base64':
            return base64.encodebytes(self.data)
        if self.encoding == 'quoted-printable':
            return quopri.encodestring(self.data)
        return self.data

    def wire(self):
        head = ('Content-Type: text/%s; charset="%s"\n'
                'Content-Transfer-Encoding: %s\n\n'
                % (self.subtype, self.charset,
                   'quoted-printable' if self.encoding == 'as-is-qp'
                   else self.encoding))
        return head.encode('ascii') + self.body()


class Letter:
    def __init__(self, raw):
        head, fields = re.split(rb'\r?\n\r?\n', raw, maxsplit=1)[0], []
        for line in head.decode('utf-8', 'surrogateescape').splitlines():
            if line[:1] in ' \t' and fields:
                fields[-1][1] += '\n' + line
            else:
                name, _, value = line.partition(':')
                fields.append([name, value.strip()])
        self.fields = [f for f in fields
                       if f[0].lower() not in CONTENT_FIELDS]
        self.text = self.html = None
        self.rest = []    # wire form of all other parts
        self.parts = None  # a trick's own, of Part
        self.encoding = 'quoted-printable'
        self.report = False  # dressed as a delivery report
        self.take(email.message_from_bytes(raw))

    def take(self, message):
        todo = [message]
        while todo:
            part = todo.pop(0)
            kind = part.get_content_type()
            shown = part.get_content_disposition() != 'attachment'
            if part.get_content_maintype() == 'multipart':
                todo = list(part.get_payload()) + todo
            elif shown and kind == 'text/plain':
                self.text = (self.text or '') + decoded(part)
            elif shown and kind == 'text/html':
                self.html = (self.html or '') + decoded(part)
            else:
                self.rest.append(part.as_bytes())

    # --- fields

    def field(self, name):
        for known, value in self.fields:
            if known.lower() == name.lower():
                return value
        return ''

    def field_set(self, name, value):
        for field in self.fields:
            if field[0].lower() == name.lower():
                field[1] = value
                return
        self.fields.append([name, value])

    def field_drop(self, name):
        self.fields = [f for f in self.fields if f[0].lower() != name.lower()]

    @property
    def subject(self):
        raw = re.sub(r'\s*\n\s+', ' ', self.field('Subject'))
        try:
            return str(email.header.make_header(
                email.header.decode_header(raw)))
        except (LookupError, UnicodeError, ValueError):
            return raw

    @subject.setter
    def subject(self, value):
        if value.isascii() and self.encoding != 'base64':
            self.field_set('Subject', value)
            return
        self.field_set('Subject', words_encode(value))

    # --- text

    def as_html(self):
        """Its HTML; made from its text where it has none."""
        if self.html is None:
            paragraphs = re.split(r'\n\s*\n', (self.text or '').strip())
            self.html = ('<html><body>\n%s\n</body></html>\n' % '\n'.join(
                '<p>%s</p>' % html.escape(p, quote=False).replace(
                    '\n', '<br>\n') for p in paragraphs))
            self.text = None
        return self.html

    def html_add(self, markup, head=False):
        """At the end of the page, or in its head."""
        page = self.as_html()
        mark = r'(?i)<body[^>]*>' if head else r'(?i)</body>'
        found = list(re.finditer(mark, page))
        at = found[-1].start() if found else (0 if head else len(page))
        self.html = page[:at] + markup + page[at:]

    def html_begin(self, markup):
        page = self.as_html()
        found = re.search(r'(?i)<body[^>]*>', page)
        at = found.end() if found else 0
        self.html = page[:at] + markup + page[at:]

    def add(self, text):
        """Visibly at the end, in every form the mail has."""
        if self.text is not None:
            self.text = self.text.rstrip('\n') + '\n\n' + text + '\n'
        if self.html is not None:
            self.html_add('<p>%s</p>\n' % html.escape(text, quote=False)
                          .replace('\n', '<br>\n'))

    def begin(self, text):
        if self.text is not None:
            self.text = text + '\n\n' + self.text
        if self.html is not None:
            self.html_begin('<p>%s</p>\n' % html.escape(text, quote=False)
                            .replace('\n', '<br>\n'))

    def visible(self):
        """About what a person reads, for tricks that tell it again."""
        if self.text is not None:
            return self.text
        page = re.sub(r'(?is)<(style|script|title)\b.*?</\1\s*>|<!--.*?-->',
                      ' ', self.html or '')
        return ' '.join(html.unescape(re.sub(r'<[^>]*>', ' ', page)).split())

    # --- the whole

    def wire(self):
        parts = self.parts
        if parts is None:
            parts = [Part(subtype, text, encoding=self.encoding)
                     for subtype, text in (('plain', self.text),
                                           ('html', self.html))
                     if text is not None]
        pieces = [part.wire() for part in parts]
        body = (pieces[0] if len(pieces) == 1 else
                multipart('alternative', pieces or [b'\n']))
        if self.rest:
            body = multipart('mixed', [body] + self.rest)
        if self.report:
            body = multipart('report; report-type=delivery-status',
                             [body, DELIVERY_STATUS])
        head = ''.join('%s: %s\n' % (name, value)
                       for name, value in self.fields)
        return (head.encode('utf-8', 'surrogateescape')
                + b'MIME-Version: 1.0\n' + body)


def decoded(part):
    data = part.get_payload(decode=True) or b''
    charset = part.get_content_charset() or 'utf-8'
    try:
        return data.decode(charset, 'replace').replace('\r\n', '\n')
    except LookupError:
        return data.decode('utf-8', 'replace').replace('\r\n', '\n')


def words_encode(text):
    """RFC 2047, in words of at most 45 bytes, never within a character."""
    words, now = [], b''
    for char in text:
        piece = char.encode('utf-8', 'surrogateescape')
        if len(now) + len(piece) > 42:
            words.append(now)
            now = b''
        now += piece
    return '\n '.join('=?utf-8?B?%s?=' % base64.b64encode(w).decode('ascii')
                      for w in words + [now])


def multipart(subtype, pieces):
    digest = hashlib.sha256(b''.join(pieces)).hexdigest()[:20]
    line = ('\n--=_%s' % digest).encode('ascii')
    head = ('Content-Type: multipart/%s; boundary="=_%s"\n'
            % (subtype, digest)).encode('ascii')
    return head + b''.join(line + b'\n' + p for p in pieces) + line + b'--\n'


def text_words(text, change):
    """Each word of a plain text changed but links and addresses."""
    return re.sub(r'\S+', lambda found: found.group() if
                  re.search(r'://|www\.|@', found.group())
                  else change(found.group()), text)


def html_words(page, change):
    """The same with the words of an HTML page; `change` gets plain characters
    and returns markup."""
    pieces = re.split(r'(?is)(<!--.*?-->|<(style|script|title)\b.*?</\2\s*>'
                      r'|<[^>]*>)', page)
    out = []
    for i in range(0, len(pieces), 3):
        out.append(re.sub(
            r'\S+', lambda found: change(html.unescape(found.group())),
            pieces[i]))
        if i + 1 < len(pieces):
            out.append(pieces[i + 1])
    return ''.join(out)
