/* The small company with models that say what a test wants, and its mail. */
#ifndef TESTS_SCREEN_STAGE_H
#define TESTS_SCREEN_STAGE_H

#include "screen_world.h"

#include "screen_models.h"

#include "screen/screen.h"

#define VOUCHED                                                                \
	"Authentication-Results: mx.meridian.example; "                        \
	"dkim=pass header.d=vendor.example\n"
#define FROM "From: Ann <ann@vendor.example>\n"
#define PITCH                                                                  \
	"Subject: EDR for Meridian\n\nHi Priya,\n\nI am Ann from Vendor. "     \
	"We help hospitals replace antivirus with EDR. Would you have "        \
	"fifteen minutes for a quick call on Tuesday?\n\nBest\nAnn\n"

struct stage {
	struct world world;
	struct envelope envelope;
};

static void
stage_setup(struct stage *stage, gconstpointer data)
{
	struct snapshot *snapshot = &stage->world.snapshot;
	g_autofree char *folder =
		g_dir_make_tmp("pitchward-screen-XXXXXX", NULL);
	g_autofree char *outreach = g_build_filename(folder, "outreach", NULL);
	g_autofree char *relevance =
		g_build_filename(folder, "relevance", NULL);

	world_setup(&stage->world, data);
	fake_reset();
	g_assert_cmpint(g_mkdir(outreach, 0700), ==, 0);
	g_assert_cmpint(g_mkdir(relevance, 0700), ==, 0);
	snapshot->outreach = model_load(folder, MODEL_OUTREACH, NULL);
	snapshot->relevance = model_load(folder, MODEL_RELEVANCE, NULL);
	stage->world.buyer.interest =
		interest_new(stage->world.buyer.profile,
			     model_background(snapshot->relevance));
	g_rmdir(outreach);
	g_rmdir(relevance);
	g_rmdir(folder);
	stage->envelope = (struct envelope){ .sender = "ann@vendor.example",
					     .client = "192.0.2.1",
					     .queue_id = "4XyZ",
					     .known = TRUE };
}

static void
stage_teardown(struct stage *stage, gconstpointer data)
{
	interest_free(stage->world.buyer.interest);
	model_free(stage->world.snapshot.outreach);
	model_free(stage->world.snapshot.relevance);
	g_assert_cmpint(fake.alive, ==, 0);
	world_teardown(&stage->world, data);
}

static struct screening *
begin(struct stage *stage, const char *text, gint64 deadline_us)
{
	g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

	return screening_new(&stage->world.snapshot, &stage->world.vault,
			     stage->world.key, &stage->envelope, bytes,
			     deadline_us);
}

/* Judges one message for the buyer; judgement_clear() the result. */
G_GNUC_UNUSED static void
judge(struct stage *stage, const char *text, enum screen_flags flags,
      struct judgement *judgement)
{
	g_autoptr(Screening) screening = begin(stage, text, 0);
	g_autoptr(GError) error = NULL;

	screening_judge(screening, &stage->world.buyer, flags, judgement,
			&error);
	g_assert_no_error(error);
}

#endif
