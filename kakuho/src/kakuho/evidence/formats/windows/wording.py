"""The words for why a record of these logs is no event, or is ignored."""

from __future__ import annotations

from kakuho.language import Bilingual

REASONS: dict[str, Bilingual] = {
    "record_damaged": Bilingual(ja="レコードが壊れている", en="the record is damaged"),
    "chunk_damaged": Bilingual(
        ja="チャンク（64 KiB の区画）が壊れていて、中のレコードが一つも読めない",
        en="a chunk (64 KiB of the file) is damaged: none of its records can be read",
    ),
    "chunk_lost": Bilingual(
        ja="ファイルヘッダーにはあるチャンクの中身がない",
        en="the file's header counts this chunk, but there is nothing in it",
    ),
    "not_a_windows_event": Bilingual(ja="Windows イベントの形ではない", en="it is not a Windows event"),
}
