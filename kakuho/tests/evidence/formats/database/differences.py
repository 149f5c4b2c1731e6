"""Where we read a sample of Elastic's Filebeat otherwise than it does, on purpose: (sample, field) and why.

A difference that is not here fails, and so does one here that is no longer there.
"""

from __future__ import annotations

DETAILS = "a DETAIL, STATEMENT, HINT or LOCATION line belongs to its record; Filebeat makes it an event of its own"
UNKNOWN = "[unknown] of a session that has not begun is null, as in csvlog and jsonlog; Filebeat keeps the word"
ZONES = "the file mixes abbreviations of two zones; one zone is declared for a source, Filebeat guesses each"
NOT_RUN = "the text of a parse step or of a temporary file is no statement that ran; it stays in the message"
END_TIME = "an ISO # Time (microseconds, when the statement ended) goes before SET timestamp (whole seconds)"
ROUNDED = "the duration is read as the decimal number that it is; Filebeat loses a microsecond to binary fractions"
HEADER = "the lines that a server writes when it opens the log are no part of the statement before them"
GENERAL = "a line of the general log in an error log is rejected, not an event of the error log"

DIFFERENCES: dict[tuple[str, str], str] = {
    ("mysql/error/test/mariadb-10.4.8.log", "event"): GENERAL,
    ("mysql/slowlog/test/mariadb-10.2.12.log", "duration_us"): ROUNDED,
    ("mysql/slowlog/test/mysql-5.7.22.log", "time"): END_TIME,
    ("mysql/slowlog/test/mysql-darwin-brew-5.7.10.log", "time"): END_TIME,
    ("mysql/slowlog/test/mysql-debian-5.7.17.log", "time"): END_TIME,
    ("mysql/slowlog/test/mysql-ubuntu-8.0.15.log", "time"): END_TIME,
    ("mysql/slowlog/test/percona-ubuntu-5.7.19-innodb.log", "duration_us"): ROUNDED,
    ("mysql/slowlog/test/percona-ubuntu-5.7.19-innodb.log", "time"): END_TIME,
    ("mysql/slowlog/test/percona-ubuntu-5.7.19.log", "duration_us"): ROUNDED,
    ("mysql/slowlog/test/percona-ubuntu-5.7.19.log", "time"): END_TIME,
    ("mysql/slowlog/test/percona-ubuntu-8.0.15.log", "statement"): HEADER,
    ("mysql/slowlog/test/percona-ubuntu-8.0.15.log", "time"): END_TIME,
    ("postgresql/log/test/postgresql-10-default.log", "event"): DETAILS,
    ("postgresql/log/test/postgresql-10-min-duration-statement.log", "event"): DETAILS,
    ("postgresql/log/test/postgresql-11-tempfile.csv.log", "statement"): NOT_RUN,
    ("postgresql/log/test/postgresql-11.4.log", "event"): DETAILS,
    ("postgresql/log/test/postgresql-12-min-duration-statement.log", "event"): DETAILS,
    ("postgresql/log/test/postgresql-9.6-debian-with-slowlog.log", "database"): UNKNOWN,
    ("postgresql/log/test/postgresql-9.6-debian-with-slowlog.log", "db_user"): UNKNOWN,
    ("postgresql/log/test/postgresql-9.6-multi-core.log", "database"): UNKNOWN,
    ("postgresql/log/test/postgresql-9.6-multi-core.log", "db_user"): UNKNOWN,
    ("postgresql/log/test/postgresql-9.6-multi-core.log", "event"): DETAILS,
    ("postgresql/log/test/postgresql-9.6-multi-core.log", "time"): ZONES,
    ("postgresql/log/test/postgresql-9.6-new-timestamp.log", "event"): DETAILS,
    ("postgresql/log/test/postgresql-query-steps-slowlog.log", "statement"): NOT_RUN,
    ("postgresql/log/test/postgresql-ubuntu-9.5.log", "database"): UNKNOWN,
    ("postgresql/log/test/postgresql-ubuntu-9.5.log", "db_user"): UNKNOWN,
    ("postgresql/log/test/postgresql-ubuntu-9.5.log", "event"): DETAILS,
}
