"""What a tab cannot take."""

from __future__ import annotations

from yizhantong.kernel.items.errors import ContentError, Finding


class TabError(ContentError):
    """What was filled in on a tab cannot be part of a content; nothing was kept, the page shows it as it was posted."""


__all__ = ["Finding", "TabError"]
