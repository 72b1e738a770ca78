"""Language tags held to the registry: what is none, and which tag is meant."""

from __future__ import annotations

import pytest

from kg.language_tags import check_tag, language_of_country


@pytest.mark.parametrize(
    "tag",
    ["kk", "KK", "uz-Latn", "uz-Cyrl-UZ", "ky-KG", "en-GB", "es-419", "de-1901", "zh-cmn-Hans-CN", "und", "mul", "zxx"],
)
def test_registered_tags(tag: str) -> None:
    assert check_tag(tag) is None


@pytest.mark.parametrize("tag", ["x-kz", "i-klingon", "qaa", "en-XK", "en-a-bbb-x-a", "kk-Qaaa"])
def test_tags_of_private_use_extensions_and_old_ones(tag: str) -> None:
    assert check_tag(tag) is None


@pytest.mark.parametrize(
    ("tag", "suggestion"),
    [
        ("kz", "kk"),
        ("kz-Cyrl", "kk-Cyrl"),
        ("tj", "tg"),
        ("cn", "zh"),
        ("ua", "uk"),
        ("kaz", "kk"),
        ("uzb-Latn", "uz-Latn"),
        ("en-UK", "en-GB"),
        ("en_GB", "en-GB"),
        ("english", "en"),
        ("Kazakh", "kk"),
        ("казахский", "kk"),
        ("uz-Ltan", None),
        ("de-9999", None),
        ("xx", None),
        ("", None),
        ("a-b", None),
        ("uz-Latn-kk-Cyrl", None),
    ],
)
def test_other_tags_with_the_one_that_is_meant(tag: str, suggestion: str | None) -> None:
    bad = check_tag(tag)
    assert bad is not None
    assert bad.suggestion == suggestion
    assert suggestion is None or check_tag(suggestion) is None


def test_the_code_of_a_country_is_not_that_of_its_language() -> None:
    meant = {code: language_of_country(code) for code in ("kz", "uz", "kg", "tj", "tm", "kk", "fr")}
    assert meant == {"kz": "kk", "uz": None, "kg": "ky", "tj": "tg", "tm": "tk", "kk": None, "fr": None}
