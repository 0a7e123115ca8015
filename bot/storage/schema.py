"""Every table, wherever it is defined: those of a feature stand beside its repository."""

from __future__ import annotations

from bot.storage import (  # noqa: F401 - they put their tables into it
    access_requests,
    alerts,
    audit,
    code_warnings,
    daily_limits,
    deletion_offers,
    feed,
    group_chats,
    handoff_tables,
    health,
    held_codes,
    invitations,
    kept_codes,
    log_search,
    polling,
    private_links,
    published_texts,
    queue_turns,
    shared_cards,
    tables,
    unreachable,
    wrong_codes,
)
from bot.storage.metadata import metadata

__all__ = ["metadata"]
