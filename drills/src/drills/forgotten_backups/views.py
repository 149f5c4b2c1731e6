"""A file of the folder, to whoever asks for it by name; the folder is not listed."""

from pathlib import PurePosixPath

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe


@require_safe
def backup(request: HttpRequest, name: str) -> HttpResponseBase:
    """The file whole."""
    file = settings.BACKUPS / PurePosixPath(name).name
    if not file.is_file():
        raise Http404
    return FileResponse(file.open("rb"), content_type="application/octet-stream")
