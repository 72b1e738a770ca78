"""The prefixes and graph names of the project, as plain strings: importing them costs nothing."""

BASE = "https://w3id.org/ca-ai-policy/"

PREFIXES: dict[str, str] = {
    "aip": BASE + "ontology/",
    "concept": BASE + "concept/",
    "id": BASE + "id/",
    "source": BASE + "source/",
    "passage": BASE + "passage/",
    "assertion": BASE + "assertion/",
    "graph": BASE + "graph/",
    "query": BASE + "query/",
    "shape": BASE + "shape/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def expand(name: str) -> str:
    """The IRI of a prefixed name.

    :raises KeyError: if the prefix is not one of ours
    """
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def shorten(iri: str) -> str:
    """The prefixed name of an IRI where one of our prefixes fits, else the IRI itself."""
    for prefix, namespace in PREFIXES.items():
        local = iri[len(namespace) :]
        if iri.startswith(namespace) and local and "/" not in local and "#" not in local:
            return f"{prefix}:{local}"
    return iri


def local_name(iri: str) -> str:
    """What follows the last ``/`` or ``#`` of an IRI."""
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]


def namespace_of(iri: str) -> str:
    """An IRI up to its last ``/`` or ``#``, that included."""
    return iri.rstrip("/#").removesuffix(local_name(iri))
