"""``kg new-source``: a file to fill in."""

import datetime
import re
from pathlib import Path

import click

from kg.commands.common import registry_countries, settings
from kg.errors import UsageError
from kg.language_tags import check_tag

PLACEHOLDER_URL = "https://example.org/FILL-IN"
TEMPLATE = Path(__file__).parent / "new-source.trig"


@click.command("new-source")
@click.argument("slug")
@click.option(
    "--country",
    callback=lambda _ctx, _parameter, value: _folder(value),
    required=True,
    help="Folder to put it in: the code of a country of the registry, or int.",
)
@click.option("--title", default="FILL-IN", help="Title as published.")
@click.option("--url", default=PLACEHOLDER_URL, help="Address of the page.")
@click.option("--language", default="en", help="Language of the page (BCP 47).")
def new_source_command(slug: str, country: str, title: str, url: str, language: str) -> None:
    """Write data/sources/COUNTRY/SLUG.trig with one passage and one claim to fill in."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug):
        raise UsageError(f"{slug!r} is not a slug", hint="lower-case letters, digits and single hyphens")
    if not is_address(url):
        raise UsageError(f"{url!r} is not a web address", hint="it begins with https:// and has no spaces or quotes")
    if bad := check_tag(language):
        hint = f"write {bad.suggestion}" if bad.suggestion else "for example en, ru, kk, uz-Latn"
        raise UsageError(f"{language!r} {bad.problem}", hint=hint)
    path = settings().data / "sources" / country / f"{slug}.trig"
    if path.exists():
        raise UsageError(f"{path} is there already", hint="choose another slug, or edit that file")
    filled = {
        "SLUG": slug,
        "COUNTRY": country,
        "TITLE": " ".join(title.split()).replace("\\", "\\\\").replace('"', '\\"'),
        "URL": url,
        "LANGUAGE": language,
        "TODAY": datetime.date.today().isoformat(),
    }
    text = re.sub(r"\{\{(\w+)\}\}", lambda match: filled[match.group(1)], TEMPLATE.read_text("utf-8"))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    click.echo(path)
    click.echo("Fill it in, then: kg validate " + str(path), err=True)


def is_address(url: str) -> bool:
    """Whether a text is a web address that can stand in a Turtle file as it is."""
    return re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", url) is not None


def _folder(name: str) -> str:
    """The folder of that name.

    :raises click.BadParameter: if it is none
    """
    folders = [*(country.code for country in registry_countries()), "int"]
    if name not in folders:
        raise click.BadParameter(f"{name!r} is not one of {', '.join(map(repr, folders))}.")
    return name
