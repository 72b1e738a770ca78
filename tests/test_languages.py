"""A language of the interface is data: a folder with a .po file, and nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po
from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from kg.settings import Settings
from tests.explorer import record
from tests.served import ROOT
from web import locale, messages
from web.config import WebSettings
from web.site.app import create_app

#: Kyrgyz: Cyrillic letters, and the year before the month.
TEXTS = {"Overview": "Сереп", "Targets": "Максаттар", "country": "өлкө", "about %(date)s": "болжол менен %(date)s"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A site with the translations of the project and an invented one."""
    folder = tmp_path_factory.mktemp("languages") / "translations"
    shutil.copytree(messages.FOLDER, folder)
    catalogue = Catalog(locale="ky")
    for text, translation in TEXTS.items():
        catalogue.add(text, translation, flags=["python-format"] if "%(" in text else [])
    file = folder / "ky" / messages.PO_FILE
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_po(out, catalogue)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "FOLDER", folder)
        forget_languages()
        yield create_app(WebSettings(replace(Settings.default(ROOT), snapshots=record())))
    forget_languages()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A reader of it who has chosen nothing yet."""
    return site.test_client()


def forget_languages() -> None:
    messages.languages.cache_clear()
    messages.translations.cache_clear()


def plain(text: str) -> str:
    """The text with plain spaces only."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


def page(client: FlaskClient, path: str) -> html.HtmlElement:
    return html.fromstring(client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True))


def test_it_is_in_the_switcher_by_its_own_name(client: FlaskClient) -> None:
    buttons = page(client, "/?lang=en").xpath("//button[@name='lang']")
    assert [(button.get("value"), button.text) for button in buttons] == [
        ("en", "English"),
        ("kk", "Қазақ тілі"),
        ("ky", "Кыргызча"),
        ("ru", "Русский"),
    ]


def test_pages_are_in_it_where_it_has_texts_and_names(client: FlaskClient) -> None:
    tree = page(client, "/country/kz?lang=ky")
    assert tree.get("lang") == "ky"
    assert tree.xpath("//nav[@class='main']/a/text()")[:2] == ["Сереп", "Максаттар"]
    assert tree.xpath("//h1/text()") == ["Kazakhstan"]
    assert page(client, "/query/targets?lang=ky").xpath("//fieldset[.//@name='country']/legend/text()") == ["Өлкө"]
    assert page(client, "/query/targets?lang=ky").xpath("//h1/text()") != []


def test_it_is_remembered_and_asked_for_by_the_browser(client: FlaskClient) -> None:
    accepted = client.get("/about", headers={"Accept": "text/html", "Accept-Language": "ky, en;q=0.5"})
    assert '<html lang="ky"' in accepted.get_data(as_text=True)
    client.get("/preferences", query_string={"lang": "ky", "back": "/about"})
    assert '<html lang="ky"' in client.get("/about").get_data(as_text=True)


def test_dates_numbers_and_fonts_follow_it(client: FlaskClient) -> None:
    with client.application.test_request_context("/?lang=ky"):
        assert plain(locale.show_date("2024-03-03")) == "2024-ж., 3-март"
        assert plain(locale.show_date("2024-03/2024-05")) == "март – май, 2024-ж."
        assert plain(locale.show_date("2024~")) == "болжол менен 2024"
        assert plain(locale.show_number("1234567")) == "1 234 567"
    assert locale.scripts_of("ky") == {"cyrillic", "cyrillic-ext"}
    assert locale.scripts_of("ru") == {"cyrillic"}


@pytest.mark.parametrize(
    ("value", "english", "russian"),
    [
        ("2025-11-17", "17 November 2025", "17 ноября 2025 года"),
        ("2025-11", "November 2025", "ноябрь 2025 года"),
        ("2025-11~", "about November 2025", "около ноября 2025 года"),
        ("2023-22", "summer 2023", "лето 2023"),
        ("../2024-07", "by July 2024", "не позднее июля 2024 года"),
        ("2024-01-03/2024-01-09", "3–9 Jan 2024", "3–9 янв. 2024 года"),
        ("2024-09/2025-05", "September 2024 – May 2025", "сентябрь 2024 года – май 2025 года"),
        ("2024/2026", "2024 – 2026", "2024 – 2026"),
        ("nonsense", "nonsense", "nonsense"),
    ],
)
def test_dates_as_precise_as_known(client: FlaskClient, value: str, english: str, russian: str) -> None:
    for tag, expected in (("en", english), ("ru", russian)):
        with client.application.test_request_context(f"/?lang={tag}"):
            assert plain(locale.show_date(value)) == expected


@pytest.mark.parametrize("file", sorted(messages.FOLDER.glob(f"*/{messages.PO_FILE}")), ids=lambda file: file.parts[-3])
def test_translations_keep_what_is_filled_in(file: Path) -> None:
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale=file.parts[-3])
    assert len(catalogue) > 0
    assert not [(message.id, errors) for message, errors in catalogue.check()]


def test_a_language_that_is_not_of_the_code_says_whose_translation_it_is(client: FlaskClient) -> None:
    assert "біздің өз аудармамыз" in client.get("/about?lang=kk").get_data(as_text=True)
    assert "our own translation;" not in client.get("/about?lang=en").get_data(as_text=True)


def test_sentences_without_templates_are_marked_as_english(client: FlaskClient) -> None:
    (first, *_), (own, *_) = (
        page(client, f"/id/kz-law-on-ai?lang={tag}").xpath("//main//p[@class='read']") for tag in ("ky", "ru")
    )
    assert first.xpath("./span[@lang='en']//a")
    assert not own.xpath("./span[@lang='en']//a")
