"""What a checkout may hold: no address of a package registry, no path of one machine, every requirement pinned."""

import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

# In pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    "pypi" + ".org",
    "files.pythonhosted" + ".org",
    "registry.npmjs" + ".org",
    "registry.yarnpkg" + ".com",
    "deb.debian" + ".org",
    "archive.ubuntu" + ".com",
    "rubygems" + ".org",
    "static.crates" + ".io",
    "proxy.golang" + ".org",
    "conda.anaconda" + ".org",
]
HOMES = re.compile(
    rb"(?:/ho" rb"me/|/Us" rb"ers/|[A-Za-z]:\\{1,2}Us" rb"ers\\{1,2})[\w.-]+[/\\]|(?<![\w.~-])/ro" rb"ot/"
)
# Where operators are told to install it, so a checkout there proves nothing.
DOCUMENTED_ROOTS = {"/opt/kith", "/srv/kith", "/app", "/src"}


@cache
def tracked_files() -> tuple[Path, ...]:
    """Returns what git tracks or would track; without git, every file outside hidden and generated folders."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        names = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
        files = [ROOT / name for name in names if name]
    except (OSError, subprocess.CalledProcessError):
        ignored = re.compile(r"/(\.(?!ci/|gitignore)[^/]+|__pycache__|dist|secrets|kith-data)(/|$)")
        files = [file for file in ROOT.rglob("*") if not ignored.search(f"/{file.relative_to(ROOT).as_posix()}")]
    return tuple(file for file in files if file.is_file())


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def requirements() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    return [*project["dependencies"], *(requirement for extra in extras for requirement in extra)]


def test_the_list_of_files_is_not_empty() -> None:
    """The checks below look at real files, this one among them."""
    assert Path(__file__).resolve() in tracked_files()
    assert ROOT / "pyproject.toml" in tracked_files()


@pytest.mark.parametrize("address", REGISTRIES)
def test_no_file_names_a_registry(address: str) -> None:
    """Where packages come from is the machine's business, so no file holds the address of a registry."""
    found = [str(file.relative_to(ROOT)) for file in tracked_files() if address.encode() in file.read_bytes()]

    assert found == []


def test_no_file_names_a_folder_of_one_machine() -> None:
    """Neither this checkout's own path nor anybody's home folder stands in a file."""
    needles = [HOMES] if str(ROOT) in DOCUMENTED_ROOTS else [HOMES, re.compile(re.escape(str(ROOT).encode()))]
    # A picture or an archive can hold any bytes by chance.
    texts = {file: text for file in tracked_files() if b"\0" not in (text := file.read_bytes())}

    found = [str(file.relative_to(ROOT)) for file, text in texts.items() if any(part.search(text) for part in needles)]

    assert found == []


@pytest.mark.parametrize("lock", ["uv.lock", "pylock.toml", "package-lock.json"])
def test_no_lock_file_is_tracked(lock: str) -> None:
    """Lock files name a registry in each entry; constraints.txt is what pins versions here."""
    assert lock not in {file.name for file in tracked_files()}


@pytest.mark.parametrize("requirement", requirements())
def test_every_requirement_is_pinned(requirement: str) -> None:
    """Each requirement of pyproject.toml has its version in constraints.txt."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {normal(line.split("==")[0]) for line in lines if "==" in line}
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None

    assert normal(name[0]) in pinned


def test_constraints_hold_pins_only() -> None:
    """A line is a name, an exact version and perhaps a marker: no address, no option, no hash."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pin = re.compile(r"[a-z0-9-]+==[\w.!+]+( ; [\w .'=<>!()]+)?")

    assert [line for line in lines if not pin.fullmatch(line)] == []
