#include "base/id.h"

#include <string.h>
#include <sys/random.h>

#include "base/clock.h"

#define TIME_LEN     10
#define RANDOM_BYTES 10

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static void
encode(guint64 value, guint len, char *text)
{
	while (len > 0) {
		text[--len] = alphabet[value & 31];
		value >>= 5;
	}
}

static guint64
five_bytes(const guint8 *bytes)
{
	guint64 value = 0;

	for (guint i = 0; i < 5; i++)
		value = value << 8 | bytes[i];
	return value;
}

void
id_new(char id[ID_LEN + 1])
{
	guint8 random[RANDOM_BYTES];

	/* Under 256 bytes it is whole or, before the pool is ready, waits. */
	g_assert(getrandom(random, sizeof(random), 0) == sizeof(random));
	encode((guint64)clock_now_us() / 1000, TIME_LEN, id);
	encode(five_bytes(random), 8, id + TIME_LEN);
	encode(five_bytes(random + 5), 8, id + TIME_LEN + 8);
	id[ID_LEN] = '\0';
}

void
id_floor(gint64 time_us, char id[ID_LEN + 1])
{
	encode((guint64)MAX(time_us, 0) / 1000, TIME_LEN, id);
	encode(0, ID_LEN - TIME_LEN, id + TIME_LEN);
	id[ID_LEN] = '\0';
}

gboolean
id_valid(const char *id)
{
	return strlen(id) == ID_LEN && strspn(id, alphabet) == ID_LEN;
}
