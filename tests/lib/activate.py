#!/usr/bin/python3
"""Plays systemd's part: holds the socket while the program is restarted.

    activate.py SOCKET PROGRAM ARGUMENT...

SIGUSR1 restarts the program, SIGTERM ends it and this. The exit status is the
program's worst.
"""
import os
import signal
import socket
import sys


def start(listener, command):
    pid = os.fork()
    if pid == 0:
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.dup2(listener.fileno(), 3)
        os.set_inheritable(3, True)
        os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
        os.execv(command[0], command)
    return pid


def stop(pid):
    os.kill(pid, signal.SIGTERM)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main():
    path, command = sys.argv[1], sys.argv[2:]
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o660)
    listener.listen(1024)
    told = {signal.SIGUSR1, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, told)
    worst = 0
    pid = start(listener, command)
    while signal.sigwait(told) == signal.SIGUSR1:
        worst = max(worst, abs(stop(pid)))
        pid = start(listener, command)
    return max(worst, abs(stop(pid)))


if __name__ == '__main__':
    sys.exit(main())
