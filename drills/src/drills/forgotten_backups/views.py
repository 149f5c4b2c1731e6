"""A file of the folder, to whoever asks for it by name; the folder is not listed."""

from pathlib import PurePosixPath

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def backup(request: HttpRequest, name: str) -> HttpResponse:
    """The file whole, and its bytes counted: what goes out by sendfile gunicorn logs as none."""
    file = settings.BACKUPS / PurePosixPath(name).name
    if not file.is_file():
        raise Http404
    return HttpResponse(file.read_bytes(), content_type="application/octet-stream")
