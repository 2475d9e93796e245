/* Preloaded into sendmail, for what a test machine may lack:
 *
 * - a syslog daemon: each message becomes a line of the file that
 *   $PRELOAD_SYSLOG names, and nothing when it cannot be opened;
 * - a host name with a dot in it, without which sendmail sleeps a minute before
 *   it even reads its configuration: gethostname() gives $PRELOAD_HOSTNAME.
 *
 * Both are read before main(), as sendmail empties its environment. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

int __gethostname_chk(char *, size_t, size_t);
void __syslog_chk(int, int, const char *, ...);
void __vsyslog_chk(int, int, const char *, va_list);

static char path[256], host[256];

static void copy_variable(char *to, size_t size, const char *name)
{
    const char *value = getenv(name);

    if (value && strlen(value) < size)
        strcpy(to, value);
}

__attribute__((constructor)) static void start(void)
{
    copy_variable(path, sizeof path, "PRELOAD_SYSLOG");
    copy_variable(host, sizeof host, "PRELOAD_HOSTNAME");
}

int gethostname(char *name, size_t size)
{
    if (strlen(host) >= size) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(name, host);
    return 0;
}

/* One write() of a whole line, so that lines of several processes do not mix;
 * opened each time, as the program closes descriptors it does not know. */
static void put_line(const char *format, va_list args)
{
    char line[4096];
    time_t now = time(NULL);
    struct tm tm;
    size_t len, room;
    int fd, n;

    len = strftime(line, sizeof line, "%b %d %H:%M:%S ", localtime_r(&now, &tm));
    len += (size_t)snprintf(line + len, sizeof line - len, "sendmail[%d]: ", (int)getpid());
    room = sizeof line - len - 1;
    n = vsnprintf(line + len, room, format, args);
    if (n < 0 || !*path)
        return;
    len += (size_t)n < room ? (size_t)n : room - 1;
    line[len++] = '\n';
    fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        return;
    if (write(fd, line, len) < 0) {
        /* nobody left to tell */
    }
    close(fd);
}

int __gethostname_chk(char *name, size_t size, size_t room)
{
    (void)room;
    return gethostname(name, size);
}

void syslog(int priority, const char *format, ...)
{
    va_list args;

    (void)priority;
    va_start(args, format);
    put_line(format, args);
    va_end(args);
}

void vsyslog(int priority, const char *format, va_list args)
{
    (void)priority;
    put_line(format, args);
}

void __syslog_chk(int priority, int flag, const char *format, ...)
{
    va_list args;

    (void)priority;
    (void)flag;
    va_start(args, format);
    put_line(format, args);
    va_end(args);
}

void __vsyslog_chk(int priority, int flag, const char *format, va_list args)
{
    (void)priority;
    (void)flag;
    put_line(format, args);
}
