#!/usr/bin/python3
"""The bill of materials of what was built, as SPDX 2.3 in JSON.

usage: sbom.py VERSION LICENCES.md PROGRAM... >sbom.spdx.json

Libraries are those that the programs name themselves (NEEDED), as Debian's
packages of this machine have them; licences are LICENCES.md's. Ends with 1
when a library is not in there, or when its package's copyright file, where a
program can read it, says something else. The time is SOURCE_DATE_EPOCH's.
"""
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys

# Debian's short names, and what differs in them by upstream.
SPDX = {
    'LGPL-2.1+': 'LGPL-2.1-or-later', 'Expat': 'MIT', 'MIT-1': 'MIT',
    'BSD-3-clause': 'BSD-3-Clause', 'BSD-3-snowball': 'BSD-3-Clause', 'BSD-2-clause': 'BSD-2-Clause',
    'BSD-3-clause or GPL-2': 'BSD-3-Clause', 'other-Sendmail': 'Sendmail', 'public-domain': 'blessing',
}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def needed(program):
    return re.findall(r'\(NEEDED\).*\[(.*)\]', run('readelf', '-d', program))


def listed(path):
    """Rows of the first table (libraries) and of the second (data)."""
    tables, rows = [], None
    with open(path, encoding='utf-8') as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip('|').split('|')]
            if not line.startswith('|'):
                rows = None
            elif rows is None:
                rows = []
                tables.append(rows)
            elif not cells[0].startswith('---'):
                rows.append(cells)
    return tables


def declared(package):
    """What a machine-readable copyright file says of the package as a whole:
    the licences of its parts, where they are several."""
    with open('/usr/share/doc/%s/copyright' % package, encoding='utf-8') as file:
        text = file.read()
    if not text.startswith('Format:'):
        return []
    for part in re.split(r'\n\s*\n', text):
        files = re.search(r'^Files:\s*\*\s*$', part, re.M)
        name = re.search(r'^License: *(.+)$', part, re.M)
        if files and name:
            whole = name.group(1).strip()
            names = [whole] if whole in SPDX else whole.split(' and ')
            return [SPDX.get(one, one) for one in names]
    return []


def identifier(name):
    return 'SPDXRef-' + re.sub(r'[^A-Za-z0-9.-]', '-', name)


def software(name, version, licence, said, **more):
    return {'name': name, 'SPDXID': identifier(name), 'versionInfo': version,
            'downloadLocation': 'NOASSERTION', 'filesAnalyzed': False,
            'licenseConcluded': licence, 'licenseDeclared': said or 'NOASSERTION',
            'copyrightText': 'NOASSERTION', **more}


def library(package, licence, faults):
    version, source = run('dpkg-query', '-W', '-f', '${Version} ${source:Package}\n', package).splitlines()[0].split()
    purl = 'pkg:deb/debian/%s@%s' % (package, version.replace('+', '%2B').replace('~', '%7E'))
    said = declared(package)
    if said and licence not in said:
        faults.append('%s: %s in the list, %s in its copyright file' % (package, licence, ' and '.join(said)))
    return software(package, version, licence, said[0] if len(said) == 1 else None, sourceInfo='built from ' + source,
                    supplier='Organization: Debian',
                    externalRefs=[{'referenceCategory': 'PACKAGE-MANAGER', 'referenceType': 'purl',
                                   'referenceLocator': purl}])


def libraries(programs, rows):
    """Each package once, and the faults found."""
    known = {row[0]: (row[1], row[2]) for row in rows}
    found, faults = {}, []
    for name in sorted({name for program in programs for name in needed(program)}):
        if name not in known:
            faults.append('%s is linked and not in the list of licences' % name)
            continue
        package, licence = known[name]
        if not any(line.endswith('/' + name) for line in run('dpkg', '-L', package).splitlines()):
            faults.append('%s is not of package %s' % (name, package))
            continue
        if package not in found:
            found[package] = library(package, licence, faults)
    return list(found.values()), faults


def shipped(path):
    with open(path, 'rb') as file:
        data = file.read()
    return {'fileName': './' + os.path.basename(path), 'SPDXID': identifier('file-' + os.path.basename(path)),
            'checksums': [{'algorithm': name.upper(), 'checksumValue': hashlib.new(name, data).hexdigest()}
                          for name in ('sha1', 'sha256')],
            'licenseConcluded': 'ISC', 'copyrightText': 'NOASSERTION'}


def relation(one, kind, other):
    return {'spdxElementId': one, 'relationshipType': kind, 'relatedSpdxElement': other}


def document(version, programs, parts, data):
    main = software('pitchward', version, 'ISC', 'ISC', primaryPackagePurpose='APPLICATION')
    files = [shipped(program) for program in programs]
    digest = hashlib.sha256(json.dumps([files, parts]).encode()).hexdigest()[:32]
    made = datetime.datetime.fromtimestamp(int(os.environ.get('SOURCE_DATE_EPOCH', '0')), datetime.timezone.utc)
    corpora = [software(row[0], version, row[2], row[2], comment=row[1], primaryPackagePurpose='OTHER')
               for row in data]
    relations = [relation('SPDXRef-DOCUMENT', 'DESCRIBES', main['SPDXID'])]
    relations += [relation(main['SPDXID'], 'CONTAINS', one['SPDXID']) for one in files + corpora]
    relations += [relation(main['SPDXID'], 'DYNAMIC_LINK', one['SPDXID']) for one in parts]
    return {'spdxVersion': 'SPDX-2.3', 'dataLicense': 'CC0-1.0', 'SPDXID': 'SPDXRef-DOCUMENT',
            'name': 'pitchward-' + version,
            'documentNamespace': 'https://pitchward.example.org/spdx/%s-%s' % (version, digest),
            'creationInfo': {'created': made.strftime('%Y-%m-%dT%H:%M:%SZ'), 'creators': ['Tool: pitchward-sbom.py']},
            'packages': [main] + parts + corpora, 'files': files, 'relationships': relations}


def main():
    version, licences, *programs = sys.argv[1:]
    rows, data = listed(licences)
    parts, faults = libraries(programs, rows)
    for fault in faults:
        print('sbom:', fault, file=sys.stderr)
    json.dump(document(version, programs, parts, data), sys.stdout, indent=1)
    print()
    sys.exit(1 if faults else 0)


main()
