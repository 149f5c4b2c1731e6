#!/bin/sh
# Makes ../mariadb/ again: a MariaDB server of Debian (mariadb-server 1:10.11) with its general, slow, error and server_audit
# logs after the statements below. Run as root: make/mariadb.sh [FOLDER]. Synthetic data only.
set -eu
target=${1:-$(dirname "$0")/../mariadb}
mkdir -p "$target"
target=$(realpath "$target")
work=$(mktemp -d)
chmod 755 "$work"
chown mysql "$work"
export TZ=Asia/Tokyo
mariadb-install-db --user=mysql --datadir="$work/data" --auth-root-authentication-method=normal --skip-test-db >/dev/null
mariadbd --no-defaults --user=mysql --datadir="$work/data" --socket="$work/s" --skip-networking --pid-file="$work/pid" \
    --general-log --general-log-file="$work/general.log" --slow-query-log --slow-query-log-file="$work/slow.log" \
    --long-query-time=0 --log-slow-verbosity=query_plan --log-error="$work/error.log" --character-set-server=utf8mb4 \
    --plugin-load-add=server_audit --server-audit-logging=ON --server-audit-file-path="$work/audit.log" &
server=$!
until mariadb-admin --no-defaults --socket="$work/s" -u root ping >/dev/null 2>&1; do sleep 0.2; done
mariadb --no-defaults --socket="$work/s" -u root --default-character-set=utf8mb4 <<'SQL'
CREATE DATABASE clinic;
CREATE USER web@localhost IDENTIFIED BY 'secret-7';
GRANT ALL ON clinic.* TO web@localhost;
SQL
mariadb --no-defaults --socket="$work/s" -u web -psecret-7 --default-character-set=utf8mb4 --force 2>/dev/null <<'SQL' >/dev/null || true
USE clinic;
CREATE TABLE patient (id INT PRIMARY KEY, name VARCHAR(40));
INSERT INTO patient VALUES (1, '藤原 さくら'), (2, 'O\'Neil, "二"');
SELECT id -- 一行目
FROM patient
WHERE name = '' or 1=1;
PREPARE s FROM 'SELECT name FROM patient WHERE id = ?';
SET @id = 2;
EXECUTE s USING @id;
SELECT nothing FROM patient;
selec;
UPDATE patient SET name = 'x\\y' WHERE id = 1;
DELETE FROM patient WHERE id = 9;
SQL
mariadb --no-defaults --socket="$work/s" -u web -pwrong >/dev/null 2>&1 || true
mariadb --no-defaults --socket="$work/s" -u root -e "FLUSH LOGS; SELECT 1" >/dev/null
kill "$server"
wait "$server" || true
for log in general slow error audit; do sed "s|$work|/var/lib/mysql|g" "$work/$log.log" >"$target/$log.log"; done
rm -r "$work"
