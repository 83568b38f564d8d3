"""The guide for developers names only what is there."""

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "docs" / "developers.md", *sorted((ROOT / "docs" / "decisions").glob("*.md"))]
GUIDE = PAGES[0].read_text()
NAMED = re.findall(r"`((?:adapters|benchmarks|bot|cli|docs|scheduler|storage|tests)/[\w./-]*)`", GUIDE)


def test_the_guide_names_files():
    """The pattern finds something to check."""
    assert len(NAMED) > 12


@pytest.mark.parametrize("name", sorted(set(NAMED)))
def test_every_file_that_the_guide_names_exists(name: str):
    """A file or folder in the guide is one of the repository."""
    assert (ROOT / name).exists()


def test_the_files_of_the_example_are_all_of_it():
    """The table lists every file of the example feature, so that nobody misses one."""
    folder = ROOT / "bot" / "features" / "kudos"
    here = {path.relative_to(ROOT).as_posix() for path in folder.glob("*.py")}
    assert here == {name for name in NAMED if name.startswith("bot/features/kudos/")}


def test_every_feature_begins_with_the_same_files():
    """A feature has what the guide lists, as far as it needs it; a further file is used by its own folder."""
    for folder in (ROOT / "bot" / "features").iterdir():
        if not (folder / "__init__.py").exists():
            continue
        assert (folder / "handlers.py").exists() or (folder / "reactions.py").exists(), folder.name
        texts = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.py")}
        known = {"__init__", "rules", "handlers", "views", "sweeps", "reactions"}
        for extra in texts.keys() - known:
            beside = [text for name, text in texts.items() if name != extra]
            above = [path.read_text(encoding="utf-8") for path in (ROOT / "cli").rglob("*.py")]
            assert any(re.search(rf"\b{extra}\b", text) for text in (*beside, *above)), f"{folder.name}/{extra}.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_somewhere(page: Path):
    """Relative links point to files that exist."""
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


def test_decisions_are_numbered_without_a_gap():
    """0001, 0002, and so on, each with a heading that carries its number."""
    for number, page in enumerate(PAGES[1:], start=1):
        assert page.name.startswith(f"{number:04}-")
        assert page.read_text().startswith(f"# {number}. ")


@pytest.mark.parametrize("file", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda file: file.stem)
def test_every_benchmark_can_be_read(file: Path):
    """What is measured now and then is not left behind by what changes every day."""
    assert import_module(f"benchmarks.{file.stem}").__doc__
