#!/bin/sh
# Makes ../postgresql/ again: PostgreSQL of Debian (postgresql-15 15.20, postgresql-15-pgaudit 1.7.0) writing the same log as
# stderr, csvlog and jsonlog at once, with messages in Japanese and pgaudit (session, object, parameters, rows).
# The locale ja_JP.UTF-8 has to be there (localedef -i ja_JP -f UTF-8 ja_JP.UTF-8). Run as root: make/postgresql.sh [FOLDER]. Synthetic data only.
set -eu
target=${1:-$(dirname "$0")/../postgresql}
mkdir -p "$target"
target=$(realpath "$target")
work=$(mktemp -d)
chmod 755 "$work"
chown postgres "$work"
programs=/usr/lib/postgresql/15/bin
cd "$work"
as_postgres() { setpriv --reuid=postgres --regid=postgres --clear-groups env LC_ALL=C.UTF-8 HOME="$work" "$@"; }
as_postgres "$programs/initdb" -D "$work/data" -U postgres -A trust --no-sync -E UTF8 >/dev/null
cat >>"$work/data/postgresql.conf" <<'CONF'
listen_addresses = ''
logging_collector = on
log_destination = 'stderr,csvlog,jsonlog'
log_directory = 'log'
log_filename = 'server.log'
log_line_prefix = '%m [%p] %c:%l %e %q%u@%d %a %h '
log_timezone = 'Asia/Tokyo'
log_statement = all
log_duration = on
log_connections = on
log_disconnections = on
lc_messages = 'ja_JP.UTF-8'
shared_preload_libraries = 'pgaudit'
pgaudit.log = 'read, write, ddl'
pgaudit.log_parameter = on
pgaudit.log_rows = on
pgaudit.log_relation = on
pgaudit.role = 'auditor'
CONF
as_postgres env LC_ALL=C.UTF-8 "$programs/postgres" -D "$work/data" -k "$work" >"$work/out" 2>&1 &
server=$!
until as_postgres "$programs/pg_isready" -q -h "$work" -U postgres; do
    kill -0 "$server" || { cat "$work/out"; exit 1; }
    sleep 0.2
done
as_postgres "$programs/psql" -q -h "$work" -U postgres -d postgres >/dev/null 2>&1 <<'SQL' || true
CREATE EXTENSION pgaudit;
CREATE ROLE auditor;
CREATE TABLE policyholder (id int PRIMARY KEY, name text);
GRANT SELECT ON policyholder TO auditor;
INSERT INTO policyholder VALUES (1, '藤原 さくら'), (2, 'O''Neil "二"');
SELECT id -- 一行目
  FROM policyholder
 WHERE name = '' OR 1=1;
PREPARE p AS SELECT name FROM policyholder WHERE id = $1 AND name <> $2;
EXECUTE p (2, 'a, "b"');
SELECT nothing FROM policyholder;
selec;
SELECT 1 / (id - id) FROM policyholder;
INSERT INTO policyholder VALUES (1, '重複');
DO $$ BEGIN PERFORM count(*) FROM policyholder; END $$;
ALTER ROLE auditor PASSWORD 'himitsu';
SQL
as_postgres "$programs/psql" -q -h "$work" -U postgres -d nowhere -c 'SELECT 1' >/dev/null 2>&1 || true
as_postgres "$programs/psql" -q -h "$work" -U nobody -d postgres -c 'SELECT 1' >/dev/null 2>&1 || true
as_postgres "$programs/pg_ctl" -D "$work/data" -m fast -s stop
wait "$server" || true
cp "$work/data/log/server.log" "$target/stderr.log"
cp "$work/data/log/server.csv" "$target/csvlog.csv"
cp "$work/data/log/server.json" "$target/jsonlog.json"
chmod 644 "$target"/*
rm -r "$work"
