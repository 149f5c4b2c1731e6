"""Keys as people hand them over: a signer key in a file of its owner's, a verifier key as text or in a file."""

from __future__ import annotations

import stat
from pathlib import Path

from kakuho.custody.keys import KeyFormatError, SignerKey, VerifierKey
from kakuho.errors import UsageError
from kakuho.language import Bilingual


def new_signer(path: Path, name: str) -> SignerKey:
    """Make a signer key and write it to a new file outside of every case; raises UsageError."""
    path = path.absolute()
    if any((folder / "case.toml").is_file() for folder in path.parents):
        raise _refusal(
            path,
            Bilingual(
                ja="署名鍵を事案のフォルダーの中には置けません。", en="a signer key may not lie in a case's folder"
            ),
            Bilingual(
                ja="事案は人に渡すものです。鍵は事案の外の、本人だけが読める場所に作ってください。",
                en="a case is handed on; make the key elsewhere, where its owner alone can read",
            ),
        )
    try:
        signer = SignerKey.generate(name)
        signer.write(path)
    except KeyFormatError:
        raise UsageError(
            Bilingual(ja="鍵の名前に空白と + は使えません。", en="a key's name is not empty and has no space or plus"),
            where="--name",
            remedy=Bilingual(ja="例: csirt.example.co.jp", en="for example csirt.example.co.jp"),
        ) from None
    except FileExistsError:
        raise _refusal(
            path,
            Bilingual(
                ja="ファイルが既にあります。上書きしません。", en="the file is there already and is not overwritten"
            ),
            Bilingual(ja="別の名前を指定してください。", en="name another file"),
        ) from None
    except OSError as error:
        raise _refusal(
            path,
            Bilingual(ja=f"書き込めません（{error.strerror}）。", en=f"it cannot be written ({error.strerror})"),
            Bilingual(ja="フォルダーと権限を確かめてください。", en="check the folder and its permissions"),
        ) from None
    return signer


def read_signer(path: Path, *, outside: Path) -> SignerKey:
    """Read a signer key that lies outside of the case and that its owner alone can read; raises UsageError."""
    path = path.absolute()
    if path.resolve().is_relative_to(outside):
        raise _refusal(
            path,
            Bilingual(ja="署名鍵が事案のフォルダーの中にあります。", en="the signer key lies in the case's folder"),
            Bilingual(ja="事案の外へ移してください。", en="move it out: a case is handed on"),
        )
    try:
        text = path.read_text(encoding="utf-8").strip()
        open_to_others = stat.S_IMODE(path.stat().st_mode) & 0o077
        if open_to_others:
            raise _refusal(
                path,
                Bilingual(ja="署名鍵を他の利用者が読めます。", en="others can read the signer key"),
                Bilingual(
                    ja="chmod 600 で本人だけが読めるようにしてください。", en="make it its owner's alone with chmod 600"
                ),
            )
        return SignerKey.parse(text)
    except (KeyFormatError, UnicodeDecodeError):
        raise _refusal(
            path,
            Bilingual(ja="署名鍵のファイルではありません。", en="it is not a signer key"),
            Bilingual(
                ja="kakuho custody keygen で作った鍵を指定してください。", en="name a key of kakuho custody keygen"
            ),
        ) from None
    except OSError as error:
        raise _refusal(
            path,
            Bilingual(ja=f"署名鍵を読めません（{error.strerror}）。", en=f"the key cannot be read ({error.strerror})"),
            Bilingual(ja="名前と権限を確かめてください。", en="check its name and permissions"),
        ) from None


def read_verifier(given: str) -> VerifierKey:
    """A verifier key given as its text or as the name of a file that holds it; raises UsageError."""
    text = given.strip()
    try:
        if "+" not in text or Path(text).is_file():
            text = Path(text).read_text(encoding="utf-8").strip()
        return VerifierKey.parse(text)
    except (KeyFormatError, OSError, UnicodeDecodeError):
        raise UsageError(
            Bilingual(ja="検証鍵ではありません。", en="it is no verifier key"),
            where="--verifier",
            remedy=Bilingual(
                ja="kakuho custody keygen が表示した「名前+8桁+…」の一行か、それを収めたファイルを指定してください。",
                en="give the line name+8 digits+… that kakuho custody keygen printed, or a file that holds it",
            ),
        ) from None


def _refusal(path: Path, what: Bilingual, remedy: Bilingual) -> UsageError:
    return UsageError(what, where=str(path), remedy=remedy)
