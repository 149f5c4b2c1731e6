#!/bin/sh
# Makes ../postgresql/syslog.log and ../postgresql/snapshot.dump again: PostgreSQL of Debian (postgresql-15 15.20) that
# logs to syslog, taken down by rsyslogd 8.2302 in its usual file format, and pg_dump -Fc of its database. /dev/log must not
# be in use. Run as root: make/postgresql_syslog.sh [FOLDER]. Synthetic data only.
set -eu
target=${1:-$(dirname "$0")/../postgresql}
mkdir -p "$target"
target=$(realpath "$target")
[ ! -e /dev/log ] || { echo "/dev/log is in use"; exit 1; }
work=$(mktemp -d)
chmod 755 "$work"
chown postgres "$work"
programs=/usr/lib/postgresql/15/bin
export TZ=Asia/Tokyo
cat >"$work/rsyslog.conf" <<CONF
module(load="imuxsock" SysSock.Name="/dev/log" SysSock.RateLimit.Interval="0")
template(name="old" type="string" string="%timestamp% db1 %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\n")
local0.* action(type="omfile" file="$work/syslog.log" template="old")
CONF
rsyslogd -n -f "$work/rsyslog.conf" -i "$work/rsyslogd.pid" &
logger=$!
trap 'kill "$logger" 2>/dev/null || true; rm -rf "$work" /dev/log' EXIT
until [ -S /dev/log ]; do sleep 0.2; done
cd "$work"
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups env LC_ALL=C.UTF-8 HOME="$work" "$@"; }
as_postgres "$programs/initdb" -D "$work/data" -U postgres -A trust --no-sync -E UTF8 >/dev/null
cat >>"$work/data/postgresql.conf" <<'CONF'
listen_addresses = ''
log_destination = 'syslog'
syslog_facility = 'LOCAL0'
log_line_prefix = '%q%u@%d '
log_timezone = 'Asia/Tokyo'
log_statement = all
log_connections = on
log_disconnections = on
CONF
as_postgres "$programs/postgres" -D "$work/data" -k "$work" >"$work/out" 2>&1 &
server=$!
until as_postgres "$programs/pg_isready" -q -h "$work" -U postgres; do
    kill -0 "$server" || { cat "$work/out"; exit 1; }
    sleep 0.2
done
as_postgres "$programs/psql" -q -h "$work" -U postgres -d postgres >/dev/null 2>&1 <<'SQL' || true
CREATE TABLE policyholder (id int PRIMARY KEY, name text);
INSERT INTO policyholder VALUES (1, '藤原 さくら'), (2, 'O''Neil "二"');
SELECT id -- 一行目
  FROM policyholder
 WHERE name = '' OR 1=1;
SELECT nothing FROM policyholder;
INSERT INTO policyholder VALUES (1, '重複');
SQL
as_postgres "$programs/psql" -q -h "$work" -U nobody -d postgres -c 'SELECT 1' >/dev/null 2>&1 || true
sleep 1
cp "$work/syslog.log" "$target/syslog.log"
as_postgres "$programs/pg_dump" -h "$work" -U postgres -Fc -f "$work/snapshot.dump" postgres
as_postgres "$programs/pg_ctl" -D "$work/data" -m fast -s stop
wait "$server" || true
cp "$work/snapshot.dump" "$target/snapshot.dump"
chmod 644 "$target/syslog.log" "$target/snapshot.dump"
