#include "network_private.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/error.h"

/* Where an IPv4 address begins in its mapped form (RFC 4291 section 2.5.5.2).
 */
#define MAPPED_BITS 96

static const guint8 mapped[12] = { [10] = 0xff, [11] = 0xff };

/* Both families in one form, so that a mapped client matches an IPv4 network.
 */
static gboolean
address_parse(const char *text, guint8 address[16])
{
	if (inet_pton(AF_INET6, text, address) == 1)
		return TRUE;
	memcpy(address, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, address + sizeof(mapped)) == 1;
}

/* Up to 128, in digits alone. */
static gboolean
bits_parse(const char *text, guint *bits)
{
	guint value = 0;

	if (*text == '\0')
		return FALSE;
	for (; *text != '\0'; text++) {
		if (!g_ascii_isdigit(*text))
			return FALSE;
		value = value * 10 + (guint)(*text - '0');
		if (value > 128)
			return FALSE;
	}
	*bits = value;
	return TRUE;
}

static void
address_mask(guint8 address[16], guint bits)
{
	for (guint i = 0; i < 16; i++) {
		guint keep = bits > i * 8 ? MIN(bits - i * 8, 8) : 0;

		address[i] &= (guint8)(0xff << (8 - keep));
	}
}

static gboolean
refuse(GError **error, const char *text)
{
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "'%s' is not a network: an address and the number of its "
		    "fixed bits is needed, as in 10.0.0.0/8 or 2001:db8::/32",
		    text);
	return FALSE;
}

static gboolean
refuse_host_bits(GError **error, const char *text, const guint8 address[16],
		 gboolean v4)
{
	char shown[INET6_ADDRSTRLEN] = "";

	if (v4)
		inet_ntop(AF_INET, address + sizeof(mapped), shown,
			  sizeof(shown));
	else
		inet_ntop(AF_INET6, address, shown, sizeof(shown));
	g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
		    "'%s' has bits set behind its prefix; did you mean '%s%s'?",
		    text, shown, strchr(text, '/'));
	return FALSE;
}

gboolean
network_parse(const char *text, struct network *network, GError **error)
{
	const char *slash = strchr(text, '/');
	const gsize len = slash ? (gsize)(slash - text) : strlen(text);
	gboolean v4 = strchr(text, ':') == NULL;
	guint bits = v4 ? 32 : 128;
	char address[INET6_ADDRSTRLEN] = "";
	struct network result;
	guint8 first[16];

	/* Asked of each client for each network: nothing is allocated. */
	if (len < sizeof(address))
		g_strlcpy(address, text, len + 1);
	if (!address_parse(address, result.address))
		return refuse(error, text);
	if (slash && (!bits_parse(slash + 1, &bits) || bits > (v4 ? 32 : 128)))
		return refuse(error, text);
	if (bits == 0) {
		g_set_error(error, BASE_ERROR, BASE_ERROR_INVALID,
			    "'%s' would name every address there is", text);
		return FALSE;
	}
	result.bits = bits + (v4 ? MAPPED_BITS : 0);
	memcpy(first, result.address, sizeof(first));
	address_mask(first, result.bits);
	if (memcmp(first, result.address, sizeof(first)) != 0)
		return refuse_host_bits(error, text, first, v4);
	*network = result;
	return TRUE;
}

static gboolean
network_has(const struct network *network, const guint8 ip[16])
{
	guint8 address[16];

	memcpy(address, ip, sizeof(address));
	address_mask(address, network->bits);
	return memcmp(address, network->address, sizeof(address)) == 0;
}

gboolean
network_listed(char *const *networks, const char *ip)
{
	guint8 address[16];

	if (!address_parse(ip, address))
		return FALSE;
	for (; *networks; networks++) {
		struct network network;

		if (network_parse(*networks, &network, NULL) &&
		    network_has(&network, address))
			return TRUE;
	}
	return FALSE;
}
