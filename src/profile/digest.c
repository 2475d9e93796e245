/* When a buyer's digest is made: a time of day, in a zone, on days. */
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "profile_private.h"
#include "yaml_private.h"

#define ZONES	       "/usr/share/zoneinfo"
#define ZONE_TABLE     ZONES "/tzdata.zi"
#define ZONE_TABLE_MAX (1 << 20)

static const char *const day_words[] = { "mon", "tue", "wed", "thu",
					 "fri", "sat", "sun", NULL };
#define WORKING_DAYS 0x1f

static gboolean
time_valid(const char *at)
{
	return strlen(at) == 5 && at[2] == ':' && g_ascii_isdigit(at[0]) &&
	       g_ascii_isdigit(at[1]) && g_ascii_isdigit(at[3]) &&
	       g_ascii_isdigit(at[4]) &&
	       (at[0] < '2' || (at[0] == '2' && at[1] < '4')) && at[3] < '6';
}

/* A relative path of plain words: it is going to be opened. */
static gboolean
zone_spelled(const char *zone)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+-/";

	return *zone && *zone != '/' && strlen(zone) < 64 &&
	       zone[strspn(zone, letters)] == '\0';
}

/* Without the distribution's zones nothing can be checked but the spelling. */
static gboolean
zone_known(const char *zone)
{
	g_autofree char *path = g_build_filename(ZONES, zone, NULL);
	g_autoptr(GBytes) bytes = NULL;
	gsize size;
	const char *data;

	if (!g_file_test(ZONES "/UTC", G_FILE_TEST_EXISTS))
		return TRUE;
	bytes = file_read(path, ZONE_TABLE_MAX, NULL);
	data = bytes ? g_bytes_get_data(bytes, &size) : NULL;
	return data && size > 4 && memcmp(data, "TZif", 4) == 0;
}

/*
 * The name that was probably meant, or NULL. In the table of zic(8)'s compact
 * form, "Z NAME ..." begins a zone and "L TARGET NAME" is another name for it.
 */
static char *
zone_nearest(const char *zone)
{
	g_autoptr(GBytes) bytes = file_read(ZONE_TABLE, ZONE_TABLE_MAX, NULL);
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	g_autofree char *text = NULL;
	gsize size = 0;
	const char *data = bytes ? g_bytes_get_data(bytes, &size) : "";

	text = g_strndup(data, size);
	for (char *line = text; line && *line;) {
		char *next = strchr(line, '\n');

		if (next)
			*next++ = '\0';
		if (g_str_has_prefix(line, "Z ")) {
			line[2 + strcspn(line + 2, " ")] = '\0';
			g_ptr_array_add(names, line + 2);
		} else if (g_str_has_prefix(line, "L ")) {
			g_ptr_array_add(names, strrchr(line, ' ') + 1);
		}
		line = next;
	}
	g_ptr_array_add(names, NULL);
	return g_strdup(nearest_word(zone, (const char *const *)names->pdata));
}

static char *
read_at(struct yaml_node *map)
{
	const char *at = yaml_get_text(map, "at", "07:30");

	if (time_valid(at))
		return g_strdup(at);
	yaml_refuse(yaml_value(map, "at"), "at", "a time of day as HH:MM");
	return g_strdup("07:30");
}

static char *
read_zone(struct yaml_node *map)
{
	const char *zone = yaml_get_text(map, "zone", "UTC");
	g_autofree char *nearest = NULL;
	g_autofree char *shown = NULL;

	if (zone_spelled(zone) && zone_known(zone))
		return g_strdup(zone);
	nearest = zone_nearest(zone);
	shown = yaml_shown(zone);
	if (nearest)
		yaml_fault(yaml_value(map, "zone"),
			   "%s is not a time zone; did you mean '%s'?", shown,
			   nearest);
	else
		yaml_fault(yaml_value(map, "zone"),
			   "%s is not a time zone: a name such as "
			   "Europe/Berlin is needed",
			   shown);
	return g_strdup("UTC");
}

void
digest_read(struct yaml_node *map, struct profile_digest *digest)
{
	digest->at = read_at(map);
	digest->zone = read_zone(map);
	digest->days = yaml_get_words(map, "days", day_words, WORKING_DAYS);
}
