"""Translations of the interface, read from the .po files themselves.

A compiled file beside each .po would be a second truth that grows stale; reading takes some 30 ms, once in the life of
a process, and nothing has to be run before a text can be tried. New texts are taken up by

    pybabel extract -F web/translations/babel.cfg --no-location --sort-output -o messages.pot .
    pybabel update -i messages.pot -d web/translations --no-fuzzy-matching --ignore-pot-creation-date
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, get_locale

FOLDER = Path(__file__).parent / "translations"


class Messages(Domain):  # type: ignore[misc]  # Flask-Babel publishes no types
    """Where Flask-Babel looks for the text of a message."""

    def get_translations(self) -> NullTranslations:
        """The messages in the reader's language; English is what the code says."""
        locale = get_locale()
        return translations(locale.language) if locale else NullTranslations()


@cache
def translations(language: str) -> NullTranslations:
    """The messages of a language; without a file for it, those of the code."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


class Interface(Babel):  # type: ignore[misc]  # Flask-Babel publishes no types
    """Flask-Babel with its texts from here."""

    domain_instance = Messages()

    def init_app(self, app: Flask, locale_selector: Callable[[], str], **options: object) -> None:
        """As Flask-Babel, but templates come to their texts straight: a long page asks for thousands."""
        super().init_app(app, locale_selector=locale_selector, **options)
        app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
            lambda text: translations(locale_selector()).gettext(text),
            lambda one, many, number: translations(locale_selector()).ngettext(one, many, number),
            newstyle=True,
        )


def extract_kinds(
    file: BinaryIO, keywords: object, tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """The titles and explanations of ``web.problems.PROBLEM_KINDS`` for pybabel: templates translate them by variable.

    :param file: ``web/problems.yaml``, as pybabel opened it
    """
    from web.problems import PROBLEM_KINDS

    for kind in PROBLEM_KINDS.values():
        yield 0, "gettext", kind.title, []
        yield 0, "gettext", kind.explanation, []


def extract_descriptions(
    file: BinaryIO, keywords: object, tags: object, options: object
) -> Iterator[tuple[int, str, str, list[str]]]:
    """The description of a canned query for pybabel: its page shows it in the reader's language.

    :param file: ``queries/<slug>.rq``, as pybabel opened it
    """
    from kg.query import load_queries
    from web.ui_labels import plain_description

    path = Path(file.name)
    yield 0, "gettext", plain_description(load_queries(path.parent)[path.stem]), []
