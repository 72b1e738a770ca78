"""``kg new-source`` and ``kg correct``: a source file to fill in, empty or from a correction that a reader has sent."""

import datetime
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import click
from pyoxigraph import Literal, NamedNode, Store

from kg.commands.common import registry_countries, settings, snapshot
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

FILL_IN = "FILL-IN"
PLACEHOLDER_URL = f"https://example.org/{FILL_IN}"


@click.command("new-source")
@click.argument("slug")
@click.option(
    "--country",
    callback=lambda _ctx, _parameter, value: _folder(value),
    required=True,
    help="Folder to put it in: the code of a country of the registry, or int.",
)
@click.option("--title", default=FILL_IN, help="Title as published.")
@click.option("--url", default=PLACEHOLDER_URL, help="Address of the page.")
@click.option("--language", default="en", help="Language of the page (BCP 47).")
def new_source_command(slug: str, country: str, title: str, url: str, language: str) -> None:
    """Write data/sources/COUNTRY/SLUG.trig with one passage and one claim to fill in."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise UsageError(f"{slug!r} is not a slug", hint="lower-case letters, digits and single hyphens")
    _check(url, language)
    path = settings().data / "sources" / country / f"{slug}.trig"
    if path.exists():
        raise UsageError(f"{path} is there already", hint="choose another slug, or edit that file")
    escaped = " ".join(title.split()).replace("\\", "\\\\").replace('"', '\\"')
    _write(path, "new-source.trig", {"COUNTRY": country, "TITLE": escaped, "URL": url, "LANGUAGE": language})
    click.echo(f"Fill it in, then: kg validate {path}", err=True)


def _check(url: str, language: str) -> None:
    """Check that an address can stand in a Turtle file as it is, and a language tag.

    :raises UsageError: if one cannot
    """
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", url):
        raise UsageError(f"{url!r} is not a web address", hint="it begins with https:// and has no spaces or quotes")
    if bad := check_tag(language):
        hint = f"write {bad.suggestion}" if bad.suggestion else "for example en, ru, kk, uz-Latn"
        raise UsageError(f"{language!r} {bad.problem}", hint=hint)


def _write(path: Path, template: str, values: Mapping[str, str]) -> None:
    """Write a template with its values, the name of the file and the day filled in, and say where."""
    filled = {"SLUG": path.stem, "TODAY": datetime.date.today().isoformat(), **values}
    text = Path(__file__).with_name(template).read_text("utf-8")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(re.sub(r"\{\{(\w+)\}\}", lambda match: filled[match[1]], text), "utf-8")
    click.echo(path)


def _folder(name: str) -> str:
    """The folder of that name.

    :raises click.BadParameter: if it is none
    """
    folders = [*(country.code for country in registry_countries()), "int"]
    if name not in folders:
        raise click.BadParameter(f"{name!r} is not one of {', '.join(map(repr, folders))}.")
    return name


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
    _write(path, "correction.trig", _values(store, subject, fields))
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
    language, address = fields.get("Language", "en"), fields.get("Source address", PLACEHOLDER_URL)
    _check(address, language)
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
    # No iterator of the store has a name here: an error would take it along, and only its own thread may drop it.
    now = next((quad.object for quad in store.quads_for_pattern(subject, predicate, None, GRAPH.accepted)), None)
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
