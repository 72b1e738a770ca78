"""The reader: language and theme (address, else cookie, else browser); dates and numbers as CLDR writes them."""

import datetime
import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel import Locale, localedata
from babel.core import get_global
from babel.dates import format_date, format_interval
from flask import Flask, Response, has_request_context, request
from flask_babel import gettext

from kg.sentences.words import first_day, locale_of, number_text, spelled_out
from web.addresses import site_address
from web.messages import Interface, languages, said, said_in_full

THEMES = ("auto", "light", "dark")
_CHOSEN = "reader.language"
_BASIC_CYRILLIC = frozenset({"be", "bg", "mk", "ru", "sr", "uk"})
"""The languages in Cyrillic that need no letters beyond the first block of Unicode."""
_QUALIFIERS = "~?%"
"""What EDTF puts behind a date that is not certain."""
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
        known = request.environ[_CHOSEN] = _chosen_language()
    return known


def _chosen_language() -> str:
    for wanted in (request.args.get("lang"), request.cookies.get("lang")):
        if wanted in languages():
            return str(wanted)
    return request.accept_languages.best_match(languages()) or "en"


def theme() -> str:
    """The theme: ``theme=`` in the address, else the cookie, else ``auto`` (what the system prefers)."""
    for wanted in (request.args.get("theme"), request.cookies.get("theme")):
        if wanted in THEMES:
            return str(wanted)
    return "auto"


def load_languages() -> None:
    """Read what CLDR says of the languages of the interface, so that processes that are forked later share it."""
    for tag in languages():
        localedata.load(str(Locale.parse(tag, sep="-")))


def native_name(tag: str) -> str:
    """The name of a language in that language."""
    name = str(Locale.parse(tag, sep="-").get_display_name())
    return name[:1].upper() + name[1:]


def scripts_of(tag: str) -> frozenset[str]:
    """The scripts of a language as the files of fonts name them: latin, cyrillic and cyrillic-ext."""
    likely = get_global("likely_subtags").get(tag.replace("-", "_"), tag)
    if "Cyrl" not in likely:
        return frozenset({"latin"})
    return frozenset({"cyrillic"} if tag in _BASIC_CYRILLIC else {"cyrillic", "cyrillic-ext"})


def show_date(text: str | datetime.date | None) -> str:
    """A date as precise as it is known: 17 November 2025, November 2025, 2025, summer 2023, an interval."""
    if text is None:
        return ""
    return _date(text.isoformat() if isinstance(text, datetime.date) else str(text), language())


@lru_cache(20_000)
def _date(value: str, tag: str) -> str:
    """A date in the language of the reader, by which it is cached."""
    begin, slash, end = value.partition("/")
    if slash:
        return _interval(begin, end, tag)
    bare = value.rstrip(_QUALIFIERS)
    if bare == value:
        return _one_date(value, tag)
    return str(gettext("about %(date)s", date=_one_date(bare, tag, inflected=True)))


def _interval(begin: str, end: str, tag: str) -> str:
    if begin in ("", ".."):
        return str(gettext("by %(date)s", date=_one_date(end.rstrip(_QUALIFIERS), tag, inflected=True)))
    if end in ("", ".."):
        return str(gettext("from %(date)s", date=_one_date(begin.rstrip(_QUALIFIERS), tag, inflected=True)))
    first, last = first_day(begin), first_day(end)
    if first and last and len(begin) == len(end):
        text = str(format_interval(first, last, "yMMMd" if len(end) == 10 else "yMMMM", locale=locale_of(tag)))
        return spelled_out(text.replace("\u2009", " "), tag)  # a line may be broken at the dash
    return f"{_date(begin, tag)} – {_date(end, tag)}"


def _one_date(value: str, tag: str, inflected: bool = False) -> str:
    """One date.

    :param inflected: whether a preposition stands before it, after which a language may inflect the month
    """
    locale = locale_of(tag)
    day = first_day(value)
    if day and len(value) == 10:
        return spelled_out(str(format_date(day, "long", locale=locale)), tag)
    if day:
        pattern = str(locale.datetime_skeletons["yMMMM"].pattern)
        # CLDR writes the month that stands alone with L, the inflected one with M.
        text = str(format_date(day, pattern.replace("L", "M") if inflected else pattern, locale=locale))
        return spelled_out(text, tag)
    if season := re.fullmatch(r"(\d{4})-(2[1-4])", value):
        return str(_SEASONS[season.group(2)](season.group(1)))
    return value


def show_number(value: object) -> str:
    """A number with the reader's separators, round millions in words; anything else as it is."""
    return number_text(str(value), language())


def register(app: Flask) -> None:
    """Set up translation, filters and what every template knows of the reader."""
    Interface(app, locale_selector=language)
    app.jinja_env.filters.update(date=show_date, number=show_number, said=said, said_in_full=said_in_full)
    app.context_processor(lambda: {"locale": language(), "theme": theme()})
    app.after_request(_keep_choices)


def _keep_choices(response: Response) -> Response:
    """Caches tell readers apart; a redirect within the site leads to the language and theme that the address asked
    for, unless it sets them."""
    if response.mimetype == "text/html":
        response.vary.update(["Cookie", "Accept-Language"])
    target = response.headers.get("Location", "")
    if not target:
        return response
    wanted = {key: request.args[key] for key in ("lang", "theme") if request.args.get(key)}
    is_ours = target.startswith((site_address(), request.script_root + "/"))
    if wanted and is_ours and request.endpoint != "pages.preferences":
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        missing = {key: value for key, value in wanted.items() if key not in query}
        more = "&".join(filter(None, (parts.query, urlencode(missing))))
        response.headers["Location"] = parts._replace(query=more).geturl()
    return response
