"""The ledger as a writer sees it: open, record, close; from any thread, and on both sides of a fork.

Each event is handed to the operating system before :meth:`Ledger.record` returns, and made durable (fsync) at a
checkpoint, but not more than once a second: a killed process loses nothing, a loss of power what came after the last
fsync. At most a second of checkpoints, and the events after the last of them, can be among that.
Whatever keeps an event from being written raises: a caller that catches the error and shows the data defeats it.
"""

from __future__ import annotations

import atexit
import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Self
from uuid import uuid4

from disclosure_ledger.chain import checked_key, digest_under
from disclosure_ledger.errors import WriteError
from disclosure_ledger.event import Actor, Disclosure, Event, merged
from disclosure_ledger.forkable_lock import ForkableLock
from disclosure_ledger.segment import Segment

logger = logging.getLogger("disclosure_ledger")


class Ledger:
    """A directory that this process writes a segment of. Make one with :meth:`Ledger.open`."""

    def __init__(
        self, directory: Path, system: str, key: bytes | None, checkpoint_every: int, checkpoint_seconds: float
    ) -> None:
        self.directory = directory
        self.system = system
        self.key = checked_key(key)
        self._every = checkpoint_every
        self._seconds = checkpoint_seconds
        self._digest = digest_under(key)
        self._lock = ForkableLock()
        self._segment: Segment | None = None
        self._closed = False

    @classmethod
    def open(
        cls,
        directory: Path | str,
        *,
        system: str,
        key: bytes | None = None,
        checkpoint_every: int = 100,
        checkpoint_seconds: float = 60,
    ) -> Self:
        """Start a segment in ``directory``, which is made if it is missing.

        ``key`` turns the hashes into HMACs. WriteError where the directory cannot be written.
        """
        ledger = cls(Path(directory), system, key, checkpoint_every, checkpoint_seconds)
        try:
            with ledger._lock:
                ledger.directory.mkdir(mode=0o750, parents=True, exist_ok=True)
                ledger._open_segment()
        except OSError as error:
            raise ledger._write_error(error) from None
        atexit.register(ledger._close_at_exit)
        return ledger

    def record(
        self,
        *,
        actor: Actor,
        disclosures: Iterable[Disclosure],
        method: str,
        route: str | None,
        status: int,
        purpose: str | None = None,
        address: str | None = None,
        session: str | None = None,
        request: str | None = None,
    ) -> Event:
        """Append one event and return it; WriteError where it is not written.

        ``route`` is the pattern, never the path; ``session`` a keyed hash, never the session's key;
        ``request`` the id of the request, made up if it is not given.
        """
        sorted_disclosures = merged(disclosures)
        request_id = request or uuid4().hex

        def event_at(segment: str, seq: int, time: datetime, prev: str) -> Event:
            return Event(
                segment=segment,
                seq=seq,
                time=time,
                request=request_id,
                actor=actor,
                session=session,
                address=address,
                method=method,
                route=route,
                status=status,
                purpose=purpose,
                disclosures=sorted_disclosures,
                prev=prev,
                hash="",
            )

        with self._lock:
            if self._closed:
                raise WriteError(
                    ja=f"台帳 {self.directory} はすでに閉じられています。Ledger.open で開き直してください。",
                    en=f"The ledger {self.directory} has been closed: open it again with Ledger.open.",
                )
            try:
                return self._usable_segment().append(event_at)
            except OSError as error:
                raise self._write_error(error) from None
            except UnicodeEncodeError:
                raise WriteError(
                    ja="イベントに Unicode として正しくない文字があり、台帳に書けません。",
                    en="The event holds text that is not valid Unicode and cannot be written to the ledger.",
                ) from None

    def close(self) -> None:
        """Write the closing checkpoint of this process's segment; closing twice is fine."""
        with self._lock:
            segment, self._segment = self._segment, None
            self._closed = True
            atexit.unregister(self._close_at_exit)
            if segment is None:
                return
            if not segment.usable:
                segment.abandon()
                return
            try:
                segment.close()
            except OSError as error:
                raise self._write_error(error) from None

    def _close_at_exit(self) -> None:
        try:
            self.close()
        except WriteError as error:
            # Nobody is left to handle it; verification will show the segment as not closed.
            logger.error("disclosure ledger: segment not closed: %s", error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _usable_segment(self) -> Segment:
        if self._segment is not None and self._segment.usable:
            return self._segment
        if self._segment is not None:
            self._segment.abandon()
            self._segment = None
        return self._open_segment()

    def _open_segment(self) -> Segment:
        self._segment = Segment(
            self.directory,
            self.system,
            self._digest,
            keyed=self.key is not None,
            every=self._every,
            seconds=self._seconds,
        )
        return self._segment

    def _write_error(self, error: OSError) -> WriteError:
        return WriteError(
            ja=f"台帳 {self.directory} に書けません（{error.strerror}）。空き容量と権限を確認してください。",
            en=f"The ledger {self.directory} cannot be written ({error.strerror}): check free space and permissions.",
        )
