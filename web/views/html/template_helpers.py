"""Small words that templates need beside names: definitions, lines about sources, reasons in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from babel import Locale, UnknownLocaleError
from flask import url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from markupsafe import Markup
from pyoxigraph import Literal, NamedNode

from kg.labels import Term
from kg.namespaces import BASE
from web.addresses import absolute
from web.answers.canned import Row
from web.answers.formats import GRAPHS
from web.locale import language, show_date
from web.views.html import blueprint
from web.views.html.facts import SOURCES, first, objects
from web.views.html.lifeline import Step
from web.views.html.nodes import english, share
from web.views.html.statements import is_translated
from web.views.html.terms import country_code, curie, name, node


def capitalise(text: str) -> str:
    """The text with a capital first letter; the rest stays, as AI must not become Ai."""
    return text[:1].upper() + text[1:]


def data_address(thing: Term | str) -> str:
    """The address of a thing on this site, to which the suffix of a format is put."""
    iri = thing if isinstance(thing, str) else str(getattr(thing, "value", ""))
    return url_for("pages.home") + quote(iri.removeprefix(BASE), safe="/-._~")


def alternates(thing: NamedNode) -> Markup:
    """Links in the head of a page to the same as data, and to its name."""
    address = data_address(thing)
    lines = [Markup('<link rel="canonical" href="{}">').format(absolute(address))]
    lines += [
        Markup('<link rel="alternate" type="{}" href="{}.{}">').format(form.media_type, address, form.suffix)
        for form in GRAPHS
    ]
    return Markup("\n  ").join(lines)


def in_language(terms: Sequence[Term]) -> str:
    """The text in the reader's language, else in English, else the first."""
    texts = [term for term in terms if isinstance(term, Literal)]
    for wanted in (language(), "en"):
        for term in texts:
            if term.language == wanted:
                return term.value
    return texts[0].value if texts else ""


def definition(thing: NamedNode) -> str:
    """What a concept or term means."""
    return in_language(objects(thing, "skos:definition"))


def preferred(concept: NamedNode) -> list[Term]:
    """The names of a concept in all languages."""
    return objects(concept, "skos:prefLabel")


def word(predicate: NamedNode) -> str:
    """What a property of another vocabulary is called on a page."""
    words = {
        "skos:definition": _("Meaning"),
        "skos:scopeNote": _("Scope"),
        "skos:note": _("Note"),
        "skos:notation": _("Sign"),
        "skos:broader": _("Broader"),
        "skos:example": _("Example"),
        "skos:altLabel": _("Also called"),
        "skos:closeMatch": _("Close to"),
        "skos:exactMatch": _("Same as"),
        "skos:broadMatch": _("Part of"),
        "skos:relatedMatch": _("Related to"),
        "aip:statusAfter": _("Status after it"),
        "aip:rank": _("Place among steps of a day"),
    }
    return str(words.get(curie(predicate)) or capitalise(name(predicate).text))


def country_of(thing: NamedNode) -> str:
    """The code of the state a thing belongs to, for the colour of its dot."""
    return next((code for term in objects(thing, "aip:country") if (code := country_code(term))), "")


def source_line(source: NamedNode) -> str:
    """Publisher and date of a source."""
    publisher, issued = (first(source, p, SOURCES) for p in ("dcterms:publisher", "dcterms:issued"))
    when = show_date(issued.value) if isinstance(issued, Literal) else _("undated")
    return ", ".join(part for part in (name(publisher).text, when) if part)


def language_name(tag: str) -> str:
    """The name of a language in the reader's language."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(language()) or tag
    except (UnknownLocaleError, ValueError):
        return tag


def reason_text(text: str) -> str:
    """Why a state cannot be computed, in the reader's language."""
    words = {
        "a factor without a baseline": _("a factor without a baseline"),
        "the metric does not say whether more or less is better": _(
            "the metric does not say whether more or less is better"
        ),
        "completed after the deadline": _("completed after the deadline"),
        "measured after the deadline and short of the value": _("measured after the deadline and short of the value"),
        "first seen to be reached after the deadline": _("first seen to be reached after the deadline"),
        "neither a value nor a deadline": _("neither a value nor a deadline"),
    }
    return str(words.get(text, text))


def coverage_word(row: Row) -> str:
    """Found, looked for in vain, or not looked for."""
    return name(row["result"]).text


_LOOKS = {
    "in-force": ("in-force", "applied", "in-operation", "active", "established", "completed"),
    "decided": ("adopted", "signed"),
    "ended": ("repealed", "cancelled", "abolished", "suspended"),
    "prepared": (
        "proposed",
        "in-preparation",
        "announced",
        "before-parliament",
        "under-construction",
        "planned",
        "pilot",
    ),
}
_LOOK = {f"concept:status-{status}": look for look, statuses in _LOOKS.items() for status in statuses}


def step_look(step: Step) -> str:
    """The class of a step in a drawing: by the status that it leaves behind."""
    return _LOOK.get(curie(step.status), "other") if step.status is not None else "other"


def responsible_for(formulation: Term) -> list[Term]:
    """Who is to deliver what a wording asks for."""
    return objects(formulation, "aip:responsibleBody") if isinstance(formulation, NamedNode) else []


def rank_years(ranks: Mapping[Term, Mapping[str, object]]) -> list[str]:
    """The years of which any rank is known."""
    return sorted({year for years in ranks.values() for year in years})


@blueprint.record_once
def _register(state: BlueprintSetupState) -> None:
    """Make these words known to templates."""
    environment = state.app.jinja_env
    environment.filters["capitalise"] = capitalise
    environment.globals.update(
        alternates=alternates,
        country_of=country_of,
        coverage_word=coverage_word,
        data_address=data_address,
        definition=definition,
        english=english,
        language_name=language_name,
        node=node,
        preferred=preferred,
        rank_years=rank_years,
        reason_text=reason_text,
        responsible_for=responsible_for,
        share=share,
        source_line=source_line,
        step_look=step_look,
        translated=is_translated,
        word=word,
    )
