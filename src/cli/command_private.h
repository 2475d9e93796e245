/*
 * Commands and the tables they stand in. A command gets its own arguments
 * (argv[0] is its name), prints its results on standard output and its errors
 * on standard error, and returns the exit code (failure_private.h).
 */
#ifndef CLI_COMMAND_PRIVATE_H
#define CLI_COMMAND_PRIVATE_H

struct command {
	const char *name;
	const char *summary;
	int (*main)(int argc, char **argv);
};

struct command_table {
	const char *program; /* "pitchward quarantine" */
	const char *about;
	const struct command *commands; /* ended by a NULL name */
};

/*
 * Runs the command that is named first, with the options of all commands that
 * stand before it; EX_USAGE when there is none such.
 */
int command_run(const struct command_table *table, int argc, char **argv);

int check_main(int argc, char **argv);
int digest_main(int argc, char **argv);
int doctor_main(int argc, char **argv);
int eval_main(int argc, char **argv);
int feedback_main(int argc, char **argv);
int fetch_main(int argc, char **argv);
int golden_main(int argc, char **argv); /* train --golden */
int group_main(int argc, char **argv);
int init_main(int argc, char **argv);
int insight_main(int argc, char **argv);
int learn_main(int argc, char **argv);	   /* train --for, --team */
int learn_due_main(int argc, char **argv); /* train --due */
int model_main(int argc, char **argv);
int profile_main(int argc, char **argv);
int quarantine_main(int argc, char **argv);
int replay_main(int argc, char **argv);
int research_main(int argc, char **argv);
int score_main(int argc, char **argv);
int stats_main(int argc, char **argv);
int store_main(int argc, char **argv);
int train_main(int argc, char **argv);
int vendor_main(int argc, char **argv);

#endif
