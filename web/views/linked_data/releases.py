"""The releases as data: which there are, the manifest of each, and its files, which never change."""

import base64
from typing import Any

from flask import Response, jsonify, redirect, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from kg.releases.archive import Release, pick_release
from web.addresses import address_of
from web.answers.conditional import is_current, not_modified
from web.answers.files import release_files
from web.answers.formats import HTML, JSON, ROWS, Format, choose
from web.snapshot import snapshot

FOREVER = "public, max-age=31536000, immutable"


def negotiate(version: str) -> tuple[Release, Format]:
    """The release of an address and the format in which it is wanted.

    :raises UsageError: if there is no such release
    """
    form = choose((JSON, ROWS, HTML), request.accept_mimetypes, request.args)
    return pick_release(snapshot().releases, version), form


def listing() -> Response:
    """All releases, the newest first, as JSON."""
    current = snapshot()
    releases = [_listed(release) for release in reversed(current.releases)]
    return _json({"current": current.version, "releases": releases})


def _listed(release: Release) -> dict[str, Any]:
    return {
        "version": release.version,
        "day": release.day.isoformat(),
        "url": address_of("releases.release", version=release.version),
        "citeAs": release.manifest["citeAs"],
        "canonical": release.manifest["canonical"],
    }


def manifest(release: Release) -> Response:
    """The manifest of a release, with the address of each file."""
    files = [
        {**file, "url": address_of("releases.file", version=release.version, name=file["name"])}
        for file in release.manifest["files"]
    ]
    return _json({**release.manifest, "files": files})


def _json(document: object) -> Response:
    response = jsonify(document)
    response.vary.add("Accept")
    response.headers["Dataset-Version"] = snapshot().version
    return response


def file(version: str, name: str) -> Response:
    """A file of a release; parts of it by Range.

    :raises UsageError: if there is no such release or file
    """
    release = pick_release(snapshot().releases, version)
    path = release_files().get(release, name)
    listed = release.files.get(name)
    if listed and is_current(listed.sha256):
        return not_modified(listed.sha256)
    media_type = listed.media_type if listed else release.documents[name]
    response = send_file(path, mimetype=media_type, as_attachment=name.startswith("ca-ai-policy."), conditional=True)
    if listed:
        response.set_etag(listed.sha256)
        digest = base64.b64encode(bytes.fromhex(listed.sha256)).decode()
        response.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    response.headers["Cache-Control"] = FOREVER
    response.headers["Dataset-Version"] = version
    return response


def latest(name: str = "") -> BaseResponse:
    """The newest release: the same address with its version.

    :raises UsageError: if there is no release yet
    """
    version = pick_release(snapshot().releases, "latest").version
    if name:
        return redirect(url_for("releases.file", version=version, name=name), 307)
    return redirect(url_for("releases.release", version=version, **request.args.to_dict(flat=False)), 307)  # type: ignore[arg-type]
