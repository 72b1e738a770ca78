"""Differences by meaning: what was edited is told, in words and as JSON; how a file is written is not."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.diff import KINDS, Change, compare
from kg.diff.words import ChangeWords, _templates
from kg.namespaces import expand, shorten
from kg.releases.archive import find_release
from tests.released import releases
from tests.test_releases import kg


@cache
def stores() -> tuple[Store, Store]:
    before, after = (find_release(releases(), version).open() for version in ("0.9.0", "0.10.0"))
    return before, after


@cache
def changes() -> list[Change]:
    return compare(*stores())


def told(kind: str, language: str = "en") -> list[str]:
    words = ChangeWords(*stores(), language)
    return [words.text(change) for change in changes() if change.kind == kind]


def test_a_changed_value_is_told_with_both_values_and_its_evidence() -> None:
    date = next(c for c in changes() if c.kind == "changed" and c.property == NamedNode(expand("aip:date")))
    assert shorten(date.subject.value) == "id:kz-law-on-ai--signed-1"
    assert [str(term) for term in (*date.before, *date.after)] == [
        '"2025-11-17"^^<http://www.w3.org/2001/XMLSchema#date>',
        '"2025-11-16"^^<http://www.w3.org/2001/XMLSchema#date>',
    ]
    assert [shorten(node.value) for node in date.evidence] == ["assertion:gazette-law.1"]
    assert [shorten(node.value) for node in date.country] == ["id:kz"]
    assert any("was 2025-11-17, now 2025-11-16" in text for text in told("changed"))
    assert any("было 2025-11-17, теперь 2025-11-16" in text for text in told("changed", "ru"))


def test_added_and_withdrawn_statements_are_sentences() -> None:
    assert any("7-II" in text for text in told("added"))
    withdrawn = told("withdrawn")
    assert any(text.startswith("No longer stated: ") and "Ministry" in text for text in withdrawn), withdrawn
    assert all(text.startswith("Больше не утверждается: ") for text in told("withdrawn", "ru"))


def test_a_ruling_that_changed_is_told_once() -> None:
    assert len(told("ruling-changed")) == 1
    assert "The gazette is the official text" in told("ruling-changed")[0]
    assert told("ruling-added") == told("ruling-withdrawn") == []


def test_states_that_changed_with_the_day_are_told() -> None:
    states = [change for change in changes() if change.kind == "state"]
    assert states
    for change in states:
        assert change.before != change.after
        assert change.evidence
    assert all("now it is" in text for text in told("state"))


def test_a_dataset_does_not_differ_from_itself() -> None:
    before, _after = stores()
    assert compare(before, before) == []
    shuffled = Store()
    shuffled.bulk_extend(sorted(before, key=lambda quad: hash(str(quad))))
    assert compare(before, shuffled) == []


def test_another_source_for_the_same_is_no_change() -> None:
    before, _after = stores()
    again = Store()
    again.bulk_extend(before)
    quad = next(iter(before.quads_for_pattern(None, None, None, NamedNode(expand("assertion:gazette-law.1")))))
    assertion = NamedNode(expand("assertion:east-report.1"))
    again.add(Quad(quad.subject, quad.predicate, quad.object, assertion))
    assert [change for change in compare(before, again) if change.kind in ("added", "changed", "withdrawn")] == []


def test_things_and_searches_that_are_new_are_told() -> None:
    before, _after = stores()
    later = Store()
    later.bulk_extend(before)
    thing, search = (NamedNode(expand(f"id:uz-{name}")) for name in ("new-thing", "new-search"))
    label, described = NamedNode(expand("rdfs:label")), NamedNode(expand("dcterms:description"))
    later.add(Quad(thing, label, Literal("A new thing", language="en"), NamedNode(expand("graph:registry"))))
    later.add(Quad(thing, label, Literal("A new thing", language="en"), NamedNode(expand("graph:accepted"))))
    later.add(Quad(search, described, Literal("Sought.", language="en"), NamedNode(expand("graph:coverage"))))
    words = ChangeWords(before, later)
    assert [words.text(change) for change in compare(before, later)] == [
        "New entry: A new thing.",
        "Looked for: Sought.",
    ]
    back = ChangeWords(later, before)
    assert [back.text(change) for change in compare(later, before)] == ["Entry removed: A new thing."]


@pytest.mark.parametrize("kind", [*KINDS, "none"])
def test_every_kind_has_words_in_each_language(kind: str) -> None:
    texts = _templates()[kind]
    assert set(texts) == {"en", "kk", "ru"}
    assert len({tuple(sorted(re.findall(r"\{(\w+)\}", text))) for text in texts.values()}) == 1


def test_the_command_prints_words_and_json() -> None:
    done = kg(releases(), "diff", "0.9.0", "0.10.0")
    assert done.returncode == 0, done.stderr
    assert "was 2025-11-17, now 2025-11-16" in done.stdout
    assert "[assertion:gazette-law.1]" in done.stdout
    assert f"{len(changes())} changes" in done.stderr
    done = kg(releases(), "diff", "0.9.0", "latest", "--format", "json", "--country", "kz", "--language", "ru")
    listed = json.loads(done.stdout)["changes"]
    assert {tuple(change["country"]) for change in listed} == {(expand("id:kz"),)}
    assert len(listed) == len(changes())
    assert any("теперь 2025-11-16" in change["text"] for change in listed)
    done = kg(releases(), "diff", "0.9.0", "latest", "--format", "json", "--country", "uz")
    assert json.loads(done.stdout)["changes"] == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["0.1.2", "0.9.0"], "there is no release '0.1.2'"),
        (["0.9.0", "README.md"], "README.md is no dataset"),
        (["0.9.0", "0.10.0", "--country", "fr"], "'fr'"),
    ],
)
def test_a_wrong_state_says_which_there_are(arguments: list[str], message: str) -> None:
    done = kg(releases(), "diff", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_text_that_changed_ends_in_one_full_stop() -> None:
    subject, before, after = (
        NamedNode("urn:a"),
        Literal("It was so.", language="en"),
        Literal("It is so.", language="en"),
    )
    change = Change("changed", subject, NamedNode("urn:p"), (before,), (after,), (), ())
    text = ChangeWords(Store(), Store()).text(change)
    assert text.endswith("was It was so, now It is so.")
