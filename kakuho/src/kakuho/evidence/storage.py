"""What is told where the case's folder cannot take what is written: full, read-only, forbidden."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kakuho.errors import KakuhoError
from kakuho.language import Bilingual

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_WRITABLE = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def telling_of_storage(directory: Path) -> Iterator[None]:
    """Turn the operating system's refusal to write into an error that says what to do."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise KakuhoError(
                Bilingual(
                    ja="事案のフォルダーのある場所に空きがありません。", en="there is no room left where the case lies"
                ),
                where=str(directory),
                remedy=Bilingual(
                    ja="空きを作って同じコマンドをもう一度実行してください。封印済みの証拠は失われていません。",
                    en="make room and run the same command again; what was sealed before is not lost",
                ),
            ) from None
        if error.errno in _NOT_WRITABLE:
            raise KakuhoError(
                Bilingual(ja="事案のフォルダーに書き込めません。", en="the case's folder cannot be written to"),
                where=str(directory),
                remedy=Bilingual(
                    ja="書き込み権限のある利用者で実行するか、書き込める場所に複製した事案で作業してください。",
                    en="run as a user who may write there, or work in a copy of the case that can be written to",
                ),
            ) from None
        raise
