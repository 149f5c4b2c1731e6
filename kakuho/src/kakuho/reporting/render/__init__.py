"""Document → Markdown, HTML, PDF. A renderer knows the model and its own format, nothing of what is said."""

from kakuho.reporting.render.html import render_html
from kakuho.reporting.render.markdown import render_markdown
from kakuho.reporting.render.typst import render_pdf

__all__ = ["render_html", "render_markdown", "render_pdf"]
