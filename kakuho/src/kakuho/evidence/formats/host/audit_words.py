"""What the audit log's record types and system calls are in the lake's words (OCSF's activity names).

Types: ``linux/audit.h`` and ``libaudit.h``; OCSF: classes 1001 (file), 1007 (process), 3002 (authentication), 4001
(network).
"""

from __future__ import annotations

TYPE_NAMES = {
    "1100": "USER_AUTH",
    "1101": "USER_ACCT",
    "1103": "CRED_ACQ",
    "1104": "CRED_DISP",
    "1105": "USER_START",
    "1106": "USER_END",
    "1112": "USER_LOGIN",
    "1123": "USER_CMD",
    "1300": "SYSCALL",
    "1302": "PATH",
    "1305": "CONFIG_CHANGE",
    "1306": "SOCKADDR",
    "1307": "CWD",
    "1309": "EXECVE",
    "1320": "EOE",
    "1326": "SECCOMP",
    "1327": "PROCTITLE",
    "1400": "AVC",
}
"""Records that reached the log as ``type=1400`` or ``UNKNOWN[1327]``, from a kernel newer than its auditd."""

LOGON = "logon"
LOGOFF = "logoff"
OTHER = "other"
AUTHENTICATION = {
    "USER_AUTH": LOGON,
    "USER_LOGIN": LOGON,
    "LOGIN": LOGON,
    "USER_START": LOGON,
    "USER_END": LOGOFF,
    "USER_LOGOUT": LOGOFF,
    "USER_ACCT": OTHER,
    "USER_ERR": OTHER,
    "CRED_ACQ": OTHER,
    "CRED_DISP": OTHER,
    "CRED_REFR": OTHER,
    "GRP_AUTH": OTHER,
    "ANOM_LOGIN_ACCT": OTHER,
    "ANOM_LOGIN_FAILURES": OTHER,
    "ANOM_LOGIN_LOCATION": OTHER,
    "ANOM_LOGIN_SESSIONS": OTHER,
    "ANOM_LOGIN_TIME": OTHER,
}

EXECUTES = frozenset({"execve", "execveat"})


def _each(names: str, activity: str) -> dict[str, str]:
    return dict.fromkeys(names.split(), activity)


FILE_ACTIVITIES = (
    _each("unlink unlinkat rmdir", "delete")
    | _each("rename renameat renameat2", "rename")
    | _each("mkdir mkdirat mknod mknodat symlink symlinkat link linkat creat", "create")
    | _each("chmod fchmod fchmodat fchmodat2 utime utimes utimensat futimesat", "set_attributes")
    | _each("chown fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr lremovexattr", "set_security")
    | _each("stat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat", "get_attributes")
    | _each("getxattr lgetxattr fgetxattr listxattr llistxattr", "get_security")
    | _each("truncate ftruncate truncate64 ftruncate64", "update")
    | _each("mount", "mount")
    | _each("umount umount2", "unmount")
)
OPENS = {"open": "a1", "openat": "a2"}
"""Calls that open a file, and the argument that holds the flags."""

NETWORK_ACTIVITIES = (
    _each("connect accept accept4", "open")
    | _each("bind listen", "listen")
    | _each("sendto recvfrom sendmsg recvmsg sendmmsg recvmmsg", "traffic")
)
FROM_THE_PEER = frozenset({"accept", "accept4", "recvfrom", "recvmsg", "recvmmsg", "bind", "listen"})
"""Calls whose address is the source: the peer that connects, or the own address."""

PROCESS_ACTIVITIES = (
    _each("kill tkill tgkill exit exit_group", "terminate")
    | _each("ptrace process_vm_writev", "inject")
    | _each("setuid setreuid setresuid setgid setregid setresgid setfsuid setfsgid", "set_user_id")
    | _each("clone clone3 fork vfork", "launch")
)
