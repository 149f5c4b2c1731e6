"""Where AWS logs differ from what others expect, on purpose."""

from __future__ import annotations

from ..comparison import Difference

CLOUDTRAIL_ELASTIC: tuple[Difference, ...] = (
    Difference(
        "test-cloudtrail-digest-json.log",
        "event",
        "a digest is a list of signatures over log files, no event: it is ignored by the rule cloudtrail_digest",
    ),
)
CLOUDTRAIL_OCSF: tuple[Difference, ...] = (
    Difference(
        "*/CloudTrail/Authentication/*",
        "api.request.uid",
        "the record has no request id; the example writes two quotes for it, we leave it out",
    ),
)
S3_ELASTIC: tuple[Difference, ...] = ()
