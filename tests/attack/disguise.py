"""Ways of writing words so that a person reads them and a program does not."""
import base64
import html

from letter import Part, html_words, text_words

ZERO_WIDTH = '\u200b\u200c\u200d\u2060\ufeff'
CYRILLIC = dict(zip('aceopxyijsABEKMHOPCTXSJI', 'асеорхуіјѕАВЕКМНОРСТХЅЈІ'))
GREEK = dict(zip('oviABEZHIKMNOPTYX', 'ονιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ'))


def mathematical(char):
    """In bold letters for formulas."""
    if 'a' <= char <= 'z':
        return chr(0x1d41a + ord(char) - ord('a'))
    if 'A' <= char <= 'Z':
        return chr(0x1d400 + ord(char) - ord('A'))
    return char


def fullwidth(char):
    return chr(ord(char) + 0xfee0) if '!' <= char <= '~' else char


def both(letter, change):
    """Text, page and subject; `change` takes a word of plain characters."""
    if letter.text is not None:
        letter.text = text_words(letter.text, change)
    if letter.html is not None:
        letter.html = html_words(letter.html, lambda word:
                                 html.escape(change(word), quote=False))
    letter.subject = text_words(letter.subject, change)


def zero_width(letter, context):
    def change(word):
        if len(word) < 4:
            return word
        at = context.rng.randrange(1, len(word) - 1)
        return word[:at] + context.rng.choice(ZERO_WIDTH) + word[at:]
    both(letter, change)


def zero_width_dense(letter, _context):
    both(letter, '\u200b'.join)


def soft_hyphens(letter, context):
    def change(word):
        if len(word) < 4:
            return word
        at = context.rng.randrange(1, len(word) - 1)
        return word[:at] + '\u00ad' + word[at:]
    both(letter, change)


def twins(table, share):
    def trick(letter, context):
        def change(word):
            if len(word) < 3:
                return word
            return ''.join(table[c] if c in table and
                           context.rng.random() < share else c for c in word)
        both(letter, change)
    return trick


def letters(function):
    def trick(letter, _context):
        both(letter, lambda word: ''.join(map(function, word)))
    return trick


def entities(pattern):
    """Every letter of the page as a character reference."""
    def trick(letter, _context):
        letter.html = html_words(letter.as_html(), lambda word: ''.join(
            pattern % ord(c) for c in word))
        letter.text = None
    return trick


def tags_split(letter, context):
    """<b>E</b>D<i>R</i>"""
    def change(word):
        out = ''
        for char in word:
            tag = context.rng.choice(['b', 'i', 'span', 'font', ''])
            char = html.escape(char, quote=False)
            out += '<%s>%s</%s>' % (tag, char, tag) if tag else char
        return out
    letter.html = html_words(letter.as_html(), change)
    letter.text = None


def comments_split(letter, _context):
    letter.html = html_words(letter.as_html(), lambda word: '<!---->'.join(
        html.escape(c, quote=False) for c in word))
    letter.text = None


def empty_split(letter, _context):
    """Words cut by elements that show nothing, hidden letters in them."""
    def change(word):
        half = len(word) // 2
        if half < 2:
            return html.escape(word, quote=False)
        return ('%s<span style="display:none">xq</span>%s' % (
            html.escape(word[:half], quote=False),
            html.escape(word[half:], quote=False)))
    letter.html = html_words(letter.as_html(), change)
    letter.text = None


def override(letter, _context):
    """Letters backwards, turned round for the eye by U+202E."""
    both(letter, lambda word: '\u202e%s\u202c' % word[::-1]
         if len(word) > 3 and word.isalpha() else word)


def base64_all(letter, _context):
    letter.encoding = 'base64'
    subject = letter.subject
    letter.subject = subject


def soft_breaks(letter, _context):
    """Quoted-printable with a soft line break inside every word."""
    def encode(text):
        out, column = b'', 0
        for byte in text.encode('utf-8'):
            if byte == 10:
                out, column = out + b'\n', 0
                continue
            out += (b'=%02X' % byte if byte == 61 or byte > 126 or byte < 32
                    or byte == 32 else bytes([byte]))
            column += 1
            if column == 5:
                out, column = out + b'=\n', 0
        return out
    letter.parts = [Part(subtype, encode(text), encoding='as-is-qp')
                    for subtype, text in (('plain', letter.text),
                                          ('html', letter.html))
                    if text is not None]


def charset(label, codec, utf7=False):
    """Text in one character set, labelled as another or oddly."""
    def trick(letter, _context):
        letter.parts = []
        for subtype, text in (('plain', letter.text), ('html', letter.html)):
            if text is None:
                continue
            data = text.encode('utf-7' if utf7 else codec, 'replace')
            letter.parts.append(Part(subtype, data, charset=label,
                                     encoding='base64'))
    return trick


def utf7_words(letter, _context):
    """Every word in UTF-7's base64, as "+AEQ-": readers decode it or show
    rubbish."""
    def change(word):
        data = base64.b64encode(word.encode('utf-16-be')).rstrip(b'=')
        return '+%s-' % data.decode('ascii')
    text = text_words(letter.visible(), change)
    letter.html = letter.text = None
    letter.parts = [Part('plain', text, charset='utf-7')]
