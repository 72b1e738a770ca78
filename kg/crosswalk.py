"""The mappings of the graph to other vocabularies, as SSSOM/TSV (https://mapping-commons.github.io/sssom/)."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

import yaml
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.catalogue import LICENCE, MAPPINGS, texts_of
from kg.graph import label
from kg.link_spaces import link_spaces, space_of
from kg.namespaces import BASE, PREFIXES, shorten
from kg.terms import AIP, DCAT, DCTERMS, GRAPH, SCHEMA

FILE_NAME, MEDIA_TYPE = "crosswalk.sssom.tsv", "text/tab-separated-values"
_JUSTIFICATION = "semapv:ManualMappingCuration"
"""Each mapping was made by a person who read what both names mean."""
_COLUMNS = (
    *("subject_id", "subject_label", "predicate_id", "object_id", "mapping_justification", "object_source"),
    *("mapping_date", "see_also", "comment"),
)


class Link(NamedTuple):
    """One mapping to a name of another vocabulary.

    :param space: the namespace of what is mapped to
    """

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode
    space: str


def mappings(store: Store) -> list[Link]:
    """All mappings of the accepted view to names that are not ours, sorted."""
    spaces = link_spaces(store.quads_for_pattern(None, SCHEMA.urlTemplate, None, GRAPH.concepts))
    links = {
        Link(quad.subject, predicate, quad.object, space_of(quad.object.value, spaces))
        for predicate in MAPPINGS
        for quad in store.quads_for_pattern(None, predicate, None, GRAPH.accepted)
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
        if not quad.object.value.startswith(BASE)
    }
    return sorted(links, key=lambda one: (one.subject.value, one.predicate.value, one.object.value))


def sssom(store: Store) -> str:
    """The mappings as a file: what the set is in a header, then one line a mapping."""
    links = mappings(store)
    spaces = _prefixes(links)
    out = io.StringIO()
    header = yaml.safe_dump(_metadata(store, spaces), sort_keys=False, allow_unicode=True, width=1000)
    out.writelines(f"# {line}\n" for line in header.splitlines())
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(store, one, spaces) for one in links)
    return out.getvalue()


def _row(store: Store, one: Link, spaces: Mapping[str, str]) -> Iterator[str]:
    by_space = {space: prefix for prefix, space in spaces.items()}
    yield shorten(one.subject.value)
    yield label(store, one.subject)
    yield shorten(one.predicate.value)
    yield f"{by_space[one.space]}:{one.object.value.removeprefix(one.space)}"
    yield _JUSTIFICATION
    yield f"{by_space[one.space]}:"
    yield from _check(store, one)


def _check(store: Store, one: Link) -> Iterator[str]:
    """When and where a mapping was confirmed, and what agreed; empty where it was made by hand."""
    linked = store.quads_for_pattern(None, AIP.linksTo, one.object, GRAPH.links)
    checks = [q.subject for q in linked if Quad(q.subject, AIP.about, one.subject, GRAPH.links) in store]
    for predicate in (AIP.retrievedOn, SCHEMA.url, DCTERMS.description):
        values = [quad for check in checks for quad in store.quads_for_pattern(check, predicate, None, GRAPH.links)]
        yield next((q.object.value for q in values if isinstance(q.object, NamedNode | Literal)), "")


def _prefixes(links: list[Link]) -> dict[str, str]:
    """The prefixes of the file: ours, those of other vocabularies that we know, and one for each other namespace."""
    used = {one.space for one in links}
    known = {prefix: space for prefix, space in PREFIXES.items() if space in used}
    spaces = {name: PREFIXES[name] for name in ("id", "concept", "skos")} | known
    for space in sorted(used - set(known.values())):
        name = re.sub(r"\W+", "", (urlsplit(space).hostname or "other").removeprefix("www."))
        while name in spaces:
            name += "x"
        spaces[name] = space
    return {"semapv": "https://w3id.org/semapv/vocab/"} | spaces


def _metadata(store: Store, spaces: Mapping[str, str]) -> dict[str, object]:
    """What the header says of the set."""
    fields: dict[str, object] = {
        "mapping_set_id": f"{BASE}download/{FILE_NAME}",
        "mapping_set_title": "Central Asia AI Policy Graph: links to other vocabularies",
        "mapping_set_version": "".join(texts_of(store, DCAT.version)),
        "publication_date": "".join(texts_of(store, DCTERMS.modified)),
        "license": LICENCE.value,
        "creator_label": ["The maintainers of the Central Asia AI Policy Graph"],
        "subject_source": "id:",
        "curie_map": dict(sorted(spaces.items())),
    }
    return {name: value for name, value in fields.items() if value}
