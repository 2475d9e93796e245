/* What history adds to the outreach score: text, JSON, a table of the page. */
#include <math.h>
#include <stdio.h>

#include "base/html.h"
#include "eval_page_private.h"
#include "print_private.h"

/* An author counts in the mean from here on, as in all other figures. */
#define GROUP_MIN 20
#define CLASS_MIN 3

enum { WITHOUT, WITH, BOTH };

/* The same mail without history and with it. */
struct comparison {
	struct estimate auc[BOTH];  /* pooled */
	struct estimate mean[BOTH]; /* of authors */
	struct metrics_point points[BOTH];
	struct estimate auc_gain; /* author by author */
	struct estimate recall_gain;
};

static const struct eval_streamed *
mail_at(const struct eval_stream *stream, guint i)
{
	return &g_array_index(stream->mails, struct eval_streamed, i);
}

/* Of one author or of all (G_MAXUINT); gives how many. */
static guint
take_scores(const struct eval_stream *stream, guint author, guint history,
	    struct scored *scored)
{
	guint n = 0;

	for (guint i = 0; i < stream->mails->len; i++) {
		const struct eval_streamed *mail = mail_at(stream, i);

		if (author != G_MAXUINT && mail->author != author)
			continue;
		scored[n++] =
			(struct scored){ history == WITH
						 ? mail->probability
						 : mail->judged->probability,
					 mail->judged->positive, mail->author };
	}
	return n;
}

static gboolean
is_told(const struct scored *scored, guint n)
{
	guint positives = 0;

	for (guint i = 0; i < n; i++)
		positives += scored[i].positive ? 1 : 0;
	return n >= GROUP_MIN && positives >= CLASS_MIN &&
	       n - positives >= CLASS_MIN;
}

/* One author's figures; FALSE: too few mails to tell. */
static gboolean
measure_author(const struct eval_stream *stream, guint author, double threshold,
	       double auc[BOTH], double recall[BOTH])
{
	g_autofree struct scored *scored =
		g_new(struct scored, stream->mails->len + 1);

	for (guint i = 0; i < BOTH; i++) {
		const guint n = take_scores(stream, author, i, scored);

		if (!is_told(scored, n))
			return FALSE;
		auc[i] = metrics_auc(scored, n).value;
		recall[i] = metrics_at(scored, n, threshold).recall.value;
	}
	return TRUE;
}

static guint
count_authors(const struct eval_stream *stream)
{
	guint n = 0;

	for (guint i = 0; i < stream->mails->len; i++)
		n = MAX(n, mail_at(stream, i)->author + 1);
	return n;
}

static void
measure_authors(const struct eval_stream *stream, double threshold,
		struct comparison *made)
{
	const guint room = count_authors(stream) + 1;
	g_autofree double *without = g_new(double, room);
	g_autofree double *with = g_new(double, room);
	g_autofree double *auc_gain = g_new(double, room);
	g_autofree double *recall_gain = g_new(double, room);
	guint n = 0;

	for (guint author = 0; author + 1 < room; author++) {
		double auc[BOTH];
		double recall[BOTH];

		if (!measure_author(stream, author, threshold, auc, recall))
			continue;
		without[n] = auc[WITHOUT];
		with[n] = auc[WITH];
		auc_gain[n] = auc[WITH] - auc[WITHOUT];
		recall_gain[n++] = recall[WITH] - recall[WITHOUT];
	}
	made->mean[WITHOUT] = metrics_mean(without, n);
	made->mean[WITH] = metrics_mean(with, n);
	made->auc_gain = metrics_mean(auc_gain, n);
	made->recall_gain = metrics_mean(recall_gain, n);
}

static void
compare(const struct eval_stream *stream, double threshold,
	struct comparison *made)
{
	g_autofree struct scored *scored =
		g_new(struct scored, stream->mails->len + 1);

	for (guint i = 0; i < BOTH; i++) {
		const guint n = take_scores(stream, G_MAXUINT, i, scored);

		made->auc[i] = metrics_auc(scored, n);
		made->points[i] = metrics_at(scored, n, threshold);
	}
	measure_authors(stream, threshold, made);
}

static void
print_estimate(struct estimate estimate)
{
	char text[3][G_ASCII_DTOSTR_BUF_SIZE];

	if (isnan(estimate.value)) {
		printf("  %-26s", "-");
		return;
	}
	printf("  %s", g_ascii_formatd(text[0], sizeof text[0], "%.4f",
				       estimate.value));
	if (isnan(estimate.low))
		printf("%20s", "");
	else
		printf(" (%s .. %s)",
		       g_ascii_formatd(text[1], sizeof text[1], "%.4f",
				       estimate.low),
		       g_ascii_formatd(text[2], sizeof text[2], "%.4f",
				       estimate.high));
}

static void
print_pair(const char *name, struct estimate without, struct estimate with)
{
	printf("    %-22s", name);
	print_estimate(without);
	print_estimate(with);
	putchar('\n');
}

static void
print_gain(const char *name, struct estimate gain)
{
	if (isnan(gain.value))
		return;
	printf("    %-22s", name);
	print_estimate(gain);
	putchar('\n');
}

static void
print_stream(const struct eval_stream *stream, double threshold)
{
	struct comparison made;

	compare(stream, threshold, &made);
	fputs("  replayed as a stream, without history and with it: ", stdout);
	print_text(stream->folder, FALSE);
	printf(", %u mails\n", stream->mails->len);
	print_pair("ROC AUC", made.auc[WITHOUT], made.auc[WITH]);
	print_pair("mean of authors", made.mean[WITHOUT], made.mean[WITH]);
	print_pair("precision", made.points[WITHOUT].precision,
		   made.points[WITH].precision);
	print_pair("recall", made.points[WITHOUT].recall,
		   made.points[WITH].recall);
	print_gain("AUC gained, by author", made.auc_gain);
	print_gain("recall gained", made.recall_gain);
	printf("    raised: %u; over the threshold by that: %u that sell, %u "
	       "that must not be held; internal: %u\n",
	       stream->raised, stream->lifted[1], stream->lifted[0],
	       stream->internal);
}

void
eval_stream_print(const GPtrArray *streams, const double thresholds[2])
{
	for (guint i = 0; i < streams->len; i++)
		print_stream(streams->pdata[i], thresholds[1]);
}

static json_t *
json_side(const struct comparison *made, guint history)
{
	json_t *object = json_object();

	json_object_set_new(object, "auc",
			    eval_json_estimate(made->auc[history]));
	json_object_set_new(object, "mean_of_groups",
			    eval_json_estimate(made->mean[history]));
	json_object_set_new(
		object, "precision",
		eval_json_estimate(made->points[history].precision));
	json_object_set_new(object, "recall",
			    eval_json_estimate(made->points[history].recall));
	return object;
}

static json_t *
json_stream(const struct eval_stream *stream, double threshold)
{
	json_t *object = json_object();
	struct comparison made;

	compare(stream, threshold, &made);
	json_object_set_new(object, "corpus", print_json_text(stream->folder));
	json_object_set_new(object, "examples",
			    json_integer(stream->mails->len));
	json_object_set_new(object, "threshold", json_real(threshold));
	json_object_set_new(object, "without", json_side(&made, WITHOUT));
	json_object_set_new(object, "with", json_side(&made, WITH));
	json_object_set_new(object, "auc_gain",
			    eval_json_estimate(made.auc_gain));
	json_object_set_new(object, "recall_gain",
			    eval_json_estimate(made.recall_gain));
	json_object_set_new(object, "internal", json_integer(stream->internal));
	json_object_set_new(object, "raised", json_integer(stream->raised));
	json_object_set_new(object, "lifted_right",
			    json_integer(stream->lifted[1]));
	json_object_set_new(object, "lifted_wrong",
			    json_integer(stream->lifted[0]));
	return object;
}

json_t *
eval_stream_json(const GPtrArray *streams, const double thresholds[2])
{
	json_t *list = json_array();

	for (guint i = 0; i < streams->len; i++)
		json_array_append_new(
			list, json_stream(streams->pdata[i], thresholds[1]));
	return list;
}

static void
put_pair(GString *out, const char *name, struct estimate without,
	 struct estimate with)
{
	if (isnan(without.value) || isnan(with.value))
		return;
	g_string_append(out, "<tr>");
	html_element(out, "th scope=\"row\"", name);
	eval_cells_estimate(out, without);
	eval_cells_estimate(out, with);
	g_string_append(out, "</tr>\n");
}

static void
put_stream(GString *out, const struct eval_stream *stream, double threshold)
{
	struct comparison made;

	compare(stream, threshold, &made);
	html_table_open(out, stream->folder,
			"figure|without|95 % interval|with history|"
			"95 % interval");
	put_pair(out, "AUC, pooled", made.auc[WITHOUT], made.auc[WITH]);
	put_pair(out, "AUC, mean of authors", made.mean[WITHOUT],
		 made.mean[WITH]);
	put_pair(out, "precision", made.points[WITHOUT].precision,
		 made.points[WITH].precision);
	put_pair(out, "recall", made.points[WITHOUT].recall,
		 made.points[WITH].recall);
	html_table_close(out);
	html_format(out, "p",
		    "%u mails, %u of them raised by history: %u that sell and "
		    "%u that must not be held came to the higher threshold by "
		    "that.",
		    stream->mails->len, stream->raised, stream->lifted[1],
		    stream->lifted[0]);
}

void
eval_table_history(const struct eval_section *section)
{
	const GPtrArray *streams = section->result->streams;

	html_element(section->out, "p",
		     "Each corpus replayed as a stream into a store of its "
		     "own, mail of a sequence in its order: touches of one "
		     "campaign and the same text to colleagues count. "
		     "Precision and recall are at the higher threshold.");
	for (guint i = 0; i < streams->len; i++)
		put_stream(section->out, streams->pdata[i],
			   section->result->evaluation->thresholds[1]);
}
