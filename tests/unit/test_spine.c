/*
 * The spine with the models that are shipped: no double in between. Skipped
 * where models/ has none yet.
 */
#include <glib.h>
#include <string.h>

#include "features/outreach.h"
#include "screen/screen.h"

static const char pitch[] =
	"From: Ann Berg <ann@vendor.example>\n"
	"To: priya@meridian.example\n"
	"Subject: Quick question about endpoint security at Meridian\n"
	"\n"
	"Hi Priya,\n\n"
	"I am Ann from Vendor. We help hospitals like yours replace ageing\n"
	"antivirus with EDR and cut containment from days to minutes. Would\n"
	"you be open to a 15-minute call next Tuesday to see how?\n\n"
	"If this is not for you, just let me know and I will not write "
	"again.\n\n"
	"Best regards,\nAnn\n";

static const char work[] =
	"From: Marta Ruiz <marta@meridian.example>\n"
	"To: priya@meridian.example\n"
	"Subject: Re: Minutes of Monday\n"
	"In-Reply-To: <77@meridian.example>\n"
	"\n"
	"Hi Priya,\n\n"
	"thanks, I corrected item 3 and put the file back on the share. The\n"
	"ward on level two keeps its old printers until March, as agreed.\n\n"
	"Marta\n";

/* NULL, and the test is skipped, where there are no models. */
static struct snapshot *
open_shipped(void)
{
	const char *folder = g_getenv("PITCHWARD_MODELS");
	g_autoptr(GError) error = NULL;
	struct snapshot *snapshot = NULL;

	if (!folder)
		folder = "models";
	if (g_file_test(folder, G_FILE_TEST_IS_DIR))
		snapshot = snapshot_new(NULL, folder, &error);
	if (g_error_matches(error, MODEL_ERROR, MODEL_ERROR_ABSENT))
		g_clear_error(&error);
	g_assert_no_error(error);
	if (!snapshot)
		g_test_skip("no models here");
	return snapshot;
}

static struct screening *
begin(const struct snapshot *snapshot, const char *text)
{
	static const struct envelope file = { .known = FALSE };
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));

	return screening_new(snapshot, NULL, NULL, &file, bytes, 0);
}

static double
outreach_of(const struct snapshot *snapshot, const char *text)
{
	g_autoptr(Screening) screening = begin(snapshot, text);
	g_auto(Judgement) judgement = { 0 };
	g_autoptr(GError) error = NULL;

	screening_judge(screening, NULL, SCREEN_ALL, &judgement, &error);
	g_assert_no_error(error);
	return judgement.outreach;
}

static void
test_order(void)
{
	g_autoptr(Snapshot) snapshot = open_shipped();

	if (!snapshot)
		return;
	g_test_message("pitch %.3f, work %.3f", outreach_of(snapshot, pitch),
		       outreach_of(snapshot, work));
	g_assert_cmpfloat(outreach_of(snapshot, pitch), >=, 0.5);
	g_assert_cmpfloat(outreach_of(snapshot, work), <, 0.5);
}

static double
decision_of(const struct snapshot *snapshot, const char *text)
{
	g_autoptr(GBytes) bytes = g_bytes_new_static(text, strlen(text));
	g_autoptr(Mail) mail = mail_new(bytes, NULL);
	g_autoptr(Reading) reading = reading_new(mail);
	struct vector vector = { NULL, 0, 0 };
	double decision;

	outreach_vector(reading, snapshot->signals,
			model_background(snapshot->outreach), &vector);
	decision = model_decide(snapshot->outreach, &vector);
	vector_clear(&vector);
	return decision;
}

/* What is listed adds up to what the model decided, and its bias is its own. */
static void
test_reasons(void)
{
	g_autoptr(Snapshot) snapshot = open_shipped();
	g_autoptr(Screening) screening = NULL;
	g_auto(Judgement) judgement = { 0 };
	double sum = 0;

	if (!snapshot)
		return;
	screening = begin(snapshot, pitch);
	g_assert_true(screening_judge(screening, NULL,
				      SCREEN_ALL | SCREEN_REASONS, &judgement,
				      NULL));
	for (guint i = 0; i < judgement.reasons->len; i++) {
		const struct reason *reason = judgement.reasons->pdata[i];

		g_test_message("%s = %g: %g", reason->name, reason->value,
			       reason->weight);
		g_assert_true(g_utf8_validate(reason->name, -1, NULL));
		g_assert_null(strstr(reason->name, ": term "));
		if (g_str_has_suffix(reason->name, ": bias"))
			g_assert_cmpfloat_with_epsilon(
				reason->weight, model_bias(snapshot->outreach),
				1e-4);
		sum += reason->weight;
	}
	g_assert_cmpfloat_with_epsilon(sum, decision_of(snapshot, pitch), 1e-9);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/spine/a pitch before plain work", test_order);
	g_test_add_func("/spine/reasons of the shipped model", test_reasons);
	return g_test_run();
}
