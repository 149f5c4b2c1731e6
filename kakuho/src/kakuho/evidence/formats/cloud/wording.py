"""The words for why a line of these logs is no event, or is ignored."""

from __future__ import annotations

from kakuho.language import Bilingual

REASONS: dict[str, Bilingual] = {
    "not_a_kubernetes_event": Bilingual(
        ja="Kubernetes の監査イベントではない", en="not an event of Kubernetes' audit log"
    ),
}
