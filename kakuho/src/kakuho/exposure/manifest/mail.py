"""Mails as files (RFC 5322, mbox as of RFC 4155): their attachments, and whether there is text beside them."""

from __future__ import annotations

import email.policy
import mailbox
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

_HEADER = re.compile(rb"(?i)\A(?:[!-9;-~]+:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){2,}")
_OF_MAIL = re.compile(rb"(?im)^(?:message-id|received|mime-version|from):")
MBOX = b"From "


def is_mail(head: bytes) -> bool:
    """Whether a file begins as a mail or a mailbox does."""
    found = _HEADER.match(head)
    return head.startswith(MBOX) or (found is not None and len(set(_OF_MAIL.findall(found[0].lower()))) >= 2)


def messages(path: Path) -> Iterator[EmailMessage]:
    """The mails in the file."""
    parser = BytesParser(policy=email.policy.default)
    with path.open("rb") as file:
        if file.read(len(MBOX)) != MBOX:
            file.seek(0)
            yield parser.parsebytes(file.read())
            return
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.keys():  # noqa: SIM118 - iterating a mailbox gives messages of the old kind
            yield parser.parsebytes(box.get_bytes(key))
    finally:
        box.close()


def attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every part that is a file."""
    for number, part in enumerate(message.walk()):
        name = part.get_filename()
        if part.is_multipart() or (name is None and part.get_content_maintype() == "text"):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield name or f"part-{number}", payload


def has_text(message: EmailMessage) -> bool:
    """Whether a part is text to be read, with anything in it."""
    return any(
        part.get_content_maintype() == "text"
        and part.get_filename() is None
        and isinstance(payload := part.get_payload(decode=True), bytes)
        and payload.strip()
        for part in message.walk()
    )


def message_id(message: EmailMessage) -> str | None:
    """The Message-ID without its brackets."""
    written = message.get("Message-ID")
    return str(written).strip().strip("<>") if written else None
