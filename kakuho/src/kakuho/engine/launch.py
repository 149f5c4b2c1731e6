"""Start a program as another user that ends when its starter ends; run as a script, never imported.

    python launch.py UID GID PARENT SIGNAL PROGRAM ARGUMENT…

The starter may be killed at any point: the kernel then sends the program SIGNAL (PostgreSQL: SIGINT, MariaDB: SIGTERM;
either is a fast shutdown), so no server outlives its kakuho. Where the kernel knows no such signal (not Linux), only
the orderly way out stops it.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Become the program."""
    user, group, parent, end = (int(argument) for argument in sys.argv[1:5])
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, end)
        if os.getppid() != parent:
            sys.exit(1)
    os.umask(0o077)
    os.execv(sys.argv[5], sys.argv[5:])  # noqa: S606


if __name__ == "__main__":
    main()
