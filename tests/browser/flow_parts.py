"""The parts of a page that show and build flows, served alone: the real templates, styles and scripts, under the real policy.

A page of its own needs no city, so that what these parts do in a browser can be tried in seconds.
"""

from __future__ import annotations

import json
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string

from yizhantong.foundation.flow import FlowError, read, to_bpmn
from yizhantong.web.middleware import POLICY

STATIC = Path(__file__).parent.parent.parent / "src" / "yizhantong" / "web" / "static"
_PAGE = """<!doctype html>
<html lang="zh-hans" data-bs-theme="light"><head><meta charset="utf-8"><title>流程</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="{static}vendor/tabler.min.css"><link rel="stylesheet" href="{static}web/css/tokens.css">
<link rel="stylesheet" href="{static}web/css/shell.css"><script src="{static}web/js/preferences.js"></script>{assets}</head>
<body><main id="main"><div class="page"><h1>流程</h1>{body}</div></main></body></html>"""


@dataclass
class Parts:
    """A little server: pages by path, and the rules it was asked to check."""

    base: str = ""
    pages: dict[str, tuple[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def show(self, document: Any, steps: list[dict[str, str]]) -> str:
        """Put up a page that shows a flow with a case in it; return its address."""
        self.pages["/flow.bpmn"] = ("application/xml", to_bpmn(read(document), "shown", "演示流程"))
        body = render_to_string("web/components/flow.html", {"flow_url": "/flow.bpmn", "steps": steps})
        return self._page("/show", body, editor=False)

    def build(self, document: Any, offices: list[dict[str, str]]) -> str:
        """Put up a page with the flow builder; return its address."""
        text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
        context = {"flow_document": text, "check_url": "/check", "offices": offices}
        body = render_to_string("web/components/flow_editor.html", context)
        return self._page("/build", f'<form method="post">{body}</form>', editor=True)

    def check(self, rule: str) -> dict[str, Any]:
        """Answer as an item's rule check does; ``wrong`` in a rule makes it wrong."""
        self.asked.append(rule)
        wrong = "wrong" in rule
        return {"ok": not wrong, "sentence": "第 1 行第 1 列：不认识“wrong”" if wrong else "可以使用"}

    def _page(self, path: str, body: str, *, editor: bool) -> str:
        assets = render_to_string("web/components/flow_assets.html", {"editor": editor})
        self.pages[path] = (
            "text/html; charset=utf-8",
            _PAGE.format(static=settings.STATIC_URL, assets=assets, body=body),
        )
        return f"{self.base}{path}"

    def answer(self, target: str) -> tuple[int, str, bytes]:
        """Return status, type and content of an address."""
        address = urlsplit(target)
        path = unquote(address.path)
        if path == "/check":
            answer = self.check(parse_qs(address.query, keep_blank_values=True)["rule"][0])
            return 200, "application/json", json.dumps(answer).encode()
        if path in self.pages:
            kind, text = self.pages[path]
            return 200, kind, text.encode()
        file = (STATIC / path.removeprefix(settings.STATIC_URL)).resolve()
        if path.startswith(settings.STATIC_URL) and file.is_relative_to(STATIC) and file.is_file():
            return 200, mimetypes.guess_type(file.name)[0] or "application/octet-stream", file.read_bytes()
        return (204, "image/svg+xml", b"") if path == "/favicon.ico" else (404, "text/plain", b"")


@contextmanager
def served() -> Iterator[Parts]:
    """Serve until the block ends."""
    parts = Parts()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, kind, content = parts.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    parts.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield parts
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def refusal_of(text: str) -> FlowError | None:
    """What is wrong with a document as the builder leaves it; None if nothing is."""
    try:
        read(json.loads(text))
    except FlowError as refused:
        return refused
    return None
