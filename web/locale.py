"""The reader: language and theme (address, else cookie, else browser); dates and numbers in that form."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_decimal, format_decimal
from flask import Flask, g, has_request_context, request
from flask_babel import gettext

from web.messages import Interface

LANGUAGES = ("en", "ru")
_CHOSEN = "reader.language"
THEMES = ("auto", "light", "dark")
_YEAR = re.compile(r"\s\d{4}(\s*г\.)?$")
_SEASONS: dict[str, Callable[[str], str]] = {
    "21": lambda year: gettext("spring %(year)s", year=year),
    "22": lambda year: gettext("summer %(year)s", year=year),
    "23": lambda year: gettext("autumn %(year)s", year=year),
    "24": lambda year: gettext("winter %(year)s", year=year),
}


def language() -> str:
    """The language of the interface: ``lang=`` in the address, else the cookie, else what the browser asks for."""
    if not has_request_context():
        return "en"
    known: str | None = request.environ.get(_CHOSEN)
    if known is None:
        known = request.environ[_CHOSEN] = _chosen()
    return known


def _chosen() -> str:
    for wanted in (request.args.get("lang"), request.cookies.get("lang")):
        if wanted in LANGUAGES:
            return str(wanted)
    return request.accept_languages.best_match(LANGUAGES) or "en"


def theme() -> str:
    """The theme: ``theme=`` in the address, else the cookie, else ``auto`` (what the system prefers)."""
    for wanted in (request.args.get("theme"), request.cookies.get("theme")):
        if wanted in THEMES:
            return str(wanted)
    return "auto"


def show_date(text: str | datetime.date | None) -> str:
    """A date as precise as it is known: 17 November 2025, November 2025, 2025, summer 2023, an interval."""
    if text is None:
        return ""
    return _date(text.isoformat() if isinstance(text, datetime.date) else str(text), language())


@lru_cache(20_000)
def _date(value: str, tag: str) -> str:
    """A date in the language of the reader, by which it is kept."""
    if "/" in value:
        begin, _, end = value.partition("/")
        return _interval(begin, end)
    bare = value.rstrip("~?%")
    shown = _one_date(bare, after=value != bare)
    return gettext("about %(date)s", date=shown) if value != bare else shown


def _interval(begin: str, end: str) -> str:
    if begin in ("", ".."):
        return str(gettext("by %(date)s", date=_one_date(end.rstrip("~?%"), after=True)))
    if end in ("", ".."):
        return str(gettext("from %(date)s", date=_one_date(begin.rstrip("~?%"), after=True)))
    first, last = show_date(begin), show_date(end)
    if len(begin) == len(end) == 10 and begin[:7] == end[:7]:
        return f"{int(begin[8:])}–{last}"
    if len(begin) == len(end) >= 7 and begin[:4] == end[:4]:
        return f"{_YEAR.sub('', first)} – {last}"
    return f"{first} – {last}"


def _one_date(value: str, after: bool = False) -> str:
    """One date; after a preposition Russian declines the month."""
    locale = Locale.parse(language())
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return format_date(datetime.date.fromisoformat(value), "d MMMM y", locale=locale)
    if season := re.fullmatch(r"(\d{4})-(2[1-4])", value):
        return str(_SEASONS[season.group(2)](season.group(1)))
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
        if after and locale.language == "ru":
            return format_date(datetime.date.fromisoformat(value + "-01"), "MMMM y\u202f'г'.", locale=locale)
        return format_skeleton("yMMMM", datetime.date.fromisoformat(value + "-01"), locale=locale)
    return value


def show_number(value: object) -> str:
    """A number with the reader's separators, round millions in words; anything else as it is."""
    return _number(str(value), language())


@lru_cache(20_000)
def _number(text: str, tag: str) -> str:
    try:
        if _is_round(text):
            return str(format_compact_decimal(text, format_type="long", locale=tag, fraction_digits=3))
        return str(format_decimal(text, locale=tag, group_separator=abs(float(text)) >= 10000))
    except (ValueError, ArithmeticError):
        return text


def _is_round(text: str) -> bool:
    """Whether a number is in millions or more and has four digits at most before its zeros: 1.5 billion."""
    number = text.removesuffix(".0").lstrip("-")
    return number.isdecimal() and len(number) > 6 and len(number.rstrip("0")) <= 4


def register(app: Flask) -> None:
    """Set up translation, filters and what every template knows of the reader."""
    Interface(app, locale_selector=language)
    app.jinja_env.filters.update(date=show_date, number=show_number)
    app.context_processor(lambda: {"locale": language(), "theme": theme()})
    app.after_request(_vary)
    app.before_request(lambda: g.setdefault("language", language()) and None)


def _vary(response):  # type: ignore[no-untyped-def]
    if response.mimetype == "text/html":
        response.vary.update(["Cookie", "Accept-Language"])
    return response
