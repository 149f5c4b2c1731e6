"""Where our reading of other projects' samples differs on purpose: (sample, field) and why."""

from __future__ import annotations

_FILEBEAT = "elastic-beats/filebeat/module/auditd/log/test/"
_INTEGRATION = "elastic-integrations/packages/auditd/data_stream/log/_dev/test/pipeline/"
_AUDITBEAT = "elastic-beats/auditbeat/module/auditd/testdata/"
_BEATS_AUTH = "elastic-beats/filebeat/module/system/auth/test/"
_INTEGRATION_AUTH = "elastic-integrations/packages/system/data_stream/auth/_dev/test/pipeline/"
_WHOSE_SESSION = "a session opened for root by vagrant is root's (vagrant in unmapped as by); Elastic names vagrant"
_AS_WRITTEN = "a message keeps the spaces that it begins with"
_KEYS = "keystrokes stay the bytes that were typed; Elastic shows control characters as ^M"
_TWO_USERS = "the record's own uid is the actor; the uid of msg='…' (the account) is msg_uid, not a list of both"
_WHOLE_OP = "the operation is kept whole; go-libaudit stops at its first space"
_PROGRAM = "exe is the program that ran; ausearch names the script by comm where it knows the interpreter"

DIFFERENCES: dict[tuple[str, str], str] = {
    ("elastic-beats/filebeat/module/system/syslog/test/darwin-syslog", "message"): (
        "macOS names a second program in brackets after the first; Elastic drops it, here the message keeps both"
    ),
    (_BEATS_AUTH + "auth-ubuntu1204", "user.name"): _WHOSE_SESSION,
    (_BEATS_AUTH + "timestamp", "user.name"): _WHOSE_SESSION,
    (_INTEGRATION_AUTH + "test-auth-ubuntu1204", "user.name"): _WHOSE_SESSION,
    (_INTEGRATION_AUTH + "test-timestamp", "user.name"): _WHOSE_SESSION,
    (_INTEGRATION_AUTH + "test-auth-ubuntu1204", "message"): _AS_WRITTEN,
    (_FILEBEAT + "test", "auditd.log.data"): _KEYS,
    (_INTEGRATION + "test-auditd-raw", "auditd.log.data"): _KEYS,
    (_FILEBEAT + "useradd", "auditd.log.uid"): _TWO_USERS,
    (_INTEGRATION + "test-auditd-useradd", "auditd.log.uid"): _TWO_USERS,
    (_INTEGRATION + "test-auditd-raw", "auditd.log.success"): "the record says yes or no; Elastic makes it a boolean",
    (_INTEGRATION + "test-auditd-raw", "auditd.log.key_enforce"): "the record says 0; Elastic makes it a boolean",
    (_INTEGRATION + "test-truncated-execve", "process.args"): (
        "four EXECVE lines of one event are one command here, one for each line there; an argument without quotes is "
        "hexadecimal, as the kernel writes it, which the redacted sample does not keep to"
    ),
    (_AUDITBEAT + "auditlogin", "auditd.session"): "'new ses=' of old kernels is read; go-libaudit leaves it out",
    (_AUDITBEAT + "passwd", "auditd.data.op"): _WHOLE_OP,
    (_AUDITBEAT + "useradd", "auditd.data.op"): _WHOLE_OP,
    ("ausearch/audit-rhel7", "how"): _PROGRAM + "; for DAEMON_START it says init",
    ("ausearch/audit-ubuntu1604", "how"): _PROGRAM,
    ("ausearch/audit-rhel7", "result"): "res=1 of a changed rule is a success; ausearch leaves it out",
}
