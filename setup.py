"""What a wheel has beside the packages: the files that the graph is built from, below ``kg/share``."""

from pathlib import Path
from shutil import copytree

from setuptools import setup
from setuptools.command.build_py import build_py

FOLDERS = ("ontology", "data", "queries", "releases")
BUNDLE = Path("web/static/dist")


def _unkept(folder: str, names: list[str]) -> set[str]:
    """Hidden files, and the files of releases that are kept compressed."""
    unpacked = {name for name in names if name.startswith("ca-ai-policy.") and not name.endswith(".xz")}
    return {name for name in names if name.startswith(".")} | unpacked


class BuildWithFiles(build_py):
    """Copies the folders into the wheel; an editable installation reads them where they are."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        if not list(BUNDLE.glob("*.js")):
            raise SystemExit(f"{BUNDLE} holds no scripts: run make frontend first")
        for name in filter(lambda name: Path(name).is_dir(), FOLDERS):
            target = Path(self.build_lib) / "kg" / "share" / name
            copytree(name, target, ignore=_unkept, dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithFiles})
