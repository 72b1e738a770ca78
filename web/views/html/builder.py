"""The builder of queries: a page that puts a query together by clicking, and what it may click on.

The page runs Sparnatural (https://docs.sparnatural.eu); its configuration is SHACL: the classes and properties that our
shapes describe and the graph uses, with their names in every language.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice

from flask import Response, make_response, render_template
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from kg.graph import nodes, subjects, text
from kg.namespaces import BASE, PREFIXES, local_name
from kg.terms import AIP, DCTERMS, GRAPH, RDF, RDFS, SH, SKOS, XSD
from web.answers.conditional import conditional
from web.snapshot import per_snapshot, snapshot
from web.views.html.editor import EDITOR_POLICY
from web.views.html.shared.caching import cached_page
from web.views.html.shared.terms import sort_key

MAX_INSTANCES = 300
"""So many things of a class are looked at for the properties it has and what they lead to."""
_WIDGETS = "http://data.sparna.fr/ontologies/sparnatural-config-core#"
_SHAPES = BASE + "builder/"
_DASH = "http://datashapes.org/dash#"
_SEARCHED, _LABEL_ROLE = NamedNode(_DASH + "searchWidget"), NamedNode(_DASH + "LabelRole")
_ROLE = NamedNode(_DASH + "propertyRole")
_LIST, _AUTOCOMPLETE, _TEXT, _NOTHING = (
    NamedNode(_WIDGETS + name)
    for name in ("ListProperty", "AutocompleteProperty", "SearchProperty", "NonSelectableProperty")
)
_NAMED_BY = {SKOS.Concept: SKOS.prefLabel}
_MAX_LISTED = 250
"""Up to so many values are a list to pick from; more are found by typing."""
_EXACT = {XSD.date, XSD.boolean, XSD.integer, XSD.decimal, XSD.gYear}


def builder() -> Response:
    """The page of the builder, under the policy of the editor: its parts write styles of their own."""
    response = make_response(_page())
    response.headers["Content-Security-Policy"] = EDITOR_POLICY
    return response


@cached_page
def _page() -> str:
    classes, first = _configuration().classes, _configuration().first
    others = sorted((cls for cls in classes if cls not in first), key=sort_key)
    return render_template("pages/builder.html", groups=(first, others), shape_of=shape_of)


def configuration() -> Response:
    """What the builder offers, as SHACL in Turtle."""
    return conditional(("builder",), "text/turtle; charset=utf-8", _turtle)


@per_snapshot()
def _turtle() -> bytes:
    prefixes = {name: PREFIXES[name] for name in ("aip", "rdfs", "sh", "skos", "xsd")}
    return serialize(_configuration().triples(), format=RdfFormat.TURTLE, prefixes=prefixes) or b""


@per_snapshot()
def _configuration() -> "Configuration":
    return Configuration(snapshot().store)


def shape_of(cls: NamedNode) -> str:
    """The IRI under which a class is on offer."""
    return f"{_SHAPES}{'Topic' if cls == SKOS.Concept else local_name(cls.value)}"


class Configuration:
    """The classes and properties on offer; the shapes give the classes that a reader is offered first their order.

    :param store: the graph, with its shapes
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        paths = store.quads_for_pattern(None, SH.path, None, GRAPH.shapes)
        self.shaped = {quad.object for quad in paths if isinstance(quad.object, NamedNode)}
        self.classes = self._classes()
        self.types: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        self.instances: dict[NamedNode, list[NamedNode]] = {}
        for cls in self.classes:
            self.instances[cls] = subjects(store, RDF.type, cls)
            for thing in self.instances[cls]:
                self.types[thing].add(cls)
        self.classes = [cls for cls in self.classes if self.instances[cls]]
        orders = {cls: text(store, cls, SH.order, GRAPH.shapes) for cls in self.classes}
        self.orders = {cls: int(order) for cls, order in orders.items() if order}

    @property
    def first(self) -> list[NamedNode]:
        """The classes that a reader is offered first, in their order."""
        return sorted(self.orders, key=lambda cls: self.orders[cls])

    def _classes(self) -> list[NamedNode]:
        """Those that a shape is about, those below them, and concepts."""
        quads = self.store.quads_for_pattern(None, SH.targetClass, None, GRAPH.shapes)
        ours = {quad.object for quad in quads if isinstance(quad.object, NamedNode) and quad.object in AIP}
        pending = sorted(ours - {AIP.Entity}, key=str)
        for cls in pending:
            below = subjects(self.store, RDFS.subClassOf, cls, GRAPH.ontology)
            pending += [term for term in below if term in AIP and term not in pending]
        return [*sorted(pending, key=str), SKOS.Concept]

    def triples(self) -> Iterator[Triple]:
        """The whole configuration."""
        for cls in self.classes:
            shape = NamedNode(shape_of(cls))
            yield Triple(shape, RDF.type, SH.NodeShape)
            yield Triple(shape, SH.targetClass, cls)
            yield from self._names(shape, RDFS.label, cls)
            if cls in self.orders:
                yield Triple(shape, SH.order, Literal(self.orders[cls]))
            yield from (Triple(cls, RDFS.subClassOf, parent) for parent in self._parents(cls))
            yield from self._label(shape, cls)
            for path, values in self._used(cls).items():
                yield from self._property(shape, path, values)

    def _parents(self, cls: NamedNode) -> list[NamedNode]:
        """The nearest of the classes on offer above one."""
        above = nodes(self.store, cls, RDFS.subClassOf, GRAPH.ontology)
        return [parent for parent in above if parent in self.classes and parent != cls]

    def _label(self, shape: NamedNode, cls: NamedNode) -> Iterator[Triple]:
        """The name of a thing: shown in its stead, and searched by its words."""
        node = NamedNode(f"{shape.value}.name")
        path = _NAMED_BY.get(cls, RDFS.label)
        yield from (Triple(shape, SH.property, node), Triple(node, SH.path, path), Triple(node, _ROLE, _LABEL_ROLE))
        yield from (Triple(node, SH.datatype, RDF.langString), Triple(node, _SEARCHED, _TEXT))
        yield from (
            Triple(node, SH.name, Literal(text, language=tag)) for tag, text in (("en", "name"), ("ru", "название"))
        )

    def _used(self, cls: NamedNode) -> dict[NamedNode, list[NamedNode | Literal]]:
        """The values of each property with a shape that things of a class have."""
        used: dict[NamedNode, list[NamedNode | Literal]] = defaultdict(list)
        for thing in islice(self.instances[cls], MAX_INSTANCES):
            for quad in self.store.quads_for_pattern(thing, None, None, GRAPH.accepted):
                is_offered = quad.predicate in self.shaped and (
                    quad.predicate in AIP or quad.predicate == DCTERMS.description
                )
                if is_offered and isinstance(quad.object, NamedNode | Literal):
                    used[quad.predicate].append(quad.object)
        return dict(sorted(used.items(), key=lambda item: item[0].value))

    def _property(self, shape: NamedNode, path: NamedNode, values: list[NamedNode | Literal]) -> Iterator[Triple]:
        node = NamedNode(f"{shape.value}.{local_name(path.value)}")
        yield from (Triple(shape, SH.property, node), Triple(node, SH.path, path))
        yield from self._names(node, SH.name, path)
        yield from (Triple(node, SH.description, definition) for definition in self._texts(path, SKOS.definition))
        things = [value for value in values if isinstance(value, NamedNode)]
        if len(things) * 2 > len(values):
            if cls := self._class_of_all(things):
                yield Triple(node, SH["class"], cls)
                listed = cls == SKOS.Concept or len(self.instances[cls]) <= _MAX_LISTED
                yield Triple(node, _SEARCHED, _LIST if listed else _AUTOCOMPLETE)
            else:
                yield from (Triple(node, SH.nodeKind, SH.IRI), Triple(node, _SEARCHED, _LIST))
            return
        yield from self._literal(node, [value for value in values if isinstance(value, Literal)])

    def _literal(self, node: NamedNode, values: list[Literal]) -> Iterator[Triple]:
        """The datatype where all values have the same; a date that may be a year or a month is only shown."""
        datatypes = Counter(value.datatype for value in values)
        datatype = next(iter(datatypes)) if len(datatypes) == 1 else None
        if datatype in _EXACT and datatype is not None:
            yield Triple(node, SH.datatype, datatype)
        elif datatype in (RDF.langString, XSD.string) and datatype is not None:
            yield from (Triple(node, SH.datatype, datatype), Triple(node, _SEARCHED, _TEXT))
        else:
            yield from (Triple(node, SH.nodeKind, SH.Literal), Triple(node, _SEARCHED, _NOTHING))

    def _class_of_all(self, things: list[NamedNode]) -> NamedNode | None:
        """The smallest class on offer that all of some things are in."""
        common = set.intersection(*(self.types.get(thing, set()) for thing in things))
        return min(common, key=lambda cls: (len(self.instances[cls]), cls.value), default=None)

    def _names(self, node: NamedNode, property_: NamedNode, term: NamedNode) -> Iterator[Triple]:
        texts = self._texts(term, RDFS.label) or [Literal(local_name(term.value), language="en")]
        return (Triple(node, property_, text) for text in texts)

    def _texts(self, term: NamedNode, property_: NamedNode) -> list[Literal]:
        quads: Iterator[Quad] = self.store.quads_for_pattern(term, property_, None, GRAPH.ontology)
        texts = [quad.object for quad in quads if isinstance(quad.object, Literal)]
        return sorted(texts, key=lambda text: text.language or "")
