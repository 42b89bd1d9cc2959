"""A text field whose content the database never sees in clear."""

from __future__ import annotations

from typing import Any

from django.db import models

from yizhantong.kernel.parties import sealing


class SealedField(models.TextField):  # type: ignore[type-arg]
    """Text sealed by the provider of :mod:`~yizhantong.kernel.parties.sealing`; it cannot be searched or ordered.

    Keep a keyed index beside it (``sealing.index_of``) where equality is needed.
    """

    def get_prep_value(self, value: Any) -> Any:
        """Seal the text on its way to the database; empty stays empty."""
        return sealing.seal(value) if value else value

    def from_db_value(self, value: Any, *_args: Any) -> Any:
        """Open what the database held."""
        return sealing.unseal(value) if value else value
