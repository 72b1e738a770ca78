"""All that the templates of pages can call, registered once by the application."""

import datetime
import re
from collections.abc import Callable, Sequence

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from flask import Flask
from flask_babel import gettext as _
from jinja2.ext import Extension
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from kg.namespaces import PREFIXES
from kg.releases.archive import Release
from kg.sentences.words import locale_of
from kg.terms import AIP, DCTERMS, SKOS, Term
from web.addresses import absolute
from web.answers.arguments import MAX_CHARACTERS
from web.answers.canned import Row
from web.answers.formats import GRAPHS
from web.answers.statements import is_told_in_english, sentence_of_statement, sentences, sentences_on
from web.locale import language, native_name, show_date
from web.messages import languages
from web.snapshot import snapshot
from web.ui_labels import TARGET_STATES, description_of, plain_description
from web.views.html.shared import evidence_badge as badges
from web.views.html.shared import lookup, terms
from web.views.html.shared.assets import asset, correction_link, fonts, navigation
from web.views.html.shared.description import is_translated
from web.views.html.shared.lookup import SOURCES, first, objects
from web.views.html.shared.model import model
from web.views.html.shared.terms import data_address, definition_of, href, name

_BADGE_CLASSES = {
    "good": "state-met state-about-met state-met-time-unknown state-on-course status-in-force status-applied "
    "status-in-operation status-active "
    "status-completed status-adopted status-established status-signed resolution-resolved coverage-found",
    "warn": "state-due-not-looked-up state-behind status-suspended coverage-not-found",
    "bad": "state-overdue state-missed status-repealed status-cancelled status-abolished resolution-unresolved",
    "none": "state-superseded state-not-computable",
}
_BADGE_CLASS_OF = {concept: css for css, concepts in _BADGE_CLASSES.items() for concept in concepts.split()}


class Unindented(Extension):
    """Compiles HTML templates without the indentation of their lines, which is a third of a page with a long table."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source without indentation, its lines as they are numbered."""
        return re.sub(r"(?<=\n)[ \t]+", "", source) if (name or "").endswith(".html") else source


def is_html_date(text: str) -> bool:
    """Whether HTML knows such a date (the value of ``datetime``): a year, a month or a day, no season or interval."""
    return re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", text) is not None


def register(app: Flask) -> None:
    """Give the templates of pages what they call."""
    app.jinja_env.add_extension(Unindented)
    app.jinja_env.tests["html_date"] = is_html_date
    functions: tuple[Callable[..., object], ...] = (
        *(alternates, asset, badge_class, country_names, current, definition_of, description_of, english_first, fonts),
        *(lang_en, languages, model, native_name, navigation, plain_description, preferred_labels, progress_ratio),
        *(responsible_for, row_evidence, site_summary, snapshot_date, snapshot_name, source_line),
        *(current_release, latest_release),
        *(lookup.chosen_countries, lookup.country_class, lookup.country_of, lookup.covered_country, lookup.read_until),
        *(lookup.is_date, lookup.is_iri, lookup.is_number, lookup.sources_read_until, lookup.things_named),
        *(terms.curie, terms.data_address, href, name, is_translated),
        *(badges.evidence_badge, badges.is_unaccepted, badges.marks_on_page, badges.marked_sentences),
        *(badges.proof_basis, is_told_in_english, sentences_on),
        *(sentence_of_statement, correction_link, measure),
    )
    app.jinja_env.globals.update({function.__name__: function for function in functions})
    app.jinja_env.globals.update(as_node=lookup.node, target_states=TARGET_STATES, max_characters=MAX_CHARACTERS)
    filters: tuple[Callable[..., object], ...] = (capitalise, terms.curie, language_name, name, sentence)
    app.jinja_env.filters.update({function.__name__: function for function in filters})


def measure(comparator: Term | None, number: Term, unit: Term | None) -> str:
    """How a formulation puts its value: at least 10 laboratories."""
    given = ((AIP.comparator, comparator), (AIP.targetValue, number), (AIP.unit, unit))
    values = {predicate: [term] for predicate, term in given if term is not None}
    return "".join(part.text for part in sentences().words.measure("measure", values))


def country_names() -> str:
    """The names of the covered countries as a list in a sentence."""
    return str(format_list([name(one.iri).text for one in lookup.countries()], locale=locale_of(language())))


def site_summary() -> str:
    """What the site is about, in a sentence."""
    summary = _(
        "What %(countries)s decided on artificial intelligence, who must deliver by when, and the evidence for it.",
        countries=country_names(),
    )
    return str(summary)


def snapshot_date() -> datetime.date | None:
    """The day the snapshot was built."""
    built = snapshot().modified
    return built.date() if built else None


def current_release() -> Release | None:
    """The release whose data this site shows; ``None`` if something was changed since."""
    return snapshot().release


def latest_release() -> Release | None:
    """The newest release."""
    return next(reversed(snapshot().releases), None)


def snapshot_name() -> str:
    """The name of the snapshot: a hash of content and code."""
    return snapshot().name


def capitalise(text: str) -> str:
    """The text with a capital first letter; the rest stays, as AI must not become Ai."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text as a sentence: a capital first letter and a full stop."""
    return capitalise(text) + ("" if text[-1:] in ".?!" else ".")


def lang_en() -> Markup:
    """The attribute of an element with English text, for readers of another language."""
    return Markup("") if language() == "en" else Markup(' lang="en"')


def current(is_current: bool, kind: str = "true") -> Markup:
    """The attribute of the link or button that is chosen."""
    return Markup(' aria-current="{}"').format(kind) if is_current else Markup("")


def badge_class(term: Term) -> str:
    """The classes of the badge of a state or status."""
    css = _BADGE_CLASS_OF.get(terms.curie(term).removeprefix("concept:"), "")
    return f"badge {css}".strip()


def alternates(thing: NamedNode) -> Markup:
    """Links in the head of a page to the same as data, and to its name."""
    address = data_address(thing)
    lines = [Markup('<link rel="canonical" href="{}">').format(absolute(address))]
    link = Markup('<link rel="alternate" type="{}" href="{}.{}">')
    lines += [link.format(form.media_type, address, form.suffix) for form in GRAPHS]
    return Markup("\n  ").join(lines)


def preferred_labels(concept: NamedNode) -> list[Term]:
    """The names of a concept in all languages."""
    return objects(concept, SKOS.prefLabel)


def english_first(values: Sequence[Term]) -> list[Term]:
    """Texts once each: where a text stands in several languages, the English one."""
    english = [term for term in values if not isinstance(term, Literal) or term.language in (None, "en")]
    return english or list(values)


def source_line(source: NamedNode) -> str:
    """Publisher and date of a source."""
    publisher, issued = first(source, DCTERMS.publisher, SOURCES), first(source, DCTERMS.issued, SOURCES)
    date = show_date(issued.value) if isinstance(issued, Literal) else _("undated")
    return ", ".join(part for part in (name(publisher).text, date) if part)


def language_name(tag: str) -> str:
    """The name of a language in the reader's language; its tag if it has none."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(language()) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def responsible_for(formulation: Term | None) -> list[Term]:
    """The bodies responsible for a target as formulated."""
    return objects(formulation, AIP.responsibleBody) if isinstance(formulation, NamedNode) else []


def progress_ratio(row: Row) -> float | None:
    """The part of the way from the baseline, else from nothing, to the target value that is done, from 0 to 1.

    A rank has no zero to start from, so its progress is known only with a baseline.
    """
    value, reached, baseline = row.number("value"), row.number("reached"), row.number("baseline")
    if value is None or reached is None:
        return None
    if row.text("comparator").endswith("times-baseline"):
        value = value * baseline if baseline else 0.0
    if baseline is None and (row.text("unit").endswith("unit-rank") or value <= 0):
        return None
    start = baseline or 0.0
    return None if value == start else min(1.0, max(0.0, (reached - start) / (value - start)))


def row_evidence(row: Row) -> tuple[str, str] | None:
    """The sign at the end of a row of an answer and where it leads."""
    evidence = row.get("evidence")
    address = href(evidence)
    if not isinstance(evidence, NamedNode) or address is None:
        return None
    if evidence.value.startswith(PREFIXES["graph"]):
        kind, sign = ("inferred", "∴") if evidence.value.endswith("inferred") else ("registry", "≡")
        badges.note_mark(kind)
        return sign, address
    badges.note_mark("asserted")
    return row.text("sources") or "1", address
