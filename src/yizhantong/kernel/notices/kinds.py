"""The kinds of messages, declared by the rooms that send them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from yizhantong.kernel.notices.errors import NoticeError

CHANNELS = ("inbox", "mail", "sms")
MODES = {"inbox": ("at_once", "off"), "mail": ("at_once", "daily", "weekly", "off"), "sms": ("at_once", "daily", "off")}
"""The modes that each channel knows: an inbox has no digest, and nobody wants a weekly text message."""
USUAL = {"inbox": "at_once", "mail": "off", "sms": "off"}


Postscript = Callable[[str, str], str]
"""What a mail or a text message says beyond its notice, as it leaves: from the notice's subject and the channel; "" for nothing."""


def _nothing(subject: str, channel: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message: ``defaults`` gives the mode by channel."""

    code: str
    label: Any
    defaults: Mapping[str, str]
    mandatory: bool
    postscript: Postscript = _nothing

    def locked(self, channel: str) -> bool:
        """Tell whether nobody may switch this channel off: the kind is mandatory and comes this way by default."""
        return self.mandatory and self.defaults[channel] != "off"

    def modes(self, channel: str) -> tuple[str, ...]:
        """Return the modes that an account may choose for the channel."""
        return (self.defaults[channel],) if self.locked(channel) else MODES[channel]


_KINDS: dict[str, Kind] = {}


def declare_kind(
    code: str,
    label: Any,
    default_modes: Mapping[str, str] | None = None,
    mandatory: bool = False,
    postscript: Postscript = _nothing,
) -> Kind:
    """Declare a kind: ``code`` like ``cases.accepted``, ``default_modes`` by channel (usual: inbox only).

    ``postscript`` is asked when a mail or text message leaves, and added to it (a link that opens without signing in).
    Declaring the same again changes nothing; declaring it otherwise, or with an unknown channel or mode, is a ``ValueError``.
    """
    defaults = USUAL | dict(default_modes or {})
    wrong = [f"{channel}={mode}" for channel, mode in defaults.items() if mode not in MODES.get(channel, ())]
    if wrong or not code or len(code) > 50:
        raise ValueError(f"消息种类 {code}: {'、'.join(wrong) or '代码应为 1 至 50 个字符'}")
    made = Kind(code, label, defaults, mandatory, postscript)
    held = _KINDS.setdefault(code, made)
    if (held.defaults, held.mandatory) != (made.defaults, made.mandatory):
        raise ValueError(f"消息种类 {code} 已有不同的声明")
    return held


def kind(code: str) -> Kind:
    """Return a kind; raise :class:`NoticeError` ``notices.unknown_kind``."""
    try:
        return _KINDS[code]
    except KeyError:
        raise NoticeError(
            "unknown_kind", f"没有代码为“{code[:50]}”的消息种类,请先用 declare_kind 声明", "kind"
        ) from None


def postscript(code: str, subject: str, channel: str) -> str:
    """Return what a message of that kind says beyond its notice; "" for a kind that is declared no more."""
    held = _KINDS.get(code)
    return held.postscript(subject, channel) if held is not None else ""


def kinds() -> list[Kind]:
    """Return all kinds in the order of their codes."""
    return [_KINDS[code] for code in sorted(_KINDS)]
