"""Translations of the interface, read from the .po files themselves.

Flask-Babel's own loader reads compiled .mo files: a checkout, test or wheel would show no text before a build step, and
a stale .mo would hide a new one. Reading a .po takes some 30 ms, once in the life of a process. A folder
``translations/<tag>`` is all that a language needs; new texts are added by

    pybabel extract -k Message -F web/translations/babel.cfg --no-location --sort-output -o messages.pot .
    pybabel update -i messages.pot -d web/translations --no-fuzzy-matching --ignore-pot-creation-date
"""

import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO
from unicodedata import category

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, get_locale

from kg.message import Message, spoken
from kg.sentences.words import number_text

FOLDER = Path(__file__).parent / "translations"
PO_FILE = "LC_MESSAGES/messages.po"
Texts = Iterator[tuple[int, str, str, list[str]]]


@cache
def languages() -> tuple[str, ...]:
    """The language tags of the interface: English, which the code speaks, and those with translations."""
    return ("en", *sorted(path.parent.parent.name.replace("_", "-") for path in FOLDER.glob(f"*/{PO_FILE}")))


@cache
def translations(tag: str) -> NullTranslations:
    """The messages in a language; without a file for it, those of the code."""
    path = FOLDER / tag.replace("-", "_") / PO_FILE
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


class Messages(Domain):  # type: ignore[misc]  # Flask-Babel publishes no types
    """Where Flask-Babel looks for the text of a message."""

    def get_translations(self) -> NullTranslations:
        """The messages in the reader's language."""
        locale = get_locale()
        return translations(str(locale)) if locale else NullTranslations()


class Interface(Babel):  # type: ignore[misc]  # Flask-Babel publishes no types
    """Flask-Babel with the texts of this module."""

    domain_instance = Messages()

    def init_app(self, app: Flask, locale_selector: Callable[[], str], **options: object) -> None:
        """As Flask-Babel, but templates look up texts directly: a long page has thousands.

        :param locale_selector: gives the language tag of the reader
        """
        super().init_app(app, locale_selector=lambda: locale_selector().replace("-", "_"), **options)
        app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
            lambda text: translations(locale_selector()).gettext(text),
            lambda one, many, number: translations(locale_selector()).ngettext(one, many, number),
            newstyle=True,
        )


_JOINERS = "\n\u200c\u200d\u00ad"
"""Characters without a form of their own that texts may have."""


def said(text: str) -> str:
    """A message of the code in the reader's language, any other text as it is; with what cannot be seen written out."""
    locale = get_locale()
    tag = str(locale) if locale else "en"
    words = spoken(text, translations(tag).gettext, lambda count: number_text(str(count), tag.replace("_", "-")))
    return visible(words)


def visible(text: str) -> str:
    """A text with the characters that cannot be seen, or turn the text around them, as U+202E."""
    if text.isprintable():
        return text
    return "".join(f"U+{ord(one):04X}" if one not in _JOINERS and category(one)[0] == "C" else one for one in text)


def said_in_full(text: str) -> str:
    """The same as a sentence: a capital letter, unless a value begins it, and a full stop."""
    words, own = said(text), said(Message(text.template)) if isinstance(text, Message) else text
    begin = words[:1] if own.startswith("%(") else words[:1].upper()
    return begin + words[1:] + ("" if words[-1:] in ".?!…" else ".")


def extract_kinds(file: BinaryIO, keywords: object, tags: object, options: object) -> Texts:
    """The titles and explanations of ``web.problems.PROBLEM_KINDS`` for pybabel: templates translate them by variable.

    :param file: ``web/problems.yaml``, as pybabel opened it
    """
    from web.problems import PROBLEM_KINDS

    for kind in PROBLEM_KINDS.values():
        for text in (kind.title, kind.explanation):
            yield 0, "gettext", text, []


def extract_labels(file: BinaryIO, keywords: object, tags: object, options: object) -> Texts:
    """The texts of ``web.ui_labels`` for pybabel.

    :param file: ``web/ui_labels.yaml``, as pybabel opened it
    """
    from web.ui_labels import own_texts

    for text in own_texts():
        yield 0, "gettext", text, []


def extract_queries(file: BinaryIO, keywords: object, tags: object, options: object) -> Texts:
    """The texts of a canned query for pybabel: its description, its parameters and the headings of its columns.

    :param file: ``queries/<slug>.rq``, as pybabel opened it
    """
    from kg.query import parse_query
    from web.ui_labels import texts_of

    for text in texts_of(parse_query(Path(file.name))):
        yield 0, "gettext", text, []


def extract_tables(file: BinaryIO, keywords: object, tags: object, options: object) -> Texts:
    """The titles and descriptions of the tables of the downloads and of their columns for pybabel.

    :param file: what all tables share, as pybabel opened it; a column may be of that file or of that of its table
    """
    from kg.tabular.schema import load_tables

    for table in load_tables().values():
        for text in (table.title, table.description, *(column.description for column in table.columns)):
            yield 0, "gettext", text, []
