#!/bin/sh
# House rules no compiler checks. Prints each breach; exits 1 if there is any.
# usage: rules.sh [root]
cd "${1:-.}" || exit 2
found=0
breach() {
	printf '%s\n' "$*"
	found=1
}

# A folder may include only itself and those after the colon.
while IFS=: read -r folder allowed; do
	for use in $(cat "src/$folder"/*.[ch] "include/$folder"/*.h 2>/dev/null |
		sed -n 's|^#include "\([a-z]*\)/.*|\1|p' | sort -u); do
		case " $folder $allowed " in
		*" $use "*) ;;
		*) breach "layers: $folder must not include $use/" ;;
		esac
	done
done <<'LAYERS'
base:
mail:base
text:base
profile:base mail embedded
store:base
features:base mail text profile
model:base mail text profile features
screen:base mail text profile features model store
review:base mail text profile features model store screen
market:base mail text profile features model store screen review
milter:base mail text profile features model store screen
web:base mail text profile features model store screen review embedded market
cli:base mail text profile features model store screen review market
LAYERS

# A third-party header is named in one folder (and file) only.
while read -r header place; do
	for f in $(grep -lE "#include <(.*/)?$header>" -r src include 2>/dev/null); do
		# shellcheck disable=SC2254  # the place is a pattern
		case $f in $place) ;; *) breach "wrap: $f includes <$header>" ;; esac
	done
done <<'WRAPS'
svm.h src/model/svm.c
microhttpd.h src/web/*
mfapi.h src/milter/*
sqlite3.h src/store/sqlite*
libpq-fe.h src/store/pg_*
yaml.h src/profile/yaml.c
curl.h src/*/[shw][mto][tpr][pd]*.c
libstemmer.h src/text/stem.c
libpsl.h src/mail/*
gmime.h src/mail/*
HTMLparser.h src/mail/*
parser.h src/market/feed_xml.c
WRAPS

banned='sprintf|vsprintf|strcpy|strcat|strncpy|strncat|strtok|gets|atoi|atol|atof|sscanf|malloc|calloc|realloc|strdup|strndup|asprintf|localtime|gmtime|rand|setlocale|system|popen'
for f in src/*/*.c; do
	hits=$(grep -nE "(^|[^A-Za-z0-9_>.])($banned)\(" "$f") &&
		breach "banned: $f: $hits"
	lines=$(wc -l <"$f")
	[ "$lines" -le 500 ] || breach "size: $f has $lines lines, 500 is the limit"
done
exit $found
