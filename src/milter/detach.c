#include "detach_private.h"

#include <errno.h>
#include <fcntl.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/error.h"

/* A pipe of the caller's would never end while we have it. */
static void
let_go(int first, int last)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return;
	for (int fd = first; fd <= last; fd++)
		dup2(null, fd);
	close(null);
}

void
detach_stderr(void)
{
	let_go(STDERR_FILENO, STDERR_FILENO);
}

static void
wait_in_parent(int fd)
{
	guint8 code = EX_SOFTWARE;
	gssize got;

	do
		got = read(fd, &code, 1);
	while (got < 0 && errno == EINTR);
	_exit(got == 1 ? code : EX_SOFTWARE);
}

gboolean
detach_begin(int *fd, GError **error)
{
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set_errno(error, errno, "pipe");
	child = fork();
	if (child < 0)
		return error_set_errno(error, errno, "fork");
	if (child > 0) {
		close(ends[1]);
		wait_in_parent(ends[0]);
	}
	close(ends[0]);
	setsid();
	let_go(STDIN_FILENO, STDOUT_FILENO);
	*fd = ends[1];
	return TRUE;
}

void
detach_done(int fd, int code)
{
	guint8 byte = (guint8)code;

	if (fd < 0)
		return;
	detach_stderr();
	if (write(fd, &byte, 1) < 0)
		byte = 0; /* the parent is gone: nobody is waiting */
	close(fd);
}
