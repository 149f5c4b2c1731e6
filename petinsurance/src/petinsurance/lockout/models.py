"""Failed logins of the last while; the login name itself is not kept, only a keyed digest of it."""

from django.db import models


class LoginFailure(models.Model):
    login_digest = models.CharField(max_length=64)
    failed_at = models.DateTimeField()

    class Meta:
        db_table = "login_failure"
        indexes = [
            models.Index(fields=["login_digest", "failed_at"], name="login_failure_recent"),
            models.Index(fields=["failed_at"], name="login_failure_old"),
        ]
