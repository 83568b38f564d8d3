#!/usr/bin/env python3
"""Sets Kith up in .venv when that is needed, then starts it; asks for nothing but Python.

python3 start.py              opens the playground
python3 start.py test ARGS    runs the tests, on every core unless there are ARGS, which go to pytest
python3 start.py check        runs the linter and the type checker
python3 start.py WORD ARGS    is `kith WORD ARGS`
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from venv import EnvBuilder

ROOT, WINDOWS = Path(__file__).resolve().parent, os.name == "nt"
VENV = ROOT / ".venv"
STAMP = VENV / "kith-set-up"  # written last: without it the environment is half made
BIN = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = str(BIN / ("python.exe" if WINDOWS else "python"))
HOST = getattr(sys, "_base_executable", sys.executable)  # with .venv activated, sys.executable is about to be deleted
EXTRAS = {"test": "test e2e" if os.environ.get("KITH_BROWSER_TESTS") == "1" else "test", "check": "test lint"}
HINT = "Offline? A proxy (HTTPS_PROXY)? Disk full? No pip (Debian: apt install python3-venv)? The next run tries again."


def fingerprint() -> str:
    """What the environment is made from; the folder counts, because an editable install points to it."""
    made_from = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    made_from.append(f"{sys.implementation.cache_tag} {sys.platform} {ROOT}".encode())
    return hashlib.sha256(b"\0".join(made_from)).hexdigest()


def installers() -> "Iterator[list[str]]":
    """Yields the beginnings of commands that install into the environment, the best first."""
    if shutil.which("uv"):
        yield ["uv", "pip", "install", "--quiet", "--python", PYTHON]
    pip = [HOST, "-m", "pip", "--python", PYTHON]  # an option that pip before 22.3 does not know
    if subprocess.run([*pip, "--version"], capture_output=True).returncode != 0:
        EnvBuilder(with_pip=True, symlinks=not WINDOWS).create(VENV)
        pip = [PYTHON, "-m", "pip"]
    yield [*pip, "install", "-qq"]


def install(extras: "set[str]") -> None:
    """Tries each installer; raises OSError with the reason that the last one gave when none succeeds."""
    what = ["-c", "constraints.txt", "-e", f".[{','.join(sorted(extras))}]" if extras else "."]
    env = {**os.environ, "PIP_USER": "0", "PIP_NO_INPUT": "1", "UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1"}
    for installer in installers():
        run = subprocess.run(installer + what, cwd=ROOT, env=env, capture_output=True, text=True, errors="replace")
        if run.returncode == 0:
            return
    lines = (run.stdout + run.stderr).strip().splitlines() or ["no reason given"]
    raise OSError(next((line for line in reversed(lines) if "ERROR" in line), lines[-1]).strip())


def set_up(extras: "set[str]") -> None:
    """Makes the environment, or adds the extras it lacks; returns at once when there is nothing to do."""
    stamp = STAMP.read_text(errors="replace").split() if STAMP.exists() and Path(PYTHON).exists() else []
    whole = stamp[:1] == [fingerprint()]
    if whole and extras <= set(stamp):
        return
    print("kith: setting up .venv, about half a minute ...", file=sys.stderr)  # stdout is for the command alone
    STAMP.unlink(missing_ok=True)
    if not whole:
        EnvBuilder(with_pip=False, clear=True, symlinks=not WINDOWS).create(VENV)
    extras = extras.union(stamp[1:] if whole else ())
    install(extras)
    STAMP.write_text(" ".join([fingerprint(), *extras]))


def main(word: str = "", *rest: str) -> None:
    set_up(set(EXTRAS.get(word, "").split()))
    display = WINDOWS or sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    command = [str(BIN / "kith"), *([word, *rest] if word else ["playground", "--open"][: 2 if display else 1])]
    if word in EXTRAS:
        os.chdir(ROOT)
        command = [PYTHON, "-m", "pytest", *(rest or ("-n", "auto", "--dist", "loadfile"))]
    if word == "check":
        checks = ("ruff check .", "ruff format --check .", "mypy")
        sys.exit(max([subprocess.call([PYTHON, "-m", *check.split()]) for check in checks]))
    if WINDOWS:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the command too, and ending is its decision
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - that is what it is here to say
        sys.exit(f"kith: needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("kith: stopped.")
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        sys.exit(f"kith: the set-up failed: {error}\n{HINT}")
