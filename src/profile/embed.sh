#!/bin/sh
# Turns text files into a C table of their names and bytes, on standard output.
# usage: embed.sh TABLE FILE...
set -eu
table=$1
shift
echo "/* Made by embed.sh from: $* */"
n=0
for file; do
	printf 'static const unsigned char %s_%d[] = {\n' "$table" "$n"
	od -An -v -tx1 "$file" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
	echo '0x00 };'
	n=$((n + 1))
done
printf 'static const struct embedded %s[] = {\n' "$table"
n=0
for file; do
	name=${file##*/}
	printf '{ "%s", %s_%d, sizeof(%s_%d) - 1 },\n' "${name%.*}" \
		"$table" "$n" "$table" "$n"
	n=$((n + 1))
done
echo '{ 0 } };'
