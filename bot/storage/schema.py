"""Every table, wherever it is defined: those of a feature stand beside its repository."""

from __future__ import annotations

from bot.storage import (  # noqa: F401 - they put their tables into it
    audit,
    code_warnings,
    deletion_offers,
    kept_codes,
    polling,
    private_links,
    published_texts,
    shared_cards,
    tables,
)
from bot.storage.metadata import metadata

__all__ = ["metadata"]
