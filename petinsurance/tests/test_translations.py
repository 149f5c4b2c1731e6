"""The English catalogue has every text that the pages use."""

import gettext
import re
from pathlib import Path

import pytest
from django.apps import apps

import petinsurance

PACKAGE = Path(petinsurance.__file__).parent
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES"
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
MODULES = [file for file in sorted(PACKAGE.rglob("*.py")) if "population" not in file.parts]


@pytest.fixture(scope="module")
def english() -> gettext.GNUTranslations:
    with (CATALOGUE / "django.mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def is_translated(english: gettext.GNUTranslations, text: str) -> bool:
    return english.gettext(text) != text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: str(file.relative_to(PACKAGE / "templates")))
def test_texts_of_a_template(english, template: Path) -> None:
    texts = re.findall(r"{% translate [\"'](.+?)[\"']", template.read_text(encoding="utf-8"))
    missing = [text for text in texts if not is_translated(english, text.replace("%", "%%"))]
    assert missing == []


@pytest.mark.parametrize("module", MODULES, ids=lambda file: str(file.relative_to(PACKAGE)))
def test_texts_of_a_module(english, module: Path) -> None:
    texts = re.findall(r"\b_\(\"(.+?)\"\)", module.read_text(encoding="utf-8"))
    assert [text for text in texts if not is_translated(english, text)] == []


def test_labels_of_every_choice(english) -> None:
    labels = {
        str(label)
        for model in apps.get_models()
        for field in model._meta.fields
        if model.__module__.startswith("petinsurance") and field.choices
        for _, label in field.choices
    }
    assert {"女性", "支払済", "動物医療機関", "コールセンター"} <= labels
    missing = [label for label in labels - {"契約者", "代理店"} if not is_translated(english, label)]
    assert missing == []


def test_no_japanese_stands_in_a_template_outside_a_translation() -> None:
    for template in TEMPLATES:
        text = template.read_text(encoding="utf-8")
        text = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}|{% comment %}.*?{% endcomment %}", "", text)
        text = re.sub(r"{% translate.*?%}|{% if LANGUAGE_CODE == \"(ja|en)\" %}.*?{% endif %}", "", text)
        assert re.findall(r"[ぁ-んァ-ヶ一-龠]+", text.replace("日本語", "")) == [], template


def test_the_compiled_catalogue_is_that_of_the_text() -> None:
    with (CATALOGUE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    source = (CATALOGUE / "django.po").read_text(encoding="utf-8")
    pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', source, re.MULTILINE)
    assert len(pairs) > 150
    for japanese, english_text in pairs:
        assert compiled[japanese] == english_text
