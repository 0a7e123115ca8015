"""The message on which a button was pressed, without what nobody reads.

A message that was pressed is known by its place and id. Telegram sends its text and keyboard along, of which PTB would
build an object for each button and each piece of formatting: a twelfth of what a tap costs. And an update with a kind
of content that PTB does not know would be skipped, and with it the tap.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.chat.split_messages import RawUpdate

#: What ``bot.chat.incoming_update`` reads; by ``date`` PTB tells a message that Telegram no longer gives out.
_READ = ("message_id", "date", "chat", "message_thread_id", "is_topic_message")


def contain_presses(updates: Iterable[RawUpdate]) -> bool:
    """Whether a button was pressed in one of the updates."""
    return any("callback_query" in update for update in updates)


def without_contents(update: RawUpdate) -> RawUpdate:
    """The update, its pressed message without text and keyboard."""
    query = update.get("callback_query")
    if query is None or not isinstance(query.get("message"), dict):
        return update
    message = {name: value for name, value in query["message"].items() if name in _READ}
    return {**update, "callback_query": {**query, "message": message}}
