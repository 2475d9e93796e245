/*
 * Any bytes as a buying group's file and as a list of signals: no crash, no
 * leak, and a value, within its bounds, exactly when there is no fault.
 */
#include <glib.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "profile/group.h"
#include "profile/signals.h"
#include "profile/sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_member(const struct group *group, const struct group_member *member)
{
	g_assert(profile_id_valid(member->profile));
	g_assert(member->now >= 0 && member->now <= 1);
	g_assert(member->wished >= 0 && member->wished <= 1);
	g_assert(group_find_member(group, member->profile) == member);
}

static void
check_group(const struct group *group)
{
	g_assert(group->members->len >= 2);
	g_assert(group->members->len <= GROUP_MEMBERS_MAX);
	g_assert(group->topics->len <= GROUP_TOPICS_MAX);
	g_assert(group->accept >= 0 && group->accept <= 1);
	for (guint i = 0; i < group->members->len; i++)
		check_member(group, group->members->pdata[i]);
	for (guint i = 0; i < group->topics->len; i++) {
		const struct group_topic *topic = group->topics->pdata[i];

		g_assert(topic->id[0] && topic->priorities);
		g_assert(!topic->owner ||
			 group_find_member(group, topic->owner));
	}
	for (guint i = 0; i < group->talks->len; i++) {
		char **pair = group->talks->pdata[i];

		g_assert(g_strv_length(pair) == 2);
		g_assert(group_find_member(group, pair[0]));
		g_assert(group_find_member(group, pair[1]));
	}
}

static void
fuzz_group(const char *text, size_t size)
{
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Group) group = group_parse("g.yaml", text, size, faults);

	g_assert((group != NULL) == (faults_count(faults) == 0));
	if (group)
		check_group(group);
}

static void
fuzz_signals(const char *text, size_t size)
{
	int fd = memfd_create("signals", MFD_CLOEXEC);
	g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
	g_autoptr(Faults) faults = faults_new();
	g_autoptr(Signals) signals = NULL;

	g_assert(write(fd, text, size) == (ssize_t)size);
	signals = signals_load(path, faults);
	close(fd);
	g_assert((signals != NULL) == (faults_count(faults) == 0));
	if (!signals)
		return;
	g_assert(signals_of_host(signals, "a.mail.example") <
		 1u << SIGNAL_KINDS);
	/* What holds for a host holds for all below it. */
	g_assert(signals_of_host(signals, "mail.example") ==
		 (signals_of_host(signals, "mail.example") &
		  signals_of_host(signals, "a.mail.example")));
	g_assert(signals_of_mailer(signals, "Mailer 1.0") < 1u << SIGNAL_KINDS);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;

	fuzz_group(text, size);
	fuzz_signals(text, size);
	return 0;
}
