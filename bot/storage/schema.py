"""Every table, wherever it is defined: those of a feature stand beside its repository."""

from __future__ import annotations

from bot.storage import (  # noqa: F401 - they put their tables into it
    audit,
    code_warnings,
    daily_limits,
    deletion_offers,
    polling,
    private_links,
    published_texts,
    queue_turns,
    shared_cards,
    tables,
    wrong_codes,
)
from bot.storage.metadata import metadata

__all__ = ["metadata"]
