#!/bin/sh
# shellcheck disable=SC3043  # local
# The bill of materials names every library that the programs link, with the
# licence that the checked-in list gives it; what is not in the list fails.

. "$(dirname "$0")/../lib/tap.sh"

top=$(cd "$(dirname "$0")/../.." && pwd)
BUILD=${BUILD:-$top/build}
PYTHON=${PYTHON:-/usr/bin/python3}
licences=$top/contrib/doc/LICENCES.md
[ -x "$BUILD/bin/pitchward" ] || skip_all "no $BUILD/bin/pitchward: run make"
command -v dpkg-query >/dev/null || skip_all "not on Debian"
[ -e /usr/share/doc/libcurl4/copyright ] || skip_all "packages without their documentation"

# sbom LICENCES: into $T_DIR/sbom
sbom() {
	SOURCE_DATE_EPOCH=1795305600 "$PYTHON" "$top/contrib/doc/sbom.py" 1.2.3 "$1" \
		"$BUILD/bin/pitchward" "$BUILD/bin/pitchward-milter" "$BUILD/bin/pitchward-web" >"$T_DIR/sbom"
}

# refused EDIT ERE: a list with this edit is, with these words
refused() {
	sed "$1" "$licences" >"$T_DIR/list"
	cmp -s "$T_DIR/list" "$licences" && return 1
	! sbom "$T_DIR/list" 2>"$T_DIR/err" && cat "$T_DIR/err" && grep -Eq "$2" "$T_DIR/err"
}

# What SPDX 2.3 wants of a document, and what we want in it.
whole() {
	"$PYTHON" - "$1" <<-'PYEOF'
		import json, re, sys
		with open(sys.argv[1]) as file:
		    of = json.load(file)
		assert of['spdxVersion'] == 'SPDX-2.3' and of['dataLicense'] == 'CC0-1.0'
		assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ', of['creationInfo']['created'])
		parts = of['packages'] + of['files']
		ids = [part['SPDXID'] for part in parts] + [of['SPDXID']]
		assert len(ids) == len(set(ids)), 'an id twice'
		assert all(re.fullmatch(r'SPDXRef-[A-Za-z0-9.-]+', one) for one in ids), ids
		for part in parts:
		    assert re.fullmatch(r'[A-Za-z0-9.-]+', part['licenseConcluded']), part
		for one in of['relationships']:
		    assert one['spdxElementId'] in ids and one['relatedSpdxElement'] in ids, one
		names = {part['name']: part for part in of['packages']}
		assert names['libsqlite3-0']['licenseConcluded'] == 'blessing'
		assert re.match(r'3\.', names['libsqlite3-0']['versionInfo'])
		assert 'models/real.features' in names
		assert len(of['files']) == 3 and len(names) > 15, len(names)
	PYEOF
}

ok "every library that is linked is in the list" sbom "$licences"
ok "the document is whole" whole "$T_DIR/sbom"
cp "$T_DIR/sbom" "$T_DIR/first"
ok "again" sbom "$licences"
ok "it is the same" cmp "$T_DIR/first" "$T_DIR/sbom"
ok "a library that is not in the list" refused '/^| libyaml/d' 'libyaml-0\.so\.2 is linked and not in the list'
ok "a licence that is another" refused '/^| libcurl/s/ curl |$/ MIT |/' 'libcurl4: MIT in the list, curl in its'
ok "a library of another package" refused '/^| libzstd/s/libzstd1/libc6/' 'libzstd\.so\.1 is not of package libc6'
for path in $(sed -n '/^## Data/,$s/^| \([a-z][^|]*\/[^|]*\) |.*/\1/p' "$licences" | tr -d ,); do
	ok "$path, in the list, is there" test -e "$top/$path"
done
done_testing
