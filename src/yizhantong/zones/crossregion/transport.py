"""Asking another city over HTTP, signed both ways; nothing here touches the database."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from yizhantong.zones.crossregion import config, keys, signing
from yizhantong.zones.crossregion.protocol.messages import ProtocolError

JSON = "application/json"
MOST = 21 * 1024 * 1024
PATH = "/crossregion/exchange/1"


class Unreachable(Exception):
    """No answer, or none that can be trusted: what became of the request is not known, so it is sent again later."""

    code = "exchange.unreachable"


@dataclass(frozen=True, slots=True)
class Reply:
    """What another city answered, its signature verified."""

    status: int
    body: bytes
    media_type: str
    keyid: str


Find = Callable[[str], Ed25519PublicKey | None]


def check_address(url: str) -> str:
    """Return the address without its last slash; :class:`ProtocolError` unless it is https, or http on this very machine."""
    parts = urlsplit(url.strip().rstrip("/"))
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or parts.query or parts.fragment or parts.username or parts.scheme not in ("https", "http"):
        raise ProtocolError("address", f"“{url[:120]}”不是可用的接口地址,应形如 https://example.gov.cn")
    if parts.scheme == "http" and not local:
        raise ProtocolError("address", "接口地址须为 https;只有本机演示可以用 http")
    return parts.geturl()


def ask(base_url: str, method: str, path: str, body: bytes, find: Find) -> Reply:
    """Ask ``path`` of a city; raise :class:`Unreachable` when no trustworthy answer came."""
    url = f"{base_url}{PATH}{path}"
    asked = signing.Asked(method, url, {"Content-Type": JSON} if body else {})
    signing.sign(asked, body, keys.signing())
    status, headers, content = _exchange(asked, body)
    answered = signing.Answered(status, asked, signing.headers_of(headers))
    try:
        by = signing.verify_answer(answered, content, find)
    except ProtocolError as error:
        raise Unreachable(f"对方的答复(HTTP {status})没有可信的签名:{error.sentence}") from error
    return Reply(status, content, headers.get("Content-Type", ""), by.keyid)


Raw = tuple[int, dict[str, str], bytes]
_NEARBY: ContextVar[Mapping[str, Callable[[signing.Asked, bytes], Raw]]] = ContextVar("yizhantong_crossregion_nearby")


@contextmanager
def nearby(cities: Mapping[str, Callable[[signing.Asked, bytes], Raw]]) -> Iterator[None]:
    """Let cities of this very process answer within the block, by their address: for playing a sample's history, and tests."""
    token = _NEARBY.set(cities)
    try:
        yield
    finally:
        _NEARBY.reset(token)


def _exchange(asked: signing.Asked, body: bytes) -> Raw:
    parts = urlsplit(asked.url)
    answer = next((city for url, city in _NEARBY.get({}).items() if asked.url.startswith(f"{url}/")), None)
    if answer is not None:
        return answer(asked, body)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, timeout=config.TIMEOUT, context=context
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=config.TIMEOUT)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request(asked.method, target, body or None, dict(asked.headers))
        found = connection.getresponse()
        content = found.read(MOST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(f"连不上 {parts.netloc}:{_cause(error)}"[:280]) from error
    finally:
        connection.close()
    if len(content) > MOST:
        raise Unreachable("对方的答复过大")
    return found.status, {name.title(): value for name, value in found.getheaders()}, content


def _cause(error: Exception) -> str:
    """Return in words why another city could not be reached, with what the system said of it."""
    words = {socket.gaierror: "域名解析不到", TimeoutError: "没有在时限内应答", ConnectionRefusedError: "对方没有开机或拒绝连接",
             ssl.SSLError: "加密连接没有建立"}  # fmt: skip
    said = next((text for kind, text in words.items() if isinstance(error, kind)), "连接中断")
    return f"{said}({type(error).__name__} {error})"
