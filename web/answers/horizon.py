"""Until when the sources about each country were read."""

from pyoxigraph import Literal

from kg.countries import covered_countries
from kg.terms import AIP, GRAPH
from web.snapshot import Snapshot


def read_until(current: Snapshot) -> dict[str, str]:
    """The day until which the sources about each country were read."""
    days: dict[str, str] = {}
    for country in covered_countries(current.store):
        for quad in current.store.quads_for_pattern(country.iri, AIP.readUntil, None, GRAPH.accepted):
            if isinstance(quad.object, Literal):
                days[country.code] = max(days.get(country.code, ""), quad.object.value)
    return days
