"""The ways out of the house: mail and text messages, each set up from the environment, off until it is.

``YZT_SMTP_URL``: ``smtp://user:password@host:587?tls=1``, ``smtps://host:465``, or ``memory:`` (kept in the process, for
tests). ``YZT_SMS_URL``: ``https://provider/path`` (JSON by HTTP, key in ``YZT_SMS_KEY``) or ``file:///path`` (lines of JSON).
A sample city without a provider writes its text messages to ``YZT_HOME/sms.jsonl``.
"""

from __future__ import annotations

import json
import os
import smtplib
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from yizhantong.kernel.divisions import clock

SECONDS = 15
"""How long a server may take to answer."""


class Unreachable(Exception):
    """The other side cannot be spoken to now; nothing was handed over, all of it is tried again later."""

    code = "notices.unreachable"


class Deferred(Exception):
    """This message was not taken now; it is tried again later."""

    code = "notices.deferred"


class Rejected(Exception):
    """This message will never be taken: the address is wrong or refuses."""

    code = "notices.rejected"


def is_set_up(channel: str) -> bool:
    """Tell whether messages can leave by ``mail`` or ``sms`` here."""
    if channel == "mail":
        return bool(settings.YZT_SMTP_URL)
    return bool(settings.YZT_SMS_URL) or clock.demonstration_day() is not None


def mail_connection() -> BaseEmailBackend:
    """Return Django's connection to the mail server of the settings, not yet open."""
    url = str(settings.YZT_SMTP_URL)
    if url == "memory:":
        return get_connection("django.core.mail.backends.locmem.EmailBackend")
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise Unreachable("YZT_SMTP_URL 应写成 smtp://用户:口令@主机:端口?tls=1 或 smtps://…")
    asked = parse_qs(parts.query)
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 25),
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_ssl=parts.scheme == "smtps",
        use_tls=asked.get("tls", ["0"])[0] == "1",
        timeout=SECONDS,
    )


def refusal_of(error: Exception) -> Exception:
    """Return what an error of SMTP means: 5xx about this message is for good, 4xx for now, all else is the server's."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        said = "; ".join(f"{code}" for code in codes)
        return Rejected(said) if codes and all(code >= 500 for code in codes) else Deferred(said)
    if isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused):
        said = str(error.smtp_code)
        return Rejected(said) if error.smtp_code >= 500 else Deferred(said)
    return Unreachable(f"{type(error).__name__}: {error}")


class SmsGateway(Protocol):
    """Hands text messages to whoever sends them."""

    def send(self, phone: str, text: str, reference: str) -> None:
        """Send one message; the same ``reference`` sent again must not reach the person twice.

        Raises :class:`Unreachable`, :class:`Deferred` or :class:`Rejected`; their texts never contain the number.
        """


@dataclass(frozen=True, slots=True)
class HttpSms:
    """A provider that takes ``{"phone", "text", "reference"}`` as JSON by POST and answers 2xx; 4xx but 408 and 429 is for good."""

    url: str
    key: str = ""

    def send(self, phone: str, text: str, reference: str) -> None:
        """Send one message."""
        body = json.dumps({"phone": phone, "text": text, "reference": reference}, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": reference}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(self.url, body, headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=SECONDS):
                return
        except urllib.error.HTTPError as error:
            lasting = 400 <= error.code < 500 and error.code not in (408, 429)
            raise (Rejected if lasting else Deferred)(f"HTTP {error.code}") from None
        except OSError as error:
            raise Unreachable(f"{type(error).__name__}") from None


@dataclass(frozen=True, slots=True)
class FileSms:
    """Writes text messages to a file, for sample cities and tests; numbers are masked there."""

    path: Path

    def send(self, phone: str, text: str, reference: str) -> None:
        """Append one line."""
        line = json.dumps({"phone": masked(phone), "text": text, "reference": reference}, ensure_ascii=False) + "\n"
        try:
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(descriptor, "a", encoding="utf-8") as handle:
                handle.write(line)
        except OSError as error:
            raise Unreachable(f"{type(error).__name__}: {self.path.name}") from None


def sms_gateway() -> SmsGateway:
    """Return the provider of the settings."""
    parts = urlsplit(str(settings.YZT_SMS_URL))
    if parts.scheme in ("http", "https"):
        return HttpSms(str(settings.YZT_SMS_URL), str(settings.YZT_SMS_KEY))
    return FileSms(Path(unquote(parts.path)) if parts.scheme == "file" else Path(settings.HOME) / "sms.jsonl")


def masked(phone: str) -> str:
    """Return a number with its middle hidden: 138****5678."""
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else "****"
