/* Replaying a corpus as a stream into a store of its own. */
#include <glib/gstdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/id.h"
#include "eval_private.h"
#include "mail/address.h"
#include "screen/screen.h"

#define MESSAGE_SIZE_MAX (64 << 20)
#define HOLD_US		 (10 * CLOCK_SECOND_US)

/* First touches are in the first third, later ones in the thirds after it;
 * what is part of no known sequence, anywhere before the last of them. */
#define THIRDS 3.0

/* A stream in the making. */
struct replay {
	struct eval_stream *stream;
	struct snapshot snapshot; /* no models: others have judged */
	char *store;		  /* folder */
	struct vault *vault;
};

/* 0..1, the same in every run, and no order that a person gave the mails. */
static double
chance_of(const char *name)
{
	g_autofree char *sum =
		g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);

	sum[8] = '\0';
	return (double)g_ascii_strtoull(sum, NULL, 16) / 4294967296.0;
}

static double
position_of(const struct corpus_mail *mail)
{
	const double chance = chance_of(mail->name);

	return mail->step > 0 ? (mail->step - 1 + chance) / THIRDS : chance;
}

static int
by_position(const void *a, const void *b)
{
	const struct eval_streamed *x = a;
	const struct eval_streamed *y = b;

	if (x->position < y->position || x->position > y->position)
		return x->position < y->position ? -1 : 1;
	return (x->judged > y->judged) - (x->judged < y->judged);
}

/* The author's name is borrowed. */
static guint
number_of(GHashTable *authors, char *name)
{
	const guint next = g_hash_table_size(authors);
	gpointer number;

	if (g_hash_table_lookup_extended(authors, name, NULL, &number))
		return GPOINTER_TO_UINT(number);
	g_hash_table_insert(authors, name, GUINT_TO_POINTER(next));
	return next;
}

static void
collect(const struct corpus *corpus, const struct evaluation *evaluation,
	GArray *mails)
{
	g_autoptr(GHashTable) own =
		g_hash_table_new(g_direct_hash, g_direct_equal);
	g_autoptr(GHashTable) authors =
		g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < corpus->mails->len; i++)
		g_hash_table_add(own, corpus->mails->pdata[i]);
	for (guint i = 0; i < evaluation->judged->len; i++) {
		const struct judged *judged =
			&g_array_index(evaluation->judged, struct judged, i);
		struct eval_streamed mail = { .judged = judged,
					      .probability =
						      judged->probability };

		if (judged->mail == NULL ||
		    !g_hash_table_contains(own, judged->mail))
			continue;
		mail.position = position_of(judged->mail);
		mail.author = number_of(authors, judged->mail->author);
		g_array_append_val(mails, mail);
	}
	g_array_sort(mails, by_position);
}

/* Whoever it was written to has a mailbox; the caller's. */
static char *
recipient_of(const struct mail *mail)
{
	g_autofree char *value = mail_field_text(mail, "To", 0);
	g_autoptr(GPtrArray) list = address_list_parse(value ? value : "", 1);
	const struct address *first = list->len > 0 ? list->pdata[0] : NULL;

	return first != NULL ? address_key(first->addr) : g_strdup("");
}

/* What the gate lets pass unread at every site. */
static gboolean
is_internal(const struct reading *reading, const char *recipient)
{
	const char *domain = strchr(recipient, '@');

	return domain != NULL && reading->author != NULL &&
	       g_ascii_strcasecmp(domain + 1, reading->author->domain) == 0;
}

static struct store_message *
row_new(const char *id, const char *recipient,
	const struct store_likeness *likeness,
	const struct judgement *judgement)
{
	struct store_message *row = g_new0(struct store_message, 1);

	g_strlcpy(row->id, id, sizeof row->id);
	row->buyer = g_strdup(recipient);
	row->rcpt = g_strdup(recipient);
	row->time_us = row->state_us = clock_now_us();
	row->digest = g_strdup(row->id);
	row->from = g_strdup(likeness->sender);
	row->vendor = g_strdup(likeness->vendor);
	row->message_id = g_strdup(likeness->message_id);
	row->fingerprint = likeness->fingerprint;
	row->subject_key = likeness->subject_key;
	row->verdict = g_strdup(verdict_name(judgement->verdict));
	row->outreach = judgement->outreach;
	row->relevance = judgement->relevance;
	row->campaign = g_strdup(judgement->campaign);
	row->touch = judgement->touch;
	row->state = STORE_HELD;
	return row;
}

/* All of it is held, whatever was decided: that is in the store at once. */
static gboolean
keep(const struct replay *replay, struct store_message *row, GError **error)
{
	struct store_message *rows[] = { row };
	g_autoptr(GBytes) bytes = g_bytes_new_static("-", 1);
	enum vault_place place;

	return vault_hold(replay->vault, rows, 1, bytes,
			  clock_monotonic_us() + HOLD_US, &place, error);
}

static void
count(struct eval_stream *stream, const struct eval_streamed *mail, double hold)
{
	const double before = mail->judged->probability;

	if (mail->probability > before)
		stream->raised++;
	if (before < hold && mail->probability >= hold)
		stream->lifted[mail->judged->positive ? 1 : 0]++;
}

/* What is given to screening_recall() is all that the filter knew, too. */
static gboolean
recall(const struct replay *replay, struct screening *screening,
       struct profile *profile, struct eval_streamed *mail, GError **error)
{
	const struct buyer buyer = { .profile = profile };
	g_autoptr(StoreMessage) row = NULL;
	g_auto(Judgement) judgement = {
		.verdict = verdict_decide(profile, mail->probability, -1, NULL),
		.outreach = mail->probability,
		.relevance = -1,
	};
	char id[ID_LEN + 1];

	id_new(id);
	screening_set_id(screening, id);
	screening_recall(screening, &buyer, &judgement);
	mail->probability = judgement.outreach;
	row = row_new(id, profile->id, screening_likeness(screening),
		      &judgement);
	return keep(replay, row, error);
}

static gboolean
replay_mail(const struct replay *replay, struct eval_streamed *mail,
	    const double thresholds[2], GError **error)
{
	static const struct envelope none = { .queue_id = "" };
	g_autoptr(GBytes) bytes =
		file_read(mail->judged->mail->path, MESSAGE_SIZE_MAX, error);
	g_autoptr(Screening) screening = NULL;
	g_autofree char *recipient = NULL;
	struct profile profile = { .unsure = thresholds[0],
				   .hold = thresholds[1],
				   .accept = 1 };

	if (bytes == NULL)
		return FALSE;
	screening = screening_new(&replay->snapshot, replay->vault, NULL, &none,
				  bytes, 0);
	recipient = recipient_of(screening_mail(screening));
	if (is_internal(screening_reading(screening), recipient)) {
		replay->stream->internal++;
		return TRUE;
	}
	profile.id = recipient;
	if (!recall(replay, screening, &profile, mail, error))
		return FALSE;
	count(replay->stream, mail, thresholds[1]);
	return TRUE;
}

/* A corpus of invented mail may say which of its domains are public ones. */
static struct signals *
signals_for(const char *folder, GError **error)
{
	g_autofree char *path = g_build_filename(folder, "signals.yaml", NULL);
	g_autoptr(Faults) faults = NULL;
	g_autoptr(Signals) signals = NULL;

	if (!g_file_test(path, G_FILE_TEST_EXISTS))
		return signals_builtin();
	faults = faults_new();
	signals = signals_load(path, faults);
	faults_report(faults, error);
	return g_steal_pointer(&signals);
}

static gboolean
replay_open(struct replay *replay, GError **error)
{
	g_autofree char *url = NULL;

	replay->snapshot.config = config_default();
	replay->snapshot.signals = signals_for(replay->stream->folder, error);
	if (replay->snapshot.signals == NULL)
		return FALSE;
	replay->store = g_dir_make_tmp("pitchward-stream-XXXXXX", error);
	if (replay->store == NULL)
		return FALSE;
	url = g_strdup_printf("sqlite:%s/store.db", replay->store);
	replay->vault = vault_open(url, NULL, 0, error);
	return replay->vault != NULL;
}

static void
replay_close(struct replay *replay)
{
	g_autoptr(GPtrArray) names = NULL;

	if (replay->vault != NULL)
		vault_close(replay->vault);
	signals_free(replay->snapshot.signals);
	config_free(replay->snapshot.config);
	if (replay->store == NULL)
		return;
	names = file_names(replay->store);
	for (guint i = 0; i < names->len; i++) {
		g_autofree char *path =
			g_build_filename(replay->store, names->pdata[i], NULL);

		g_unlink(path);
	}
	g_rmdir(replay->store);
	g_free(replay->store);
}

static gboolean
replay_all(struct replay *replay, const struct starter *starter,
	   const double thresholds[2], GError **error)
{
	static const char what[] = "outreach: with history";
	GArray *mails = replay->stream->mails;

	for (guint i = 0; i < mails->len; i++) {
		struct eval_streamed *mail =
			&g_array_index(mails, struct eval_streamed, i);

		if (!replay_mail(replay, mail, thresholds, error))
			return FALSE;
		starter->progress(what, i + 1, mails->len, starter->data);
	}
	return TRUE;
}

static void
stream_free(gpointer data)
{
	struct eval_stream *stream = data;

	g_free(stream->folder);
	g_array_unref(stream->mails);
	g_free(stream);
}

static struct eval_stream *
stream_new(const char *folder, const struct corpus *corpus,
	   const struct evaluation *evaluation)
{
	struct eval_stream *stream = g_new0(struct eval_stream, 1);

	stream->folder = g_strdup(folder);
	stream->mails = g_array_new(FALSE, FALSE, sizeof(struct eval_streamed));
	collect(corpus, evaluation, stream->mails);
	return stream;
}

static gboolean
stream_corpus(struct eval_stream *stream, const struct starter *starter,
	      const double thresholds[2], GError **error)
{
	struct replay replay = { .stream = stream };
	gboolean done = replay_open(&replay, error) &&
			replay_all(&replay, starter, thresholds, error);

	replay_close(&replay);
	return done;
}

GPtrArray *
eval_stream(const struct eval *eval, const struct starter *starter,
	    const struct evaluation *evaluation, GError **error)
{
	g_autoptr(GPtrArray) streams =
		g_ptr_array_new_with_free_func(stream_free);
	char *const *paths = eval->options.args;

	for (guint i = 0; paths[i] != NULL; i++) {
		struct eval_stream *stream;

		if (!g_file_test(paths[i], G_FILE_TEST_IS_DIR))
			continue;
		stream = stream_new(paths[i],
				    starter->corpora->pdata[streams->len],
				    evaluation);
		g_ptr_array_add(streams, stream);
		if (!stream_corpus(stream, starter, evaluation->thresholds,
				   error))
			return NULL;
	}
	return g_steal_pointer(&streams);
}
