#!/bin/bash
# Makes the samples of host logs again, with the real programs of Debian 12, as root in a throw-away container:
#   apt-get install -y --no-install-recommends rsyslog openssh-server sudo bsdutils passwd systemd-journal-remote
#   bash kakuho/tests/evidence/data/make/host.sh kakuho/tests/evidence/data/host
# rsyslogd 8.2302 writes the same messages in its three usual shapes (auth.log, auth-iso.log, auth-5424.log); sshd 9.2
# on 127.0.0.1 and sudo 1.9.13 write them, also wtmp, btmp and lastlog; the journal goes through
# systemd-journal-remote 252 and comes out of journalctl -o export and -o json. All names are made up; the zone is
# Asia/Tokyo. Ends what it started and removes the users that it made.
set -euo pipefail
target=$(realpath "$1")
work=$(mktemp -d)
export TZ=Asia/Tokyo
pids=()
remove() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  userdel -rf sakura 2>/dev/null || true
  rm -rf "$work" /etc/sudoers.d/kakuho-sample /dev/log
}
trap remove EXIT

cat > "$work/rsyslog.conf" <<CONF
module(load="imuxsock" SysSock.Name="/dev/log")
set \$!host = "web1";
template(name="old" type="string" string="%timestamp% web1 %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\n")
template(name="iso" type="string" string="%timestamp:::date-rfc3339% web1 %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\n")
template(name="new" type="string" string="<%pri%>1 %timestamp:::date-rfc3339% web1 %app-name% %procid% %msgid% %structured-data% %msg:2:\$%\n")
*.* action(type="omfile" file="$work/auth.log" template="old")
*.* action(type="omfile" file="$work/auth-iso.log" template="iso")
*.* action(type="omfile" file="$work/auth-5424.log" template="new")
CONF
rsyslogd -n -f "$work/rsyslog.conf" -i "$work/rsyslogd.pid" &
pids+=($!)
sleep 1

: > /var/log/wtmp; : > /var/log/btmp; : > /var/log/lastlog
useradd -m -s /bin/bash sakura
echo 'sakura:Hanami-2025' | chpasswd
echo 'sakura ALL=(ALL) NOPASSWD: /usr/bin/id' > /etc/sudoers.d/kakuho-sample
mkdir -p /run/sshd
/usr/sbin/sshd -D -p 2222 -o ListenAddress=127.0.0.1 -o UsePAM=yes -o PasswordAuthentication=yes &
pids+=($!)
sleep 1
printf '#!/bin/sh\necho "$SAMPLE_PASSWORD"\n' > "$work/askpass"; chmod 700 "$work/askpass"
try() { # user, password, command
  SAMPLE_PASSWORD=$2 SSH_ASKPASS="$work/askpass" SSH_ASKPASS_REQUIRE=force setsid -w ssh -p 2222 \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o NumberOfPasswordPrompts=1 -o PubkeyAuthentication=no \
    "${@:4}" "$1@127.0.0.1" "$3" > /dev/null 2>&1 || true
}
try sakura wrong true
try "root from 203.0.113.9 port 22 ssh2" wrong true
try 田中 wrong true
try sakura Hanami-2025 "sudo -n /usr/bin/id; sudo -n /usr/bin/cat /etc/shadow" 
try sakura Hanami-2025 "true" -tt
su sakura -c true
logger -t app -p local0.warning 'お客様番号 １２３４ の照会に失敗しました'
logger -t 'cut' "$(printf 'first line\n  second line')"
passwd -l sakura > /dev/null
sleep 1
cp "$work"/auth*.log /var/log/wtmp /var/log/btmp "$target"

# A journal with a message of several lines that looks like another entry, and one that is no text.
make_entry() { # number, identifier, priority, message
  printf '__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n_BOOT_ID=0123456789abcdef0123456789abcdef\n' \
    $((1742342400000000 + $1 * 1000000)) $(($1 * 1000000))
  printf '_MACHINE_ID=fedcba9876543210fedcba9876543210\n_HOSTNAME=web1\nSYSLOG_IDENTIFIER=%s\n_PID=%d\nPRIORITY=%d\n' \
    "$2" $((700 + $1)) "$3"
  python3 -c 'import sys,struct; m=sys.argv[1].encode().decode("unicode_escape").encode("latin-1"); sys.stdout.buffer.write(b"MESSAGE\n"+struct.pack("<Q",len(m))+m+b"\n\n")' "$4"
}
{
  make_entry 1 sshd 6 'Failed password for sakura from 192.0.2.7 port 50001 ssh2'
  make_entry 2 sshd 6 'Accepted password for sakura from 192.0.2.7 port 50002 ssh2'
  make_entry 3 app 4 'first line\n\n__CURSOR=x\n__REALTIME_TIMESTAMP=1\nMESSAGE=forged\n\nlast line'
  make_entry 4 app 3 'bytes \x93\xfa\x96\x7b that are CP932'
  make_entry 5 sudo 5 '  sakura : TTY=pts/0 ; PWD=/home/sakura ; USER=root ; COMMAND=/usr/bin/id'
} > "$work/made.export"
/lib/systemd/systemd-journal-remote -o "$work/made.journal" "$work/made.export"
journalctl --file "$work/made.journal" -o export > "$target/journal.export"
journalctl --file "$work/made.journal" -o json > "$target/journal.json"
