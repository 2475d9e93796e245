#!/usr/bin/env python3
"""What the tables take, and the pages that each statement reads, by size.

    sizing.py ask SIZING-PROGRAM BUYERS TIMES LOG URL...    prints JSON
    sizing.py table JSON-FILE...                            and that as text

`ask` runs "sizing ask" on each store, PostgreSQL's once more with auto_explain
(LOG is the server's own), so that what is counted are the pages that PostgreSQL
came by, in its memory or not: they do not depend on how busy the machine is.
"""
import json
import os
import re
import statistics
import subprocess
import sys
from collections import defaultdict

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'lib'))
from shards import plans  # noqa: E402

EXPLAIN = ('session_preload_libraries=auto_explain', 'auto_explain.log_min_duration=0',
           'auto_explain.log_analyze=on', 'auto_explain.log_timing=off', 'auto_explain.log_buffers=on',
           'auto_explain.log_nested_statements=on', 'auto_explain.log_format=json')
SIZES = """SELECT coalesce(parent.relname, c.relname), sum(pg_table_size(c.oid)), sum(pg_indexes_size(c.oid)),
    sum(greatest(c.reltuples, 0))
    FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class parent ON parent.oid = i.inhparent
    WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace GROUP BY 1 ORDER BY 1"""


def timed(program, url, buyers, times):
    # What it could not do ends it; what came before counts.
    run = subprocess.run([program, 'ask', url, buyers, times], check=False, stdout=subprocess.PIPE, text=True)
    found = {}
    for line in run.stdout.splitlines()[1:]:
        name, *figures = re.split(r'  +', line.strip())
        found[name] = [int(f) for f in figures]
    return found


def explained(url):
    options = ' '.join('-c ' + option for option in EXPLAIN)
    return url + '&options=' + options.replace('=', '%3D').replace(' ', '%20')


def pages(program, url, buyers, times, log):
    begin = os.path.getsize(log)
    timed(program, explained(url), buyers, times)
    found = defaultdict(list)
    with open(log, encoding='utf-8', errors='replace') as lines:
        lines.seek(begin)
        for plan in plans(lines):
            top = plan['Plan']
            text = ' '.join(plan['Query Text'].split())
            found[text].append(top['Shared Hit Blocks'] + top['Shared Read Blocks'])
    return {text: [len(n), statistics.median(n), max(n)] for text, n in found.items()}


def sizes(url):
    out = subprocess.run(['psql', '-XAtF', ' ', '-d', url, '-c', SIZES], check=True, capture_output=True, text=True)
    return {name: [int(table), int(index), int(float(rows))]
            for name, table, index, rows in (line.split() for line in out.stdout.splitlines())}


def ask(program, buyers, times, log, *urls):
    found = {}
    for url in urls:
        found[url] = {'times': timed(program, url, buyers, times)}
        if url.startswith('postgresql:'):
            found[url].update(pages=pages(program, url, buyers, times, log), sizes=sizes(url))
    json.dump(found, sys.stdout, indent=1)


def table(*names):
    stores = {}
    for name in names:
        with open(name, encoding='utf-8') as lines:
            stores.update(json.load(lines))
    for number, url in enumerate(stores):
        print(f'{number}: {url}')
    for part in ('times', 'pages', 'sizes'):
        rows = sorted({row for store in stores.values() for row in store.get(part, {})})
        print(f'\n{part}')
        for row in rows:
            figures = [store.get(part, {}).get(row, ['-']) for store in stores.values()]
            print(' | '.join(' '.join(f'{f:>6}' for f in one) for one in figures), row[:150])


def main():
    return {'ask': ask, 'table': table}[sys.argv[1]](*sys.argv[2:])


if __name__ == '__main__':
    sys.exit(main())
