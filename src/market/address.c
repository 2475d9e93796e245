/* Which addresses are of the public internet (IANA's special-purpose
 * registries, RFC 6890). */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "market/http.h"

struct block4 {
	guint32 net;
	guint bits;
};

#define NET4(a, b, c, d)                                                       \
	((guint32)(a) << 24 | (guint32)(b) << 16 | (guint32)(c) << 8 |         \
	 (guint32)(d))

static const struct block4 denied4[] = {
	{ NET4(0, 0, 0, 0), 8 },       /* this network */
	{ NET4(10, 0, 0, 0), 8 },      /* private */
	{ NET4(100, 64, 0, 0), 10 },   /* carriers' address translation */
	{ NET4(127, 0, 0, 0), 8 },     /* loopback */
	{ NET4(169, 254, 0, 0), 16 },  /* link-local: clouds' metadata */
	{ NET4(172, 16, 0, 0), 12 },   /* private */
	{ NET4(192, 0, 0, 0), 24 },    /* protocol assignments */
	{ NET4(192, 0, 2, 0), 24 },    /* documentation */
	{ NET4(192, 31, 196, 0), 24 }, /* AS112 */
	{ NET4(192, 52, 193, 0), 24 }, /* AMT */
	{ NET4(192, 88, 99, 0), 24 },  /* 6to4 relays */
	{ NET4(192, 168, 0, 0), 16 },  /* private */
	{ NET4(192, 175, 48, 0), 24 }, /* AS112 */
	{ NET4(198, 18, 0, 0), 15 },   /* benchmarks */
	{ NET4(198, 51, 100, 0), 24 }, /* documentation */
	{ NET4(203, 0, 113, 0), 24 },  /* documentation */
	{ NET4(224, 0, 0, 0), 4 },     /* multicast */
	{ NET4(240, 0, 0, 0), 4 },     /* reserved, broadcast */
};

struct block6 {
	guint8 net[4]; /* no block needs more */
	guint bits;
};

/* Within 2000::/3, which alone is given out: ::1, mapped and compatible IPv4,
 * NAT64 (64:ff9b::), ULA, link-local and multicast all lie outside. */
static const struct block6 denied6[] = {
	{ { 0x20, 0x01, 0x00, 0x00 }, 23 }, /* Teredo, ORCHID, benchmarks */
	{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 }, /* documentation */
	{ { 0x20, 0x02, 0x00, 0x00 }, 16 }, /* 6to4 */
	{ { 0x26, 0x20, 0x00, 0x4f }, 32 }, /* AS112: 2620:4f:8000::/48 */
	{ { 0x3f, 0xfe, 0x00, 0x00 }, 16 }, /* 6bone, given back */
	{ { 0x3f, 0xff, 0x00, 0x00 }, 20 }, /* documentation */
};

static gboolean
is_public4(const struct sockaddr_in *in)
{
	const guint32 address = ntohl(in->sin_addr.s_addr);

	for (guint i = 0; i < G_N_ELEMENTS(denied4); i++) {
		const guint32 mask = ~(guint32)0 << (32 - denied4[i].bits);

		if ((address & mask) == denied4[i].net)
			return FALSE;
	}
	return TRUE;
}

static gboolean
begins_with(const guint8 *address, const struct block6 *block)
{
	guint bits = block->bits;

	for (guint i = 0; bits > 0; i++) {
		const guint part = MIN(bits, 8);
		const guint8 mask = (guint8)(0xff << (8 - part));

		if ((address[i] & mask) != (block->net[i] & mask))
			return FALSE;
		bits -= part;
	}
	return TRUE;
}

static gboolean
is_public6(const struct sockaddr_in6 *in6)
{
	static const struct block6 global = { { 0x20, 0, 0, 0 }, 3 };
	const guint8 *address = in6->sin6_addr.s6_addr;

	if (!begins_with(address, &global))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(denied6); i++)
		if (begins_with(address, &denied6[i]))
			return FALSE;
	return TRUE;
}

gboolean
http_address_public(const struct sockaddr *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (address->sa_family == AF_INET) {
		memcpy(&in, address, sizeof(in));
		return is_public4(&in);
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&in6, address, sizeof(in6));
		return is_public6(&in6);
	}
	return FALSE;
}

char *
http_address_format(const struct sockaddr *address)
{
	char text[INET6_ADDRSTRLEN] = "";
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (address->sa_family == AF_INET) {
		memcpy(&in, address, sizeof(in));
		inet_ntop(AF_INET, &in.sin_addr, text, sizeof(text));
		return g_strdup_printf("%s:%u", text, ntohs(in.sin_port));
	}
	if (address->sa_family == AF_INET6) {
		memcpy(&in6, address, sizeof(in6));
		inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof(text));
		return g_strdup_printf("[%s]:%u", text, ntohs(in6.sin6_port));
	}
	return g_strdup("an address of another kind");
}
