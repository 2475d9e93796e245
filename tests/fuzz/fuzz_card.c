/*
 * Any bytes as a model's card, as they are and with their checksum made
 * right; what is read must come back the same when it is saved.
 */
#include <glib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/card.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* NULL when it is refused. */
static struct card *
load(const void *data, size_t size)
{
	int fd = memfd_create("card", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	g_autoptr(GError) error = NULL;
	struct card *card;

	g_assert(write(fd, data, size) == (ssize_t)size);
	card = card_load(path, &error);
	close(fd);
	g_assert((card == NULL) == (error != NULL));
	g_assert(card || g_str_has_prefix(error->message, path));
	return card;
}

static void
check(const struct card *card)
{
	g_assert(card->id[0] != '\0');
	g_assert(strlen(card->sha_model) == 64);
	g_assert(card->sha_terms ? strlen(card->sha_terms) == 64
				 : card->adapts.starters != NULL);
	g_assert(card->sigmoid.a < 0 && isfinite(card->sigmoid.a));
	g_assert(isfinite(card->sigmoid.b));
	g_assert(card->n_probes > 0 && card->n_probes <= CARD_PROBES_MAX);
	for (guint i = 0; i < card->n_probes; i++) {
		const struct vector *vector = &card->probes[i].vector;

		g_assert(isfinite(card->probes[i].decision));
		for (guint k = 1; k < vector->n; k++)
			g_assert(vector->items[k - 1].index <
				 vector->items[k].index);
	}
}

static void
load_sealed(const char *data, size_t size)
{
	g_autoptr(GString) text = g_string_new_len(data, (gssize)size);
	g_autofree char *sum = NULL;
	g_autoptr(Card) card = NULL;

	if (size == 0 || data[size - 1] != '\n')
		g_string_append_c(text, '\n');
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
					  (const guchar *)text->str, text->len);
	g_string_append_printf(text, "checksum: %s\n", sum);
	card = load(text->str, text->len);
	if (card)
		check(card);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	card_free(load(data, size));
	load_sealed((const char *)data, size);
	return 0;
}
