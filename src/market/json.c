#include "market/json.h"

#include "base/clock.h"

json_t *
text_json(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);

	return json_string(valid);
}

json_t *
time_json(gint64 time_us)
{
	g_autofree char *when = time_us > 0 ? clock_format(time_us) : NULL;

	return when ? json_string(when) : json_null();
}
