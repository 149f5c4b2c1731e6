"""How a column is kept: encrypted with which key, hashed, masked; and by which access paths a key can be reached."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from kakuho.inventory.strict import Label, Strict


class Protection(Strict):
    """What the column holds instead of the value; exactly one of the three."""

    encrypted: Annotated[
        str | None, Field(description="暗号文。その鍵（keys の id） / Ciphertext, under this key (an id of `keys`)")
    ] = None
    hashed: Annotated[bool, Field(description="ハッシュだけを持つ / Only a hash of the value is kept")] = False
    masked: Annotated[bool, Field(description="一部を伏せた値だけを持つ / Only a masked form is kept")] = False

    @model_validator(mode="after")
    def _one(self) -> Protection:
        if [self.encrypted is not None, self.hashed, self.masked].count(True) != 1:
            raise ValueError("exactly one of: encrypted, hashed, masked")
        return self


class Key(Strict):
    """A key that columns are encrypted with.

    ``reached_by``: every access path by which somebody could get at the key or have it used: the host that holds it, a
    role that can read it, a route whose SQL the application decrypts. A key that nothing reaches is not believed.
    """

    id: str
    reached_by: Annotated[
        tuple[str, ...],
        Field(min_length=1, description="鍵に届く経路（access_paths の id） / The access paths that reach the key"),
    ]
    label: Label | None = None
