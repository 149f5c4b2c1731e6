"""One assessment → documents: notices, FAQ, the regulator's list, a letter; Japanese and English; MD, HTML and PDF.

In: ``assessments/NNN/``, ``inventory.yaml``, ``case.toml``, ``publication.toml``. Out: ``publications/``.
Every number printed is a fact of ``facts.json``; every text of a person or a case is data, never markup.
May not know: how a verdict came about, events, findings; who receives a letter and when.
"""

from kakuho.reporting.assessment import Assessment, read_assessment
from kakuho.reporting.publish import Published, first_manifest, publish_letter, publish_round

__all__ = ["Assessment", "Published", "first_manifest", "publish_letter", "publish_round", "read_assessment"]
