#include <string.h>

#include "suggest_private.h"

/* Messages and words that make a topic of its own. */
#define TOPIC_MAILS   3
#define TOPIC_WORDS   5
#define REFUSAL_WORDS 2
#define NAME_WORDS    3

/* Senders that make one: of a priority, of a refusal. */
#define PRIORITY_SENDERS 2
#define REFUSAL_SENDERS	 3

/* Of a new priority, and letters of its id. */
#define WEIGHT_NEW 0.5
#define ID_LEN_MAX 40

guint
suggest_senders_of(const GPtrArray *mails)
{
	g_autoptr(GHashTable) senders =
		g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < mails->len; i++) {
		const struct suggest_mail *mail = mails->pdata[i];

		g_hash_table_add(senders, mail->sender);
	}
	return g_hash_table_size(senders);
}

/* Mail that is about one thing, and the words it shares. */
struct topic {
	GPtrArray *mails;
	GPtrArray *words; /* of struct suggest_finding; the first is the seed */
};

static guint
having(const GPtrArray *mails, guint64 stem)
{
	guint n = 0;

	for (guint i = 0; i < mails->len; i++)
		n += suggest_has(mails->pdata[i], stem) ? 1 : 0;
	return n;
}

/* Around the first finding; what it takes is taken out of both lists. */
static void
topic_gather(struct topic *topic, GPtrArray *pool, GPtrArray *findings)
{
	struct suggest_finding *seed = g_ptr_array_steal_index(findings, 0);

	topic->mails = g_ptr_array_new();
	topic->words = g_ptr_array_new();
	g_ptr_array_add(topic->words, seed);
	for (guint i = 0; i < pool->len; i++)
		if (suggest_has(pool->pdata[i], seed->stem))
			g_ptr_array_add(topic->mails, pool->pdata[i]);
	for (guint i = 0; i < findings->len;) {
		const struct suggest_finding *other = findings->pdata[i];

		if (topic->words->len < TOPIC_WORDS &&
		    having(topic->mails, other->stem) * 2 >= topic->mails->len)
			g_ptr_array_add(topic->words,
					g_ptr_array_steal_index(findings, i));
		else
			i++;
	}
	for (guint i = 0; i < topic->mails->len; i++)
		g_ptr_array_remove(pool, topic->mails->pdata[i]);
}

static void
topic_clear(struct topic *topic)
{
	g_ptr_array_unref(topic->mails);
	g_ptr_array_unref(topic->words);
}

/* A word of the topic that this is, among the first NAME_WORDS; or NULL. */
static const struct suggest_finding *
named(const struct topic *topic, guint64 stem)
{
	for (guint i = 0; i < MIN(topic->words->len, NAME_WORDS); i++) {
		const struct suggest_finding *word = topic->words->pdata[i];

		if (word->stem == stem)
			return word;
	}
	return NULL;
}

static void
capitalise(GString *name)
{
	const gunichar first = g_unichar_toupper(g_utf8_get_char(name->str));

	g_string_erase(name, 0, g_utf8_next_char(name->str) - name->str);
	g_string_prepend_unichar(name, first);
}

/* "Data lineage": words in the order in which the newest subject has them. */
static char *
topic_name(const struct topic *topic)
{
	const struct suggest_mail *mail = topic->mails->pdata[0];
	const struct suggest_finding *seed = topic->words->pdata[0];
	g_autoptr(GHashTable) used =
		g_hash_table_new(g_int64_hash, g_int64_equal);
	GString *name = g_string_new(NULL);

	for (guint i = 0; i < mail->words->len; i++) {
		struct suggest_word *word = mail->words->pdata[i];
		const struct suggest_finding *finding =
			named(topic, word->stem);

		if (!finding || !g_hash_table_add(used, &word->stem))
			continue;
		g_string_append_printf(name, "%s%s", name->len > 0 ? " " : "",
				       finding->shown);
	}
	/* A subject may have none: imprints tell what the text said. */
	if (name->len == 0)
		g_string_assign(name, seed->shown);
	capitalise(name);
	return g_string_free(name, FALSE);
}

static gboolean
id_taken(const struct making *making, const char *id)
{
	const struct profile *profile = making->request->profile;

	for (guint i = 0; i < profile->priorities->len; i++) {
		const struct profile_priority *one =
			profile->priorities->pdata[i];

		if (strcmp(one->id, id) == 0)
			return TRUE;
	}
	for (guint i = 0; i < making->made->len; i++) {
		const struct suggestion *one = making->made->pdata[i];

		if (one->kind == SUGGEST_PRIORITY &&
		    strcmp(one->priority, id) == 0)
			return TRUE;
	}
	return FALSE;
}

/* "data-lineage", or "topic", with a number when it is taken. */
static char *
id_for(const struct making *making, const char *name)
{
	g_autoptr(GString) id = g_string_new(NULL);
	char *result;

	for (const char *p = name; *p && id->len < ID_LEN_MAX; p++) {
		if (g_ascii_isalnum(*p))
			g_string_append_c(id, g_ascii_tolower(*p));
		else if (id->len > 0 && id->str[id->len - 1] != '-')
			g_string_append_c(id, '-');
	}
	while (id->len > 0 && id->str[id->len - 1] == '-')
		g_string_truncate(id, id->len - 1);
	if (id->len == 0)
		g_string_assign(id, "topic");
	result = g_strdup(id->str);
	for (guint n = 2; id_taken(making, result); n++) {
		g_free(result);
		result = g_strdup_printf("%s-%u", id->str, n);
	}
	return result;
}

static void
make_topic(struct making *making, const struct topic *topic,
	   enum suggest_kind kind)
{
	const gboolean wanted = kind == SUGGEST_PRIORITY;
	struct suggestion *suggestion = suggestion_new(kind, "");
	GStrvBuilder *words = g_strv_builder_new();

	g_free(suggestion->name);
	suggestion->name = topic_name(topic);
	for (guint i = 0; i < topic->words->len; i++) {
		const struct suggest_finding *word = topic->words->pdata[i];

		g_strv_builder_add(words, word->shown);
	}
	g_strfreev(suggestion->words);
	suggestion->words = g_strv_builder_end(words);
	g_strv_builder_unref(words);
	if (wanted) {
		g_free(suggestion->priority);
		suggestion->priority = id_for(making, suggestion->name);
		suggestion->weight = WEIGHT_NEW;
	}
	suggestion_count(suggestion, topic->words->pdata[0],
			 wanted ? SIDE_RELEVANT : SIDE_IRRELEVANT);
	for (guint i = 0; i < topic->mails->len; i++)
		suggestion_cite(suggestion, topic->mails->pdata[i]);
	suggestion_make(making, suggestion);
}

void
suggest_topics(struct making *making, GPtrArray *pool, GPtrArray *findings,
	       enum suggest_kind kind)
{
	const guint senders_min =
		kind == SUGGEST_REFUSAL ? REFUSAL_SENDERS : PRIORITY_SENDERS;
	const guint words_min = kind == SUGGEST_REFUSAL ? REFUSAL_WORDS : 1;

	while (findings->len > 0) {
		struct topic topic;

		topic_gather(&topic, pool, findings);
		if (topic.mails->len >= TOPIC_MAILS &&
		    topic.words->len >= words_min &&
		    suggest_senders_of(topic.mails) >= senders_min)
			make_topic(making, &topic, kind);
		topic_clear(&topic);
	}
}
