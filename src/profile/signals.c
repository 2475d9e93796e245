#include "profile/signals.h"

#include <string.h>

#include "base/embedded.h"
#include "field_private.h"
#include "mail/address.h"
#include "yaml_private.h"

#include "embedded/signals.h"

#define HOST_LEN_MAX   253
#define MAILER_LEN_MAX 256

static const char *const kind_words[SIGNAL_KINDS] = { "mailing", "engagement",
						      "tracker", "scheduler",
						      "public" };

/* A piece of a mailer's name, lower case. */
struct mailer {
	char *text;
	guint bits;
};

struct signals {
	GHashTable *hosts; /* lower case -> bits */
	GArray *mailers;
};

static void
mailer_clear(gpointer data)
{
	struct mailer *mailer = data;

	g_free(mailer->text);
}

static struct signals *
signals_new(void)
{
	struct signals *signals = g_new0(struct signals, 1);

	signals->hosts =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	signals->mailers = g_array_new(FALSE, FALSE, sizeof(struct mailer));
	g_array_set_clear_func(signals->mailers, mailer_clear);
	return signals;
}

void
signals_free(struct signals *signals)
{
	if (!signals)
		return;
	g_hash_table_unref(signals->hosts);
	g_array_unref(signals->mailers);
	g_free(signals);
}

static void
take_host(struct signals *signals, const struct yaml_node *node, guint bit)
{
	g_autofree char *host = field_domain(node);
	guint bits;

	if (!host)
		return;
	bits = GPOINTER_TO_UINT(g_hash_table_lookup(signals->hosts, host));
	if (bits & bit)
		yaml_fault(node, "'%s' is listed twice", host);
	g_hash_table_replace(signals->hosts, g_steal_pointer(&host),
			     GUINT_TO_POINTER(bits | bit));
}

static void
take_mailer(struct signals *signals, const struct yaml_node *node, guint bit)
{
	struct mailer mailer = {
		.text = g_ascii_strdown(yaml_text(node), -1),
		.bits = bit,
	};

	g_strstrip(mailer.text);
	g_array_append_val(signals->mailers, mailer);
	if (strlen(mailer.text) < 3)
		yaml_fault(node, "a mailer needs at least 3 characters, or it "
				 "would match anything");
}

static void
read_list(struct signals *signals, struct yaml_node *map, const char *key,
	  guint bit)
{
	const GPtrArray *list = yaml_get_list(map, key);

	for (guint i = 0; list && i < list->len; i++) {
		struct yaml_node *node = g_ptr_array_index(list, i);

		if (!yaml_text(node))
			yaml_refuse(node, key, "a list of texts");
		else if (strcmp(key, "hosts") == 0)
			take_host(signals, node, bit);
		else
			take_mailer(signals, node, bit);
	}
}

static struct signals *
signals_of_tree(struct yaml *yaml)
{
	g_autoptr(Signals) signals = NULL;
	struct yaml_node *root;

	if (!yaml)
		return NULL;
	signals = signals_new();
	root = yaml_root(yaml);
	field_version(root);
	for (guint kind = 0; kind < SIGNAL_KINDS; kind++) {
		struct yaml_node *map = yaml_get_map(root, kind_words[kind]);

		read_list(signals, map, "hosts", 1u << kind);
		read_list(signals, map, "mailers", 1u << kind);
	}
	yaml_finish(root);
	return yaml_failed(yaml) ? NULL : g_steal_pointer(&signals);
}

struct signals *
signals_load(const char *path, struct faults *faults)
{
	g_autoptr(Yaml) yaml = yaml_load(path, faults);

	return signals_of_tree(yaml);
}

struct signals *
signals_builtin(void)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Yaml) yaml =
		yaml_parse("signals.yaml", (const char *)signals_files[0].data,
			   signals_files[0].size, faults);
	struct signals *signals = signals_of_tree(yaml);

	g_assert(signals);
	return signals;
}

guint
signals_of_host(const struct signals *signals, const char *host)
{
	char lower[HOST_LEN_MAX + 1];
	gsize len = strlen(host);
	guint bits = 0;

	while (len > 0 && host[len - 1] == '.')
		len--;
	if (len > HOST_LEN_MAX)
		return 0;
	for (gsize i = 0; i < len; i++)
		lower[i] = g_ascii_tolower(host[i]);
	lower[len] = '\0';
	for (const char *p = lower; p; p = strchr(p, '.')) {
		if (*p == '.')
			p++;
		bits |= GPOINTER_TO_UINT(
			g_hash_table_lookup(signals->hosts, p));
	}
	return bits;
}

guint
signals_of_mailer(const struct signals *signals, const char *mailer)
{
	char lower[MAILER_LEN_MAX + 1];
	gsize len = strnlen(mailer, MAILER_LEN_MAX);
	guint bits = 0;

	for (gsize i = 0; i < len; i++)
		lower[i] = g_ascii_tolower(mailer[i]);
	lower[len] = '\0';
	for (guint i = 0; i < signals->mailers->len; i++) {
		const struct mailer *known =
			&g_array_index(signals->mailers, struct mailer, i);

		if (strstr(lower, known->text))
			bits |= known->bits;
	}
	return bits;
}
