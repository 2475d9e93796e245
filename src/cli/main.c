#include "command_private.h"

#include <glib.h>

#include "base/failpoint.h"
#include "failure_private.h"
#include "print_private.h"

int
main(int argc, char **argv)
{
	static const struct command commands[] = {
		{ "check", "validate configuration and profiles", check_main },
		{ "init", "write a working configuration and a first profile",
		  init_main },
		{ "score", "judge mail from files, and say why", score_main },
		{ "eval", "measure the models on a labelled corpus",
		  eval_main },
		{ "train", "train models, and promote or refuse them",
		  train_main },
		{ "model", "list models, promote, roll back, export them",
		  model_main },
		{ "replay", "what another profile would change, on mail had",
		  replay_main },
		{ "profile", "what buyers want to hear of, and its versions",
		  profile_main },
		{ "quarantine", "list, show, release and delete held mail",
		  quarantine_main },
		{ "feedback", "say what mail was worth, and take it back",
		  feedback_main },
		{ "digest", "show and send the lists of what was held",
		  digest_main },
		{ "vendor", "list vendors, and rule on their mail",
		  vendor_main },
		{ "group", "buyers who decide together: stands, votes",
		  group_main },
		{ "fetch", "read feeds and metric files into the store",
		  fetch_main },
		{ "insight", "the weekly brief: what presses, what changed",
		  insight_main },
		{ "research", "search all that is held, vendors side by side",
		  research_main },
		{ "stats", "figures of this installation", stats_main },
		{ "doctor", "examine this installation, the MTA included",
		  doctor_main },
		{ "store", "verify, back up, restore and move what is stored",
		  store_main },
		{ NULL, NULL, NULL },
	};
	static const struct command_table table = {
		.program = "pitchward",
		.about = "Recognises vendor outreach, and judges how relevant "
			 "it is to each buyer.",
		.commands = commands,
	};

	g_autoptr(GError) error = NULL;

	if (!failpoint_open(g_getenv("PITCHWARD_FAILPOINT"), &error))
		return failure_exit(error);
	print_begin();
	return print_finish(command_run(&table, argc, argv));
}
