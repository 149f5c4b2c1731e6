"""What each column of a schema holds, judged by names, types, comments, keys and a sample of values.

In: a ``SourceSchema``. Out: a ``Judgement`` a column (category, item, confidence, why, to be reviewed or not) and
what each
table is about. May not know: files, databases, YAML. A sampled value is compared and counted, never given on.
"""

from kakuho.inventory.classify.judge import classify
from kakuho.inventory.classify.model import Classified, Judgement, TableJudgement

__all__ = ["Classified", "Judgement", "TableJudgement", "classify"]
