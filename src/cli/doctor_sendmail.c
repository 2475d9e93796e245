#include "doctor_private.h"

#include "base/clock.h"
#include "probe_private.h"
#include "sendmailcf_private.h"

static gboolean
is_ours(const struct doctor *doctor, const struct sendmailcf_filter *filter)
{
	g_auto(ProbeAddress) ours = { 0 };
	g_auto(ProbeAddress) theirs = { 0 };

	return probe_address_parse(doctor->config->socket, &ours, NULL) &&
	       probe_address_parse(filter->address, &theirs, NULL) &&
	       probe_address_equal(&ours, &theirs);
}

static void
check_flag(struct doctor *doctor, const struct sendmailcf_filter *filter)
{
	static const char mend[] = "leave F= out of INPUT_MAIL_FILTER()";

	if (filter->flag == 0)
		doctor_report(doctor, FINDING_OK, "sendmail-action", NULL,
			      "mail passes when the filter is away");
	else
		doctor_report(doctor,
			      filter->flag == 'R' ? FINDING_FAIL : FINDING_WARN,
			      "sendmail-action", mend,
			      "F=%c: sendmail refuses all mail when the filter "
			      "is away",
			      filter->flag);
}

/* Past R, sendmail takes the filter for dead while it still works. */
static void
check_timeout(struct doctor *doctor, const struct sendmailcf_filter *filter)
{
	const gint64 deadline_us = doctor->config->deadline_us;

	if (filter->read_us > deadline_us)
		return;
	doctor_report(doctor, FINDING_FAIL, "sendmail-time",
		      "raise R in T=, or lower milter.deadline",
		      "sendmail waits %" G_GINT64_FORMAT
		      " s for an answer, and our deadline is "
		      "%" G_GINT64_FORMAT " s",
		      filter->read_us / CLOCK_SECOND_US,
		      deadline_us / CLOCK_SECOND_US);
}

static void
check_order(struct doctor *doctor, GPtrArray *filters,
	    const struct sendmailcf_filter *ours)
{
	for (guint i = 0; i < filters->len; i++) {
		const struct sendmailcf_filter *other = filters->pdata[i];

		if (!other->used || other->place <= ours->place ||
		    !doctor_is_verifier(other->name))
			continue;
		doctor_report(doctor, FINDING_WARN, "sendmail-order",
			      "put what verifies mail before us in "
			      "InputMailFilters",
			      "%s comes after us: we do not see what it finds",
			      other->name);
	}
}

static const struct sendmailcf_filter *
find_ours(const struct doctor *doctor, GPtrArray *filters)
{
	for (guint i = 0; i < filters->len; i++) {
		if (is_ours(doctor, filters->pdata[i]))
			return filters->pdata[i];
	}
	return NULL;
}

static void
check_all(struct doctor *doctor, const char *file, GPtrArray *filters)
{
	const struct sendmailcf_filter *ours = find_ours(doctor, filters);

	if (!ours || !ours->used) {
		doctor_report(doctor, FINDING_FAIL, "sendmail",
			      "add INPUT_MAIL_FILTER() to sendmail.mc and make "
			      "sendmail.cf anew",
			      ours ? "%s has our filter, but InputMailFilters "
				     "does not name it (%s)"
				   : "%s has no filter with our socket %s",
			      file, ours ? ours->name : doctor->config->socket);
		return;
	}
	doctor_report(doctor, FINDING_OK, "sendmail", NULL,
		      "%s has our filter as %s", file, ours->name);
	check_flag(doctor, ours);
	check_timeout(doctor, ours);
	check_order(doctor, filters, ours);
}

void
doctor_sendmail(struct doctor *doctor, const char *file)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = doctor_read(file, &error);
	g_autoptr(GPtrArray) filters = NULL;

	if (!text) {
		doctor_report(doctor, FINDING_FAIL, "sendmail",
			      "name sendmail.cf by --sendmail FILE", "%s",
			      error->message);
		return;
	}
	filters = sendmailcf_parse(text);
	check_all(doctor, file, filters);
}
