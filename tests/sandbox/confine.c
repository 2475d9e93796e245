/* Runs a command as a unit's sandbox lets it run, where no systemd does it:
 * another user, no new privileges, and the unit's system calls as a seccomp
 * filter that kills the whole process at the first call outside (the units
 * themselves answer EPERM, which a program could swallow unseen).
 *
 *	confine [-u USER[:GROUP]] RULES COMMAND [ARGUMENT...]
 *	confine RULES -t CALL		makes that call; 0: it was let through
 *
 * RULES is a file, a line each: "call NAME", "family N" (RestrictAddress-
 * Families), and "deny wx|namespaces|suid|realtime|personality". For tests.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define NEW_NAMESPACES                                                         \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |         \
	 CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)
#define MARKED (S_ISUID | S_ISGID)

/* A call that is let through only while these bits of an argument are off. */
struct guard {
	const char *denied;
	const char *call;
	unsigned argument;
	scmp_datum_t bits;
};

static const struct guard guards[] = {
	{ "wx", "mprotect", 2, PROT_EXEC },
	{ "wx", "pkey_mprotect", 2, PROT_EXEC },
	{ "namespaces", "clone", 0, NEW_NAMESPACES },
	{ "namespaces", "unshare", 0, NEW_NAMESPACES },
	{ "suid", "chmod", 1, MARKED },
	{ "suid", "fchmod", 1, MARKED },
	{ "suid", "fchmodat", 2, MARKED },
	{ "suid", "mkdir", 1, MARKED },
	{ "suid", "mkdirat", 2, MARKED },
	{ "suid", "creat", 1, MARKED },
};

static void
fail(const char *what)
{
	fprintf(stderr, "confine: %s: %s\n", what, strerror(errno));
	exit(99);
}

static void
check(int code, const char *what)
{
	errno = -code;
	if (code < 0)
		fail(what);
}

struct rules {
	scmp_filter_ctx filter;
	bool families;
	char denied[256]; /* each in blanks */
};

static bool
is_denied(const struct rules *rules, const char *what)
{
	char word[64];

	snprintf(word, sizeof(word), " %s ", what);
	return strstr(rules->denied, word) != NULL;
}

static void
allow_masked(struct rules *rules, int call, unsigned arg, scmp_datum_t bits)
{
	struct scmp_arg_cmp off = SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, bits, 0);

	check(seccomp_rule_add_array(rules->filter, SCMP_ACT_ALLOW, call, 1,
				     &off),
	      "guard");
}

/* Libraries ask for these of their own accord, are told no by systemd in this
 * way, and have another: the C library; and GLib for pools of threads. */
static const struct {
	const char *name;
	int error;
} answers[] = {
	{ "clone3", ENOSYS },
	{ "openat2", ENOSYS },
	{ "sched_setattr", EPERM },
};

static bool
is_answered(const char *name)
{
	for (size_t i = 0; i < LENGTH(answers); i++)
		if (strcmp(name, answers[i].name) == 0)
			return true;
	return false;
}

static void
answer_calls(const struct rules *rules)
{
	for (size_t i = 0; i < LENGTH(answers); i++)
		check(seccomp_rule_add(
			      rules->filter,
			      SCMP_ACT_ERRNO((unsigned)answers[i].error),
			      seccomp_syscall_resolve_name(answers[i].name), 0),
		      answers[i].name);
}

static bool
is_guarded(struct rules *rules, const char *name, int call)
{
	if (strcmp(name, "mmap") == 0 && is_denied(rules, "wx")) {
		allow_masked(rules, call, 2, PROT_WRITE);
		allow_masked(rules, call, 2, PROT_EXEC);
		return true;
	}
	if (strcmp(name, "socket") == 0 && rules->families)
		return true;
	if (strcmp(name, "setns") == 0 && is_denied(rules, "namespaces"))
		return true;
	if (strcmp(name, "sched_setscheduler") == 0 &&
	    is_denied(rules, "realtime"))
		return true;
	if (strcmp(name, "personality") == 0 && is_denied(rules, "personality"))
		return true;
	for (size_t i = 0; i < LENGTH(guards); i++) {
		if (strcmp(name, guards[i].call) != 0 ||
		    !is_denied(rules, guards[i].denied))
			continue;
		allow_masked(rules, call, guards[i].argument, guards[i].bits);
		return true;
	}
	return false;
}

static void
allow_call(struct rules *rules, const char *name)
{
	int call = seccomp_syscall_resolve_name(name);

	/* Calls of other machines, and newer than this library. */
	if (call == __NR_SCMP_ERROR || call < 0)
		return;
	if (is_answered(name) || is_guarded(rules, name, call))
		return;
	check(seccomp_rule_add(rules->filter, SCMP_ACT_ALLOW, call, 0), name);
}

static void
allow_family(struct rules *rules, int family)
{
	struct scmp_arg_cmp is = SCMP_CMP(0, SCMP_CMP_EQ, (scmp_datum_t)family);

	check(seccomp_rule_add_array(rules->filter, SCMP_ACT_ALLOW,
				     SCMP_SYS(socket), 1, &is),
	      "family");
}

/* The C library's list of the machine's addresses; systemd answers this. */
static void
answer_netlink(struct rules *rules)
{
	struct scmp_arg_cmp is = SCMP_CMP(0, SCMP_CMP_EQ, AF_NETLINK);

	check(seccomp_rule_add_array(rules->filter,
				     SCMP_ACT_ERRNO(EAFNOSUPPORT),
				     SCMP_SYS(socket), 1, &is),
	      "netlink");
}

static void
note_line(struct rules *rules, const char *kind, const char *value)
{
	size_t used = strlen(rules->denied);

	if (strcmp(kind, "family") == 0)
		rules->families = true;
	if (strcmp(kind, "deny") == 0)
		snprintf(rules->denied + used, sizeof(rules->denied) - used,
			 " %s ", value);
}

static void
apply_line(struct rules *rules, const char *kind, const char *value)
{
	if (strcmp(kind, "call") == 0)
		allow_call(rules, value);
	if (strcmp(kind, "family") == 0)
		allow_family(rules, (int)strtol(value, NULL, 10));
}

static void
each_line(struct rules *rules, FILE *file,
	  void (*take)(struct rules *, const char *, const char *))
{
	char kind[16];
	char value[64];

	rewind(file);
	while (fscanf(file, "%15s %63s", kind, value) == 2)
		take(rules, kind, value);
}

/* What is denied shapes what is allowed, so it is read first. */
static void
load_rules(const char *path)
{
	struct rules rules = { .filter = seccomp_init(SCMP_ACT_KILL_PROCESS) };
	FILE *file = fopen(path, "re");

	if (file == NULL || rules.filter == NULL)
		fail(path);
	each_line(&rules, file, note_line);
	each_line(&rules, file, apply_line);
	answer_calls(&rules);
	fclose(file);
	if (rules.families)
		answer_netlink(&rules);
	check(seccomp_load(rules.filter), "seccomp_load");
	seccomp_release(rules.filter);
}

static void
become(char *name)
{
	char *group = strchr(name, ':');
	const struct passwd *user;
	const struct group *other = NULL;
	gid_t groups[1];

	if (group != NULL)
		*group++ = '\0';
	user = getpwnam(name);
	if (group != NULL)
		other = getgrnam(group);
	if (user == NULL || (group != NULL && other == NULL))
		fail("no such user or group");
	if (other != NULL)
		groups[0] = other->gr_gid;
	if (setgroups(other != NULL, groups) != 0 ||
	    setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)
		fail(name);
}

/* What they do in vain is not looked at: a call that is let through may fail
 * for want of privileges. */
static int
try_call(const char *what)
{
	if (strcmp(what, "getpid") == 0)
		return getpid() > 0 ? 0 : 1;
	if (strcmp(what, "chroot") == 0)
		(void)!chroot("/");
	else if (strcmp(what, "mount") == 0)
		syscall(SYS_mount, "none", "/", "none", 0UL, NULL);
	else if (strcmp(what, "ptrace") == 0)
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	else if (strcmp(what, "bpf") == 0)
		syscall(SYS_bpf, 0, NULL, 0);
	else if (strcmp(what, "setuid") == 0)
		(void)!setuid(getuid());
	else if (strcmp(what, "fchown") == 0)
		(void)!fchown(0, getuid(), getgid());
	else if (strcmp(what, "kexec") == 0)
		syscall(SYS_kexec_load, 0, 0, NULL, 0);
	else if (strcmp(what, "wx") == 0)
		mmap(NULL, 4096, PROT_WRITE | PROT_EXEC,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	else if (strcmp(what, "mprotect") == 0)
		mprotect(NULL, 4096, PROT_READ | PROT_EXEC);
	else if (strcmp(what, "namespace") == 0)
		unshare(CLONE_NEWUSER);
	else if (strcmp(what, "suid") == 0)
		chmod("/nonexistent", S_ISUID | S_IRWXU);
	else if (strcmp(what, "personality") == 0)
		personality(ADDR_NO_RANDOMIZE);
	else if (strcmp(what, "packet") == 0)
		socket(AF_PACKET, SOCK_RAW, 0);
	else if (strcmp(what, "inet") == 0)
		socket(AF_INET, SOCK_STREAM, 0);
	else if (strcmp(what, "netlink") == 0)
		return socket(AF_NETLINK, SOCK_RAW, 0) < 0 &&
				       errno == EAFNOSUPPORT
			       ? 0
			       : 1;
	else
		fail("no such call to try");
	return 0;
}

int
main(int count, char **words)
{
	int at = 1;

	if (count > 2 && strcmp(words[1], "-u") == 0) {
		become(words[2]);
		at = 3;
	}
	if (count < at + 2) {
		fputs("usage: confine [-u USER[:GROUP]] RULES COMMAND...\n",
		      stderr);
		return 64;
	}
	load_rules(words[at]);
	if (strcmp(words[at + 1], "-t") == 0 && count == at + 3)
		return try_call(words[at + 2]);
	execvp(words[at + 1], words + at + 1);
	fail(words[at + 1]);
}
