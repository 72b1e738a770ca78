"""Where things are. Settings are an argument; nothing is read at import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEEP = 2


@dataclass(frozen=True)
class Settings:
    """The folders the graph is built from and into.

    :param root: the top folder of the project
    :param ontology: ontology, concepts, rules, shapes
    :param data: registry, sources, editorial, coverage, rulings
    :param queries: the canned queries
    :param snapshots: where built snapshots and the link ``current`` are kept
    :param keep: how many snapshots a build leaves there, beside those in use
    """

    root: Path
    ontology: Path
    data: Path
    queries: Path
    snapshots: Path
    keep: int = KEEP

    @property
    def current(self) -> Path:
        """The link to the newest complete snapshot."""
        return self.snapshots / "current"

    @classmethod
    def default(cls, root: Path = ROOT) -> Settings:
        """The settings of a checkout at ``root``."""
        return cls(root, root / "ontology", root / "data", root / "queries", root / "build")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Settings:
        """The settings of a checkout, each folder replaced by KG_ONTOLOGY, KG_DATA, KG_QUERIES, KG_SNAPSHOTS."""
        here = cls.default(Path(environ.get("KG_ROOT", ROOT)))
        return cls(
            here.root,
            Path(environ.get("KG_ONTOLOGY", here.ontology)),
            Path(environ.get("KG_DATA", here.data)),
            Path(environ.get("KG_QUERIES", here.queries)),
            Path(environ.get("KG_SNAPSHOTS", here.snapshots)),
        )
