"""Plots as inline SVG: drawn narrow, so that they can be read on a phone, and
coloured by classes of the page's style sheet. Each has its figures in words.
"""
import html
import math

WIDTH = 360


def number(value):
    """Three significant digits, with separators of thousands."""
    if value == 0:
        return '0'
    digits = max(0, 2 - int(math.floor(math.log10(abs(value)))))
    return '{:,.{}f}'.format(round(value, digits), min(digits, 2))


def _svg(height, words, body):
    return ('<svg viewBox="0 0 %d %d" role="img" aria-label="%s">%s</svg>'
            % (WIDTH, height, html.escape(words, quote=True), ''.join(body)))


def _text(x, y, text, anchor='start', name=''):
    return '<text x="%.1f" y="%.1f" text-anchor="%s" class="%s">%s</text>' % (
        x, y, anchor, name, html.escape(text))


def bars(rows, unit, log=False, mark=None):
    """rows: (label, value, class); mark: (value, words) is a line across."""
    rows = [row for row in rows if row[1] > 0]
    if not rows:
        return ''
    most = max([value for _, value, _ in rows] + [mark[0] if mark else 0])
    least = min(value for _, value, _ in rows) / 3

    def length(value):
        if log:
            share = math.log(value / least) / math.log(most / least)
        else:
            share = value / most
        return max(1.0, share * (WIDTH - 4))

    body, y = [], 0
    for label, value, name in rows:
        body.append(_text(0, y + 12, label))
        body.append(_text(WIDTH, y + 12, '%s %s' % (number(value), unit), 'end'))
        body.append('<rect class="fill %s" x="0" y="%d" width="%.1f" '
                    'height="9" rx="2"/>' % (name, y + 17, length(value)))
        y += 34
    if mark:
        x = length(mark[0])
        body.insert(0, '<line class="mark" x1="%.1f" x2="%.1f" y1="0" y2="%d"/>'
                    % (x, x, y))
        body.append(_text(x, y + 11, mark[1],
                          'middle' if x > 20 else 'start', 'soft'))
        y += 14
    elif log:
        body.append(_text(0, y + 10, 'bars grow with the logarithm', name='soft'))
        y += 14
    words = '; '.join('%s %s %s' % (label, number(value), unit)
                      for label, value, _ in rows)
    return _svg(y + 4, words, body)


def _ticks(least, most):
    power = math.floor(math.log10(least))
    while 10 ** power <= most * 1.001:
        if 10 ** power >= least * 0.999:
            yield 10 ** power
        power += 1


def _spread_out(labels, gap=13):
    """Heights of labels, moved apart so that none hides another."""
    placed = []
    for y, text, name in sorted(labels):
        y = max(y, placed[-1][0] + gap) if placed else y
        placed.append((y, text, name))
    return placed


def lines(series, xs, unit):
    """series: (label, class, {x: value}); both axes grow with the logarithm."""
    series = [entry for entry in series if entry[2]]
    values = [v for _, _, points in series for v in points.values() if v > 0]
    if not values:
        return ''
    low, high = min(values) / 1.5, max(values) * 1.5
    top, bottom, left, right = 8, 214, 42, 212

    def place(x, value):
        across = math.log(x / xs[0]) / math.log(xs[-1] / xs[0])
        up = math.log(value / low) / math.log(high / low)
        return left + across * (right - left), bottom - up * (bottom - top)

    body = []
    for tick in _ticks(low, high):
        y = place(xs[0], tick)[1]
        body.append('<line class="grid" x1="%d" x2="%d" y1="%.1f" y2="%.1f"/>'
                    % (left, right, y, y))
        body.append(_text(left - 4, y + 4, '{:,g}'.format(tick), 'end', 'soft'))
    for x in xs:
        body.append(_text(place(x, high)[0], bottom + 15, str(x), 'middle', 'soft'))
    body.append(_text((left + right) / 2, bottom + 29, 'connections', 'middle', 'soft'))
    labels = []
    for label, name, points in series:
        dots = [place(x, points[x]) for x in xs if points.get(x, 0) > 0]
        body.append('<polyline class="line %s" points="%s"/>' % (
            name, ' '.join('%.1f,%.1f' % dot for dot in dots)))
        body += ['<circle class="fill %s" cx="%.1f" cy="%.1f" r="3"/>'
                 % ((name,) + dot) for dot in dots]
        labels.append((dots[-1][1] + 4, label, name))
    for y, label, name in _spread_out(labels):
        body.append('<rect class="fill %s" x="%d" y="%.1f" width="8" height="8"/>'
                    % (name, right + 10, y - 8))
        body.append(_text(right + 22, y, label))
    height = max([bottom + 34] + [y + 6 for y, _, _ in _spread_out(labels)])
    words = '; '.join('%s: %s' % (label, ', '.join(
        '%s %s at %d' % (number(points[x]), unit, x) for x in xs if x in points))
        for label, _, points in series)
    return _svg(height, words, body)
