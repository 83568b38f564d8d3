"""start.py sets up once, repairs what was cut short, and says plainly what goes wrong.

A stand-in for uv on the PATH plays the installer, so that nothing is fetched.
"""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

START = Path(__file__).resolve().parents[1] / "start.py"
FAKE_UV = """#!{python}
import os, pathlib, signal, sys, time
with open("installs.log", "a") as log:
    print(sys.argv[-1], file=log)
fate = os.environ.get("FATE")
if fate == "killed":
    os.kill(os.getppid(), signal.SIGKILL)
    sys.exit(1)
if fate == "stopped":
    os.kill(os.getppid(), signal.SIGINT)
    time.sleep(60)
if fate == "fails":
    sys.exit("no such index")
kith = pathlib.Path(".venv/bin/kith")
kith.write_text("#!/bin/sh\\necho kith in $(basename $PWD): $*\\nexit 7\\n")
kith.chmod(0o755)
library = next(pathlib.Path(".venv/lib").iterdir()) / "site-packages"
(library / "pytest.py").write_text("import os, sys; print('pytest in', os.path.basename(os.getcwd()), *sys.argv[1:])")
for tool, code in (("ruff", 0), ("mypy", 3)):
    (library / (tool + ".py")).write_text(f"import sys; print({{tool!r}}, *sys.argv[1:]); sys.exit({{code}})")
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a script with a first line for POSIX")


class Checkout:
    """A folder with start.py in it, and what happened there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {
            "PATH": f"{folder.parent / 'tools'}:/usr/bin:/bin",
            "HOME": str(folder),
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
        }

    def start(self, *words: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(self.folder / "start.py"), *words]
        return subprocess.run(
            command, cwd=cwd or self.folder, env=self.env | env, capture_output=True, text=True, check=False
        )

    def installs(self) -> list[str]:
        log = self.folder / "installs.log"
        return log.read_text(encoding="utf-8").split() if log.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    folder = tmp_path / "checkout"
    folder.mkdir()
    shutil.copy(START, folder)
    (folder / "pyproject.toml").write_text('[build-system]\nrequires = ["not-there"]\n', encoding="utf-8")
    (folder / "constraints.txt").write_text("", encoding="utf-8")
    uv = tmp_path / "tools" / "uv"
    uv.parent.mkdir()
    uv.write_text(FAKE_UV.format(python=sys.executable), encoding="utf-8")
    uv.chmod(0o755)
    return Checkout(folder)


def test_it_is_short_and_needs_only_the_standard_library() -> None:
    """Under 100 lines, nothing to install first, and old Pythons can read it far enough to be told."""
    source = START.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert len(source.splitlines()) < 100
    assert set() == {name.split(".")[0] for name in names} - sys.stdlib_module_names


def test_the_first_run_sets_up_and_later_ones_do_not(checkout: Checkout) -> None:
    """One installation serves many runs, and the set-up speaks on stderr, for stdout is the command's."""
    first = checkout.start("doctor", "--json")
    second = checkout.start("doctor", "--json")

    assert [first.stdout, second.stdout] == ["kith in checkout: doctor --json\n"] * 2
    assert "setting up" in first.stderr
    assert second.stderr == ""
    assert checkout.installs() == ["."]


def test_a_word_runs_where_the_person_stands_with_its_exit_code(checkout: Checkout, tmp_path: Path) -> None:
    """Paths on the command line mean what they mean in the shell, and scripts see how it ended."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()

    run = checkout.start("run", cwd=elsewhere)

    assert (run.stdout, run.returncode) == ("kith in elsewhere: run\n", 7)


@pytest.mark.parametrize(
    ("env", "expected"),
    [({}, "playground"), ({"DISPLAY": ":0"}, "playground --open"), ({"WAYLAND_DISPLAY": "w"}, "playground --open")],
)
@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac always has a display")
def test_no_word_is_the_playground(checkout: Checkout, env: dict[str, str], expected: str) -> None:
    """The page opens by itself only where there is a screen to open it on."""
    assert checkout.start(**env).stdout == f"kith in checkout: {expected}\n"


def test_tests_bring_what_they_need_and_run_in_the_checkout(checkout: Checkout, tmp_path: Path) -> None:
    """Arguments go to pytest; the browser's library comes only when browser tests are asked for."""
    run = checkout.start("test", "-k", "kudos", cwd=tmp_path)
    checkout.start("test", KITH_BROWSER_TESTS="1")

    assert run.stdout == "pytest in checkout -k kudos\n"
    assert checkout.installs() == [".[test]", ".[e2e,test]"]


def test_what_is_there_is_kept_when_more_is_asked_for(checkout: Checkout) -> None:
    """Going back and forth between running and testing installs each thing once."""
    for word in ("doctor", "test", "check", "doctor", "test", "check"):
        checkout.start(word, KITH_BROWSER_TESTS="1")

    assert checkout.installs() == [".", ".[e2e,test]", ".[e2e,lint,test]"]


def test_check_runs_all_and_fails_when_one_does(checkout: Checkout) -> None:
    """A finding of one tool does not hide those of the next."""
    run = checkout.start("check")

    assert run.stdout.splitlines() == ["ruff check .", "ruff format --check .", "mypy"]
    assert run.returncode == 3


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_requirements_set_up_again(checkout: Checkout, name: str) -> None:
    """After a pull that changes what is needed, the next run starts from a clean environment."""
    checkout.start("doctor")
    left_over = checkout.folder / ".venv" / "left-over"
    left_over.touch()
    with (checkout.folder / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")

    checkout.start("doctor")

    assert checkout.installs() == [".", "."]
    assert not left_over.exists()


def test_a_moved_checkout_sets_up_again(checkout: Checkout) -> None:
    """The environment holds absolute paths, so it does not survive a move."""
    checkout.start("doctor")
    checkout.folder = checkout.folder.rename(checkout.folder.with_name("moved"))

    assert checkout.start("doctor").stdout == "kith in moved: doctor\n"
    assert checkout.installs() == [".", "."]


@pytest.mark.parametrize("words", [(), ("test",)])
def test_a_killed_set_up_is_repaired(checkout: Checkout, words: tuple[str, ...]) -> None:
    """Killed while installing, be it the first time or for more, the next run makes it whole."""
    if words:
        checkout.start("doctor")
    killed = checkout.start(*words, FATE="killed")

    repaired = checkout.start("doctor")

    assert killed.returncode == -9
    assert repaired.stdout == "kith in checkout: doctor\n"
    assert checkout.installs()[-1] == "."


@pytest.mark.parametrize("stamp", [b"", b"\xff\xfe", b"half"])
def test_a_damaged_stamp_is_repaired(checkout: Checkout, stamp: bytes) -> None:
    """A stamp that a crash left empty or torn means: set up again."""
    checkout.start("doctor")
    (checkout.folder / ".venv" / "kith-set-up").write_bytes(stamp)

    assert checkout.start("doctor").stdout == "kith in checkout: doctor\n"
    assert checkout.installs() == [".", "."]


def test_a_failed_installer_is_said_in_a_line_with_a_hint(checkout: Checkout) -> None:
    """When uv and then pip fail, one line gives the reason and one a hint, and the next run tries again."""
    run = checkout.start("doctor", FATE="fails")

    said = run.stderr.splitlines()
    assert run.returncode == 1
    assert len(said) == 3
    assert said[1].startswith("kith: the set-up failed: ERROR: ")
    assert "Offline?" in said[2]
    assert checkout.start("doctor").stdout == "kith in checkout: doctor\n"


def test_a_folder_that_cannot_be_written_is_said(checkout: Checkout) -> None:
    """A file in the place of the environment gives a line, not a traceback."""
    (checkout.folder / ".venv").write_text("", encoding="utf-8")

    run = checkout.start("doctor")

    assert run.returncode == 1
    assert "kith: the set-up failed: " in run.stderr
    assert "Traceback" not in run.stderr


def test_ctrl_c_stops_the_set_up_quietly(checkout: Checkout) -> None:
    """Whoever stops it is told so, and the next run starts over."""
    run = checkout.start("doctor", FATE="stopped")

    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == "kith: stopped."
    assert "Traceback" not in run.stderr
    assert checkout.start("doctor").stdout == "kith in checkout: doctor\n"


def test_an_old_python_is_told_so_in_a_line(checkout: Checkout) -> None:
    """Python 3.10 gets one line that names what is needed, and touches nothing."""
    pretend = "import runpy, sys; sys.version_info = (3, 10, 9); runpy.run_path('start.py', run_name='__main__')"

    run = subprocess.run(
        [sys.executable, "-c", pretend],
        cwd=checkout.folder,
        env=checkout.env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert run.stderr.startswith("kith: needs Python 3.11 or newer")
    assert len(run.stderr.splitlines()) == 1
    assert not (checkout.folder / ".venv").exists()
