"""``kg correct``: a correction that a reader has sent becomes a source file to finish."""

import datetime
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from pyoxigraph import Literal, NamedNode, Store

from kg.commands.common import settings, snapshot
from kg.commands.new_source import PLACEHOLDER_URL, is_address
from kg.corrections import read_form
from kg.dates import DATE_DATATYPES, datatype_for
from kg.errors import UnknownThingError, UsageError
from kg.identifiers import find_iri
from kg.keys import key_properties
from kg.language_tags import check_tag
from kg.lookup import find_thing
from kg.namespaces import local_name, shorten
from kg.terms import AIP, GRAPH, RDF, XSD, Term, is_assertion
from kg.text_files import decode, read_text

TEMPLATE = Path(__file__).with_name("correction.trig")
FILL_IN = "FILL-IN"


@click.command("correct")
@click.argument("form", type=click.Path(allow_dash=True, dir_okay=False, path_type=Path))
def correct_command(form: Path) -> None:
    """Turn a correction that a reader sent (FORM, or - for standard input) into a draft source file.

    FORM is the text that the links "Report a mistake" of the site prepare, with what the reader added. What is left to
    fill in is marked; the claim that is corrected stays, and a ruling decides between the two.
    """
    name = "standard input" if str(form) == "-" else str(form)
    text = decode(sys.stdin.buffer.read(), name, "utf-8-sig") if str(form) == "-" else read_text(form, "utf-8-sig")
    fields, store = read_form(text), snapshot()
    subject = find_thing(store, fields["Thing"]) if "Thing" in fields else None
    if subject is None:
        raise UsageError("the correction names no thing", hint="add a line: Thing: id:NAME")
    path = _free_path(subject)
    filled = {"SLUG": path.stem, **_values(store, subject, fields)}
    draft = re.sub(r"\{\{(\w+)\}\}", lambda match: filled[match[1]], TEMPLATE.read_text("utf-8"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft, "utf-8")
    click.echo(path)
    click.echo(f"Who says what so far: kg evidence {shorten(subject.value)}", err=True)
    click.echo(f"Read the source, fill in what is left, then: kg validate {path}", err=True)


def _free_path(subject: NamedNode) -> Path:
    """Where the draft goes: the folder of the state that the thing belongs to, under a name that is free."""
    name = local_name(subject.value)
    folder = settings().data / "sources" / name.partition("-")[0]
    stem = re.sub("-+", "-", f"correction-{name}")[:80].strip("-")
    numbered = (folder / f"{stem}-{number}.trig" for number in range(1, 1000))
    return next(path for path in numbered if not path.exists())


def _values(store: Store, subject: NamedNode, fields: Mapping[str, str]) -> dict[str, str]:
    language = fields.get("Language", "en")
    if bad := check_tag(language):
        raise UsageError(f"{language!r} {bad.problem}", hint=f"write {bad.suggestion or 'en, ru, kk, …'}")
    address = fields.get("Source address", PLACEHOLDER_URL)
    if not is_address(address):
        raise UsageError(
            f"{address!r} is not a web address", hint="it begins with https:// and has no spaces or quotes"
        )
    return {
        "PAGE": _comment(fields.get("Page", "a page of the site")),
        "THING": shorten(subject.value),
        "VALUE": _comment(fields.get("Value", "what the page says")),
        "TITLE": str(Literal(fields.get("Source title", FILL_IN), language=language)),
        "ISSUED": _date(fields.get("Published on", "")),
        "LANGUAGE": language,
        "URL": address,
        "LOCATOR": str(Literal(fields.get("Place in the source", f"{FILL_IN}: paragraph 1, article 3, table 2"))),
        "PARAPHRASE": str(Literal(fields.get("What it says", f"{FILL_IN}: in your own words"), language="en")),
        "TODAY": datetime.date.today().isoformat(),
        "KEY": "".join(f"{_written(p)} {_written(value)} ;\n        " for p, value in _key(store, subject)),
        **_claim(store, subject, fields),
    }


def _key(store: Store, subject: NamedNode) -> Iterator[tuple[NamedNode, Term]]:
    """What every assertion about a node with a key says of it again: its type, and the values of the key."""
    typed = list(store.quads_for_pattern(subject, RDF.type, None))
    claimed = {quad.object for quad in typed if is_assertion(quad.graph_name)}
    types = {quad.object for quad in typed if quad.graph_name == GRAPH.accepted}
    templates = [q.object for q in store.quads_for_pattern(None, AIP.keyTemplate, None) if q.subject in types]
    for template in templates[:1]:
        yield from ((RDF.type, type_) for type_ in sorted(claimed, key=str))
        for predicate in key_properties(getattr(template, "value", "")):
            for quad in store.quads_for_pattern(subject, predicate, None, GRAPH.accepted):
                yield predicate, quad.object


def _written(term: Term) -> str:
    if term == RDF.type:
        return "a"
    return shorten(term.value) if isinstance(term, NamedNode) else str(term)


def _claim(store: Store, subject: NamedNode, fields: Mapping[str, str]) -> dict[str, str]:
    """Property and value of the claim that the reader makes."""
    if "Property" not in fields:
        return {"PROPERTY": f"aip:{FILL_IN}", "CORRECT": f'"{FILL_IN}"'}
    predicate = find_iri(store, fields["Property"], ("aip",))
    if predicate is None:
        hint = f"kg describe {shorten(subject.value)} shows those it has"
        raise UnknownThingError(f"there is no property {fields['Property']!r}", hint=hint)
    value = fields.get("Correct value", "")
    correct = str(_correct(store, subject, predicate, value)) if value else f'"{FILL_IN}"'
    return {"PROPERTY": shorten(predicate.value), "CORRECT": correct}


def _correct(store: Store, subject: NamedNode, predicate: NamedNode, text: str) -> Term:
    """A value of the kind that the property has now: a thing, a date as precise as it is written, a number, a text."""
    quads = store.quads_for_pattern(subject, predicate, None, GRAPH.accepted)
    now = next((quad.object for quad in quads), None)
    if isinstance(now, NamedNode):
        return find_thing(store, text)
    datatype = now.datatype if isinstance(now, Literal) else XSD.string
    if datatype in DATE_DATATYPES:
        return Literal(text, datatype=_date_type(text))
    if isinstance(now, Literal) and now.language:
        return Literal(text, language=now.language)
    return Literal(text, datatype=datatype)


def _date_type(text: str) -> NamedNode:
    datatype = datatype_for(text)
    if datatype is None:
        raise UsageError(f"{text!r} is not a date", hint="write 2026-11-25, 2026-11 or 2026")
    return datatype


def _date(text: str) -> str:
    return str(Literal(text, datatype=_date_type(text))) if text else f'"{FILL_IN}"^^xsd:date'


def _comment(text: str) -> str:
    """A text that can stand in one line of comment."""
    return " ".join(text.split())[:200]
