"""The words for why a line of these logs is no event, or is ignored."""

from __future__ import annotations

from kakuho.language import Bilingual

REASONS: dict[str, Bilingual] = {
    "not_a_kubernetes_event": Bilingual(
        ja="Kubernetes の監査イベントではない", en="not an event of Kubernetes' audit log"
    ),
    "record_not_json": Bilingual(
        ja="文書の中の記録が JSON として読めない", en="a record within the document is not JSON"
    ),
    "not_cloudtrail": Bilingual(ja="CloudTrail の記録ではない", en="not a CloudTrail record"),
    "cloudtrail_digest": Bilingual(
        ja="CloudTrail のダイジェスト（ログファイルへの署名。操作の記録ではない）",
        en="a CloudTrail digest: signatures over log files, no events",
    ),
    "not_s3_access_log": Bilingual(
        ja="S3 サーバーアクセスログの行ではない", en="not a line of an S3 server access log"
    ),
}
