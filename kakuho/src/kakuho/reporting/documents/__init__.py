"""The documents: each module builds one from the material, in one language. Sentences are in ``texts/``."""

from kakuho.reporting.documents.faq import build_faq
from kakuho.reporting.documents.letter import build_letter
from kakuho.reporting.documents.notice_first import build_first_notice
from kakuho.reporting.documents.notice_second import build_second_notice
from kakuho.reporting.documents.regulator import build_regulator_report

__all__ = ["build_faq", "build_first_notice", "build_letter", "build_regulator_report", "build_second_notice"]
