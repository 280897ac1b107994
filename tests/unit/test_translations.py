"""The screens in two languages: nothing without English, nothing that cannot be translated."""

import re

import pytest

from viewer import translate

TEMPLATES = sorted((translate.HERE / "templates").rglob("*.html"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
#: what people would type, shown as an example, is Vietnamese in every language
EXAMPLE = re.compile(r"<code[^>]*>.*?</code>", re.DOTALL)
TAG = re.compile(r"<[^>]*>", re.DOTALL)
LETTERS = re.compile(r"[À-ỹ]")


@pytest.fixture(scope="module")
def catalogue():
    return translate.extract()


def placeholders(text: str | tuple[str, ...]) -> set[str]:
    return set(PLACEHOLDER.findall(" ".join(text) if isinstance(text, tuple) else text))


def test_every_string_has_english(catalogue):
    assert translate.missing(catalogue) == []


def test_translations_keep_their_placeholders(catalogue):
    wrong = [
        message.id for message in catalogue
        if message.id and message.string and placeholders(message.id) != placeholders(message.string)
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(translate.HERE / "templates")))
def test_no_vietnamese_outside_translation(path):
    text = path.read_text("utf-8")
    bare = EXAMPLE.sub(" ", JINJA.sub(" ", text))
    left = [line.strip() for line in [*TAG.sub(" ", bare).splitlines(), *TAG.findall(bare)] if LETTERS.search(line)]
    assert left == []
