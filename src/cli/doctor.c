#include "command_private.h"

#include <stdarg.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "doctor_private.h"
#include "failure_private.h"
#include "print_private.h"

#define EXIT_ILL 1

#define POSTFIX_FOLDER "/etc/postfix"
#define SENDMAIL_FILE  "/etc/mail/sendmail.cf"

static const char *const words[] = { "ok", "warn", "fail" };

static void
print_finding(enum finding finding, const char *what, const char *why,
	      const char *mend)
{
	print_column(words[finding], 5);
	print_column(what, 17);
	putchar(' ');
	print_text(why, FALSE);
	if (mend) {
		fputs("; mend: ", stdout);
		print_text(mend, FALSE);
	}
	putchar('\n');
}

static void
print_finding_json(enum finding finding, const char *what, const char *why,
		   const char *mend)
{
	json_t *object = json_object();

	json_object_set_new(object, "check", json_string(what));
	json_object_set_new(object, "status", json_string(words[finding]));
	json_object_set_new(object, "why", print_json_text(why));
	json_object_set_new(object, "mend", print_json_text(mend));
	print_json(object);
}

void
doctor_report(struct doctor *doctor, enum finding finding, const char *what,
	      const char *mend, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list args;

	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	g_strdelimit(why, "\n", ';');
	doctor->counts[finding]++;
	if (doctor->options.json)
		print_finding_json(finding, what, why, mend);
	else
		print_finding(finding, what, why, mend);
	/* Some checks wait for an answer: what is known is shown at once. */
	fflush(stdout);
}

/* The MTAs that were named, else those that are there. */
void
doctor_mta(struct doctor *doctor)
{
	const char *folder = doctor->postfix;
	const char *file = doctor->sendmail;

	if (!folder && !file) {
		if (access(POSTFIX_FOLDER "/main.cf", F_OK) == 0)
			folder = POSTFIX_FOLDER;
		else if (access(SENDMAIL_FILE, F_OK) == 0)
			file = SENDMAIL_FILE;
	}
	if (folder)
		doctor_postfix(doctor, folder);
	if (file)
		doctor_sendmail(doctor, file);
	if (!folder && !file)
		doctor_report(doctor, FINDING_WARN, "mta",
			      "name one by --postfix DIR or --sendmail FILE",
			      "neither %s/main.cf nor %s is there",
			      POSTFIX_FOLDER, SENDMAIL_FILE);
}

static int
examine(struct doctor *doctor)
{
	doctor_configuration(doctor);
	doctor_models(doctor);
	if (doctor->config) {
		doctor_key(doctor);
		doctor_store(doctor);
		doctor_spool(doctor);
		doctor_disk(doctor);
		doctor_socket(doctor);
		doctor_filter(doctor);
		doctor_mta(doctor);
		doctor_release(doctor);
		doctor_web(doctor);
	}
	return doctor->counts[FINDING_FAIL] > 0 ? EXIT_ILL : EX_OK;
}

static void
doctor_clear(struct doctor *doctor)
{
	options_clear(&doctor->options);
	g_clear_pointer(&doctor->config, config_free);
	g_free(doctor->buyer);
	g_free(doctor->models);
	g_free(doctor->postfix);
	g_free(doctor->sendmail);
}

int
doctor_main(int argc, char **argv)
{
	struct doctor doctor = { 0 };
	const GOptionEntry entries[] = {
		{ "models", 0, 0, G_OPTION_ARG_FILENAME, &doctor.models,
		  "folder of the models", "DIR" },
		{ "postfix", 0, 0, G_OPTION_ARG_FILENAME, &doctor.postfix,
		  "Postfix's configuration (default " POSTFIX_FOLDER ")",
		  "DIR" },
		{ "sendmail", 0, 0, G_OPTION_ARG_FILENAME, &doctor.sendmail,
		  "sendmail's (default " SENDMAIL_FILE ")", "FILE" },
		{ NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL },
	};
	const struct options_spec spec = {
		.command = "doctor",
		.summary = "Examines the installation, one line a check: ok, "
			   "warn or fail, why, and how to mend it. Exits 1 "
			   "when a check fails.",
		.examples = "  pitchward doctor\n"
			    "  pitchward doctor --postfix /etc/postfix-in",
		.entries = entries,
	};
	g_autoptr(GError) error = NULL;
	int code;

	if (options_parse(&spec, argc, argv, &doctor.options, &error))
		code = examine(&doctor);
	else
		code = failure_exit(error);
	doctor_clear(&doctor);
	return code;
}
