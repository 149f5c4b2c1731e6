"""The attacker's events on hosts, in the cloud, on the wire and in mail: by his address and what it opened."""

from __future__ import annotations

from .world import ATTACKER, Events, at, attributed, confirming, investigated

STAFF = "192.0.2.10"


def _of(evidence: Events):
    return investigated(evidence, confirming(("address", ATTACKER)))


def _add(evidence: Events, table: str, time: object, **columns: object) -> None:
    line = len(evidence.rows[table]) + 1
    evidence.rows[table].append({"time": time, "source_id": 9, "line": line, "byte_offset": line * 100, **columns})


def _evidence() -> Events:
    evidence = Events()
    evidence.cover(at(0), at(10))
    evidence.request(at(2), ATTACKER, "/")
    return evidence


def test_what_a_login_session_from_a_confirmed_address_did_until_its_number_is_given_again() -> None:
    evidence = _evidence()
    for day, address, session in ((2, ATTACKER, "7"), (3, STAFF, "8"), (5, STAFF, "7")):
        _add(evidence, "authentication", at(day), outcome="success", src_ip=address, session_id=session)
    for day, session in ((1, "7"), (3, "7"), (3, "8"), (6, "7")):
        _add(evidence, "file_activity", at(day, minutes=5), session_id=session, file_path="/var/backups/a")
        _add(evidence, "process_activity", at(day, minutes=5), session_id=session, command_line="id")
    result = _of(evidence)
    assert attributed(result, "file_activity") == {2: (True, "attacker_session")}
    assert attributed(result, "process_activity") == {2: (True, "attacker_session")}
    assert attributed(result, "authentication") == {1: (True, "confirmed_address")}


def test_a_key_that_he_used_is_uncertain_elsewhere() -> None:
    evidence = _evidence()
    for address, key in ((ATTACKER, "AKIA1"), (STAFF, "AKIA1"), (STAFF, "AKIA2")):
        _add(evidence, "api_activity", at(3), src_ip=address, credential_id=key, operation="GetObject")
    assert attributed(_of(evidence), "api_activity") == {1: (True, "confirmed_address"), 2: (False, "shared_session")}


def test_a_session_of_sftp_server_and_a_mail_are_followed_by_what_their_lines_share() -> None:
    evidence = _evidence()
    lines = [
        ("sftp-server", 41, f"session opened for local user db from [{ATTACKER}]"),
        ("sftp-server", 42, f"session opened for local user db from [{STAFF}]"),
        ("sftp-server", 41, 'close "/a" bytes read 5 written 0'),
        ("sftp-server", 42, 'close "/b" bytes read 5 written 0'),
        ("sftp-server", 41, f"session opened for local user db from [{STAFF}]"),
        ("sftp-server", 41, 'close "/c" bytes read 5 written 0'),
        ("postfix/smtpd", 71, f"4F1A2B3C4D: client=unknown[{ATTACKER}], sasl_username=hanako"),
        ("postfix/cleanup", 72, "4F1A2B3C4D: message-id=<1@example.jp>"),
        ("postfix/cleanup", 72, "5F1A2B3C4D: message-id=<2@example.jp>"),
    ]
    for second, (program, pid, message) in enumerate(lines):
        _add(evidence, "base_event", at(3, seconds=second), application=program, pid=pid, host="h", message=message)
    session = (True, "attacker_session")
    assert attributed(_of(evidence), "base_event") == {1: session, 3: session, 7: session, 8: session}


def test_connections_with_his_address_on_either_end() -> None:
    evidence = _evidence()
    _add(evidence, "network_activity", at(3), src_ip="10.0.0.5", dst_ip=ATTACKER)
    _add(evidence, "network_activity", at(3), src_ip="10.0.0.5", dst_ip=STAFF)
    _add(
        evidence, "base_event", at(3), application="zeek", event_code="files", unmapped=f'{{"rx_hosts":["{ATTACKER}"]}}'
    )
    _add(evidence, "base_event", at(3), application="zeek", event_code="dns", unmapped=f'{{"answers":["{ATTACKER}"]}}')
    result = _of(evidence)
    assert attributed(result, "network_activity") == {1: (True, "confirmed_address")}
    assert attributed(result, "base_event") == {1: (True, "confirmed_address")}
