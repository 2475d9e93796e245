# shellcheck shell=sh
# What is installed says where things are. To be sourced.

# installed_text ROOT: all of it, unpacked
installed_text() {
	find "$1" -type f -exec zcat -f {} +
}

# named_nowhere ROOT: files of ours below /usr that something installed there
# names, and that are not there; one a line
named_nowhere() {
	installed_text "$1" | grep -aoE '/usr/[A-Za-z0-9_./-]*pitchward[A-Za-z0-9_./-]*' | sed 's|[./-]*$||' | sort -u |
		grep -v '^/usr/lib/debug/' | while read -r place; do
			[ -e "$1$place" ] || [ -e "$1$place.gz" ] || echo "$place"
		done
}

# of_local ROOT: what is installed below another prefix and names /usr/local
of_local() {
	find "$1" -type f -exec sh -c 'for file; do zcat -f "$file" | grep -aq /usr/local && echo "$file"; done' sh {} +
}
