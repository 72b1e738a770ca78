"""Dates and numbers within a sentence, in the words of a language (Unicode CLDR and ``words.yaml``)."""

import datetime
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_compact_decimal, format_decimal

from kg.text_files import read_yaml

_QUALIFIERS = "~?%"
"""What EDTF puts behind a date that is not certain."""
_SEASON = re.compile(r"(\d{4})-2([1-4])")


@cache
def _words(tag: str) -> dict[str, Any]:
    every: dict[str, Any] = read_yaml(Path(__file__).with_suffix(".yaml"))
    return dict(every.get(tag, {}))


@cache
def locale_of(tag: str) -> Locale:
    """The CLDR locale in which dates and numbers of a language are written; English as in Britain."""
    return Locale.parse("en_GB" if tag == "en" else tag, sep="-" if "-" in tag else "_")


def first_day(value: str) -> datetime.date | None:
    """The day of a date, or the first of a month; ``None`` for anything else."""
    try:
        return datetime.date.fromisoformat(value if len(value) == 10 else value + "-01")
    except ValueError:
        return None


def spelled_out(date: str, tag: str) -> str:
    """A date of CLDR without the abbreviations that a language would rather have in full."""
    for short, long in _words(tag).get("spelled", {}).items():
        date = re.sub(rf"[ \xa0\u202f]{re.escape(short)}(?!\w)", f"\xa0{long}", date)
    return date


@lru_cache(20_000)
def date_text(value: str, tag: str) -> str:
    """A date as precise as it is known, without a preposition: 17 November 2025, November 2025, summer 2023."""
    return _date(value, tag, _bare)


@lru_cache(20_000)
def date_phrase(value: str, tag: str) -> str:
    """When something happened: on 17 November 2025, in November 2025, in 2025, between two dates."""
    return _date(value, tag, _with_preposition)


def _date(value: str, tag: str, one: Any) -> str:
    words = _words(tag)
    begin, slash, end = value.partition("/")
    if slash:
        first, last = (date_text(part, tag) if part not in ("", "..") else "" for part in (begin, end))
        kind = "between" if first and last else "since" if first else "until"
        return str(words.get(kind, "{first} – {last}").format(first=first, last=last, date=first or last)).strip(" –")
    bare = value.rstrip(_QUALIFIERS)
    return str(one(bare, tag) if bare == value else words.get("about", "{date}").format(date=_bare(bare, tag)))


def _bare(value: str, tag: str) -> str:
    day, locale = first_day(value), locale_of(tag)
    if day and len(value) == 10:
        return spelled_out(str(format_date(day, "long", locale=locale)), tag)
    if day:
        return spelled_out(str(format_date(day, str(locale.datetime_skeletons["yMMMM"].pattern), locale=locale)), tag)
    if value.isdecimal():
        return str(_words(tag).get("bare_year", "{year}").format(year=value))
    season = _SEASON.fullmatch(value)
    names = _words(tag).get("seasons")
    return str(names[int(season[2]) - 1].format(year=season[1])) if season and names else value


def _with_preposition(value: str, tag: str) -> str:
    day, words = first_day(value), _words(tag)
    kind = "season" if _SEASON.fullmatch(value) else "year" if day is None else "day" if len(value) == 10 else "month"
    if kind == "year" and not value.isdecimal():
        return value
    month = words["months"][day.month - 1] if day and "months" in words else ""
    bare = _bare(value, tag)
    return str(words.get(kind, "{date}").format(date=bare, season=bare, month=month, year=value[:4]))


@lru_cache(20_000)
def number_text(text: str, tag: str, form: str = "long") -> str:
    """A number with the separators of a language, round millions in words; anything else as it is.

    :param form: ``long`` (1.5 billion) or ``short`` (1,5 млрд), which no word before it changes
    """
    try:
        locale = locale_of(tag)
        if is_round(text):
            return str(format_compact_decimal(text, format_type=form, locale=locale, fraction_digits=3))  # type: ignore[arg-type]
        return str(format_decimal(text, locale=locale, group_separator=abs(float(text)) >= 10000))
    except (ValueError, ArithmeticError):
        return text


def is_round(text: str) -> bool:
    """Whether a number is in millions or more and has four digits at most before its zeros: 1.5 billion."""
    number = text.removesuffix(".0").lstrip("-")
    return number.isdecimal() and len(number) > 6 and len(number.rstrip("0")) <= 4


def quantity(number: str, unit: str, how: str, governing: str, tag: str) -> str:
    """A value with its unit and what qualifies it: at least 10 laboratories, rank 43.

    :param unit: the name of the unit, or a template with ``{value}``; empty for none
    :param how: the word before it: at least, about
    :param governing: the name of that concept, which decides on the form of the unit in some languages
    """
    words = _words(tag)
    if qualified := words.get("qualified", {}).get(governing):
        return str(qualified.format(value=quantity(number, unit, "", "", tag)))
    value = " ".join(filter(None, (how, number_text(number, tag, "long" if tag == "en" else "short"))))
    template = unit if "{value}" in unit else f"{{value}} {unit}".strip()
    if "scarce" in words and _is_scarce(number, not how or governing in words["sparing"], tag):
        name = template.replace("{value}", "").strip()
        if template.startswith("{value} ") and name.isalpha() and name.islower():
            return str(words["scarce"].format(unit=name, value=value))
    return template.replace("{value}", value)


def _is_scarce(number: str, is_counted: bool, tag: str) -> bool:
    """Whether a number asks for another form of its unit than most numbers do, as 3 and 21 in Russian."""
    if is_round(number):
        return False
    try:
        category = locale_of(tag).plural_form(abs(float(number)))
    except ValueError:
        return False
    return category != "many" if is_counted else category == "one"


def phrase(key: str, tag: str, **values: str) -> str:
    """One of the phrases of a language, else the English one."""
    return str((_words(tag).get(key) or _words("en")[key]).format(**values))


def truth(value: bool, tag: str) -> str:
    """Yes or no."""
    return str((_words(tag).get("truth") or _words("en")["truth"])[value])


def joined(names: list[str], tag: str) -> str:
    """Names as a list in a sentence: A, B and C."""
    return str(format_list(names, locale=locale_of(tag)))
