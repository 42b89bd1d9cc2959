"""Write the dependency locks with hashes and without addresses; ``--check`` says whether they are stale.

A lock is stale when the digest of what it was made from (its first line) is no longer that of ``pyproject.toml``'s
dependencies; so the check needs no network.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BUILD = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]["requires"]
OPTIONAL = PROJECT["optional-dependencies"]
LOCKS = {
    "requirements-tools.lock": ["pip", "uv", *BUILD],
    "requirements.lock": PROJECT["dependencies"],
    "requirements-dev.lock": PROJECT["dependencies"] + OPTIONAL["dev"],
    "requirements-bench.lock": PROJECT["dependencies"] + OPTIONAL["dev"] + OPTIONAL["bench"],
}


def stamp(wanted: list[str]) -> str:
    """Return the first line of a lock made from these requirements."""
    digest = hashlib.sha256(json.dumps(sorted(wanted)).encode()).hexdigest()[:16]
    return f"# made from pyproject.toml ({digest}) by: make lock"


def write(name: str, wanted: list[str], constraint: str | None) -> None:
    """Resolve and write one lock, keeping the versions of ``constraint``."""
    command = [
        str(Path(sys.executable).parent / "uv"),
        "pip",
        "compile",
        "-q",
        "--generate-hashes",
        "--no-emit-index-url",
    ]
    command += ["--no-header", "--no-annotate", "--universal", "--python-version", "3.11", "-"]
    if constraint:
        command += ["--constraint", str(ROOT / constraint)]
    done = subprocess.run(command, input="\n".join(wanted), capture_output=True, text=True, cwd=ROOT, check=True)
    (ROOT / name).write_text(stamp(wanted) + "\n" + done.stdout, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write or check all locks; return the exit code."""
    stale = []
    for name, wanted in LOCKS.items():
        path = ROOT / name
        if "--check" in arguments:
            if not path.exists() or path.read_text(encoding="utf-8").partition("\n")[0] != stamp(wanted):
                stale.append(name)
            continue
        write(
            name, wanted, "requirements.lock" if name in ("requirements-dev.lock", "requirements-bench.lock") else None
        )
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"][""]
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    if any(lock.get(key) != package.get(key) for key in ("dependencies", "devDependencies")):
        stale.append("package-lock.json")
    for name in stale:
        print(f"{name} is stale: run make lock", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
