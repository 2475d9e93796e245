#!/usr/bin/python3
"""A bench's figures as one page that needs nothing beside it.

    report.py FOLDER      draws FOLDER/report.html from FOLDER/report.json
"""
import html
import json
import os
import sys

import measure
import plots
import targets
from plots import number

HERE = os.path.dirname(os.path.abspath(__file__))
STYLE = {'null-noreply': 'null', 'null-full': 'null', 'rspamd': 'rspamd',
         'rspamd-bayes': 'bayes', 'bogofilter': 'bogo', 'spamassassin': 'sa',
         'pitchward-enforce': 'held', 'quarantine': 'held', 'none': 'null'}
GRID = 'null', 'ours', 'rspamd', 'spamassassin'
TOP = 25


def escape(value):
    return html.escape(str(value))


def style(system):
    return STYLE.get(system, 'ours')


class Figures:
    """Rows of all rounds, put together by system and load."""

    def __init__(self, whole):
        self.rows = whole['rows']

    def groups(self, *names):
        """(first row, rows of all rounds), parts in this order, systems as
        they first came, then by rate and connections."""
        found, order = {}, {}
        for name in names:
            for row in self.rows:
                if row['part'] == name:
                    place = order.setdefault((name, row['system']), len(order))
                    found.setdefault((place, row.get('rate', 0),
                                      row['connections']), []).append(row)
        return [(rows[0], rows) for _, rows in sorted(
            found.items(), key=lambda item: item[0])]


def median(rows, key):
    return measure.spread(row.get(key, 0) for row in rows)['median']


def cell(rows, key, unit=1):
    """Median, and below it the least and most."""
    values = measure.spread(row.get(key, 0) / unit for row in rows)
    if not values['max']:
        return '-'
    if values['runs'] == 1 or values['min'] == values['max']:
        return number(values['median'])
    return '%s<br><small class="soft">%s – %s</small>' % tuple(
        number(values[name]) for name in ('median', 'min', 'max'))


def table(caption, heads, rows, name=''):
    body = ''.join('<tr><th scope="row">%s</th>%s</tr>' % (
        row[0], ''.join('<td>%s</td>' % value for value in row[1:]))
        for row in rows)
    return ('<div class="wide" tabindex="0" role="region" aria-label="%s">'
            '<table class="%s"><caption>%s</caption><thead><tr>%s</tr></thead>'
            '<tbody>%s</tbody></table></div>' % (
                escape(caption), name, escape(caption), ''.join(
                    '<th scope="col">%s</th>' % escape(h) for h in heads), body))


def figure(caption, svg):
    if not svg:
        return ''
    return '<figure><figcaption>%s</figcaption>%s</figure>' % (
        escape(caption), svg)


def section(title, *parts):
    body = ''.join(parts)
    return '<section><h2>%s</h2>%s</section>' % (escape(title), body) if body else ''


def pair(left, right):
    return '<div class="pair">%s<div>%s</div></div>' % (left, right)


def shown_targets(whole):
    items = []
    for target in targets.judge(whole):
        got = target['got']
        text = '<b>%s %s</b>' % (number(got['median']), escape(target['unit']))
        if got['runs'] > 1:
            text += ' <span class="soft">(%s – %s in %d)</span>' % (
                number(got['min']), number(got['max']), got['runs'])
        items.append('<li><h3>%s</h3><p>%s, wanted %s: %s</p>%s</li>' % (
            escape(target['words']), text, escape(target['wanted']),
            '<b class="reached">reached</b>' if target['reached']
            else '<b class="missed">not reached</b>',
            '<p class="soft">%s</p>' % escape(target['reason'])
            if target['reason'] else ''))
    return section('Targets', '<p>Medians, with the least and most.</p>'
                   '<ul class="targets">%s</ul>' % ''.join(items)) if items else ''


def costs(figures):
    found = [(first, rows) for first, rows in figures.groups(*GRID, 'bulk')
             if first['connections'] == 1]
    if not found:
        return ''
    base = {first['system']: median(rows, 'cpu_us') for first, rows in found}
    null, ours = base.get('null-noreply'), base.get('pitchward-observe')
    rows = [(escape(first['label']), cell(rows, 'cpu_us'),
             cell(rows, 'user_us'), cell(rows, 'system_us'),
             number(base[first['system']] / null) if null else '-',
             number(base[first['system']] / ours) if ours else '-')
            for first, rows in found]
    drawn = sorted(((first['label'], base[first['system']],
                     style(first['system'])) for first, _ in found),
                   key=lambda bar: bar[1])
    return section(
        'Processor time a message',
        '<p>User and system time of all processes of the filter, from their '
        'own CPU clocks, at one connection, with the load on the same '
        'processor. In bulk: one process over files, its start left out.</p>',
        pair(figure('CPU a message', plots.bars(drawn, 'µs', log=True)),
             table('CPU a message, µs', ('filter', 'all', 'user', 'system',
                                         '× null', '× ours'), rows)))


def loads(figures):
    found = figures.groups(*GRID)
    xs = sorted({first['connections'] for first, _ in found})
    if len(xs) < 2:
        return ''

    def series(key, unit=1):
        drawn = {}
        for first, rows in found:
            entry = drawn.setdefault(first['system'], (
                first['label'], style(first['system']), {}))
            entry[2][first['connections']] = median(rows, key) / unit
        return [entry for system, entry in drawn.items()
                if system != 'null-full']

    rows = [(escape(first['label']), first['connections'],
             cell(rows, 'per_s'), cell(rows, 'p50_us', 1000),
             cell(rows, 'p95_us', 1000), cell(rows, 'p99_us', 1000),
             cell(rows, 'max_us', 1000), cell(rows, 'cpu_us'))
            for first, rows in found]
    return section(
        'Throughput and latency by connections',
        '<p>One connection shares one processor with the load; more have two '
        'processors. Every connection sends its next message at once, so '
        'latency at 64 is mostly waiting for the other 63.</p>',
        '<div class="two">', figure('Messages a second', plots.lines(
            series('per_s'), xs, '/s')),
        figure('Latency in ms: 99 of 100 messages are faster',
               plots.lines(series('p99_us', 1000), xs, 'ms')), '</div>',
        table('Latency in ms, CPU a message in µs',
              ('filter', 'connections', 'messages/s', 'p50', 'p95', 'p99',
               'slowest', 'CPU'), rows))


def quarantine(whole, figures):
    found = figures.groups('durable')
    if not found:
        return ''
    rows, drawn = [], []
    for first, group in found:
        label = '%d at %s' % (first['connections'], '%d/s' % first['rate']
                              if first.get('rate') else 'full speed')
        rows.append((label, cell(group, 'per_s'), cell(group, 'p50_us', 1000),
                     cell(group, 'p95_us', 1000), cell(group, 'p99_us', 1000),
                     cell(group, 'max_us', 1000), '%s %%' % number(
                         100 * sum(row['quarantined'] for row in group) /
                         sum(row['messages'] for row in group))))
        drawn.append((label, median(group, 'p99_us') / 1000, 'held'))
    disk = whole['notes'].get('fdatasync', [])
    words = ('' if not disk else '<p>The disk alone, 4 kB written and synced, '
             'one after another: p50 %s, p99 %s µs.</p>' % (
                 number(median(disk, 'p50_us')), number(median(disk, 'p99_us'))))
    return section(
        'Quarantine with a durable commit',
        '<p>Mode enforce; every message is a different offer that is held, and '
        'is answered only when its commit is on the disk. With a rate given, '
        'latency is from when a message was due.</p>', words,
        pair(figure('p99 in ms, by connections', plots.bars(drawn, 'ms', mark=(20, '20 ms'))),
             table('Latency in ms', ('connections', 'messages/s', 'p50', 'p95',
                                     'p99', 'slowest', 'held'), rows)))


def memory(figures):
    found = [(first, rows) for first, rows in figures.groups(
        *GRID, 'profiles', 'bulk')
             if first['connections'] in (1, 64) and first.get('peak_kb')]
    last = {}
    for first, rows in found:
        last[first['part'], first['system']] = first, rows
    if not last:
        return ''
    rows = [(escape(first['label']), cell(rows, 'pss_kb'), cell(rows, 'rss_kb'),
             cell(rows, 'peak_kb')) for first, rows in last.values()]
    drawn = sorted(((first['label'], median(rows, 'pss_kb') / 1024 or
                     median(rows, 'peak_kb') / 1024, style(first['system']))
                    for first, rows in last.values()), key=lambda bar: bar[1])
    return section(
        'Memory',
        '<p>All processes of the filter after its last load. Proportional '
        '(PSS) divides shared pages among those who share them; resident and '
        'its peak count them in each process.</p>',
        pair(figure('Proportional; in bulk the peak', plots.bars(drawn, 'MB', log=True)),
             table('kB', ('filter', 'proportional', 'resident', 'peak'), rows)))


def end_to_end(figures):
    found = figures.groups('postfix')
    if not found:
        return ''
    rows = [('%s, %d session%s' % (
        escape(first['label']), first['connections'],
        's' * (first['connections'] > 1)), cell(rows, 'per_s'),
             number(1e6 / median(rows, 'per_s') * first['connections']),
             cell(rows, 'postfix_us'), cell(rows, 'cpu_us'))
            for first, rows in found]
    drawn = [('%s, %d' % (first['label'], first['connections']),
              median(rows, 'per_s'), style(first['system']))
             for first, rows in found]
    return section(
        'Through Postfix',
        '<p>smtp-source, one message of the mean size again and again, to a '
        'private Postfix with a listener for each filter; what it accepts it '
        'throws away. All on two processors.</p>',
        pair(figure('Messages a second, by sessions', plots.bars(drawn, '/s')),
             table('Times in µs', ('filter', 'messages/s', 'a message takes', 'CPU of Postfix',
                          'CPU of the filter'), rows)))


def buyers(figures):
    rows = [(escape(first['label']), cell(rows, 'cpu_us'), cell(rows, 'p50_us'),
             cell(rows, 'p99_us'), cell(rows, 'peak_kb'), cell(rows, 'pss_kb'))
            for first, rows in figures.groups('profiles')]
    return rows and section('Ours with more profiles', table(
        'One connection; µs and kB', ('profiles', 'CPU', 'p50', 'p99', 'peak resident',
                                      'proportional'), rows)) or ''


def functions(title, rows, words):
    if not rows:
        return ''
    places = {}
    rows = [dict(row, where='Linux' if row['where'].startswith('[k')
                 else row['where']) for row in rows]
    for row in rows:
        places[row['where']] = places.get(row['where'], 0) + row['percent']
    places = sorted(places.items(), key=lambda place: -place[1])
    drawn = [(name, share, 'ours' if name.startswith('pitchward') else 'null')
             for name, share in places if share >= .5]
    return section(
        title, '<p>Samples of the worker\'s CPU clock (perf), one connection, '
        '%s: %d functions in all.</p>' % (words, len(rows)),
        pair(figure('By program, library and kernel', plots.bars(drawn, '%')),
             table('The %d largest, %s' % (TOP, words), ('function', '%', 'in'), [
                 ('<code>%s</code>' % escape(row['function']),
                  number(row['percent']), escape(row['where']))
                 for row in rows[:TOP]])))


def method(whole):
    about = whole['machine']
    busy = [row['others'] for row in whole['rows'] if 'others' in row]
    items = ['%s, %d processors, %s GB; Linux %s' % (
        escape(about['processor']), about['processors'],
        number(about['memory_gb']), escape(about['kernel'])),
             'Commit %s%s; %s' % (escape(about['commit']), ' and changes'
                                  if about['changed'] else '',
                                  escape(about['compiler'])),
             escape(', '.join('%s %s' % pair
                              for pair in sorted(about['packages'].items()))),
             'SpamAssassin corpus, %s bytes a message; every load of a round '
             'has messages of its own, the same for all systems' % number(
                 whole['mean_bytes']),
             'Parts: %s. %s s in all' % (escape(', '.join(
                 '%s %s s' % (name, number(took))
                 for name, took in whole['took_s'].items())),
                                         number(whole['seconds']))]
    if busy:
        busy = measure.spread(busy)
        items.append('Processors that others kept busy during the loads: '
                     'median %.2f, most %.2f; load average before: %.2f. Above '
                     '0.1 times are worth little, ratios less.' % (
                         busy['median'], busy['max'], about['load_before']))
    if whole['quick']:
        items.append('A quick run: few messages, one round.')
    items += ['Not measured: %s: %s' % (escape(name), escape(why))
              for name, why in whole['skipped'].items()]
    learned = whole['notes'].get('rspamd learned')
    if learned:
        items.append('rspamd learned %s' % escape(', '.join(
            '%d %s' % (count, kind) for kind, count in learned.items())))
    items.append('Every figure of every round: report.json beside this page.')
    return section('Machine and method', '<ul>%s</ul>' % ''.join(
        '<li>%s</li>' % item for item in items))


def page(whole):
    figures = Figures(whole)
    with open(os.path.join(HERE, 'report.css')) as file:
        css = file.read()
    notes = whole['notes']
    pages = notes.get('pages')
    body = [shown_targets(whole), costs(figures), loads(figures),
            quarantine(whole, figures), end_to_end(figures), memory(figures),
            buyers(figures),
            functions('Where the time goes', notes.get('profile'),
                      'mode observe'),
            functions('Where the time of quarantine goes',
                      notes.get('profile of quarantine'), 'every mail held'),
            section('The pages at many held messages', '<pre tabindex="0">%s'
                    '</pre>' % escape(pages)) if pages else '', method(whole)]
    return ('<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            '<title>Pitchward: speed beside its peers</title><style>%s</style>'
            '</head><body><main><h1>Speed, beside the peers</h1>'
            '<p class="soft">%s, %d round%s in alternating order</p>%s</main>'
            '</body></html>\n' % (css, escape(whole['date']), whole['rounds'],
                                  's' * (whole['rounds'] > 1), ''.join(body)))


def write(whole, folder):
    whole['targets'] = targets.judge(whole)
    measure.save(os.path.join(folder, 'report.json'), whole)
    path = os.path.join(folder, 'report.html')
    with open(path, 'w') as file:
        file.write(page(whole))
    for target in whole['targets']:
        print('%-60s %9s %-6s [%s] %s' % (
            target['words'], number(target['got']['median']), target['unit'],
            target['wanted'], '' if target['reached'] else 'NOT REACHED'))
    print(path)


def main():
    with open(os.path.join(sys.argv[1], 'report.json')) as file:
        write(json.load(file), sys.argv[1])


if __name__ == '__main__':
    main()
