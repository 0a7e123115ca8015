"""Chats with their members and messages, what can be seen on their screens, and what the bot is told of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from tests.standins.telegram_membership import Membership
from tests.standins.telegram_state import Chat, ChatKind, Json, Message, Person
from tests.standins.telegram_updates import UpdateQueue
from tests.standins.telegram_waiting import Predicate, Watchers


class Chats:
    """``chat`` everywhere is a chat or its id. ``blocked`` holds the ids of people who have blocked the bot.

    Times are seconds of the clock that was handed in.
    """

    def __init__(self, bot: Person, now: Callable[[], float]) -> None:
        self.bot = bot
        self.now = now
        self.blocked: set[int] = set()
        self.updates = UpdateQueue(now, self.changed)
        self._chats: dict[int, Chat] = {}
        self._watchers = Watchers()
        self._message_ids = itertools.count(1)
        self._changes = itertools.count(1)
        self.membership = Membership(self)
        #: Told of a group into which nobody has brought the bot.
        self.group_added: Callable[[Chat], None] = lambda _: None

    # --- who and where there is -------------------------------------------------------------------------------------

    def add_person(
        self,
        user_id: int,
        first_name: str,
        username: str | None = None,
        language_code: str = "en",
        *,
        started: bool = True,
    ) -> Person:
        """Somebody with a private chat with the bot; the bot can't write first to who has not ``started`` it."""
        person = Person(user_id, first_name, username, language_code, started)
        self._chats[user_id] = Chat(user_id, "private", person=person)
        return person

    def add_group(
        self,
        chat_id: int,
        title: str,
        *,
        kind: ChatKind = "supergroup",
        threads: Sequence[int] = (),
        can_delete: bool = False,
        privacy: bool = False,
        added_by: Person | None = None,
    ) -> Chat:
        """A group in which the bot sees everything, or with ``privacy`` what it is shown in privacy mode.

        ``threads`` are the topics that make it a forum. The bot is told who has ``added_by`` it, where somebody is
        named; else it is there.
        """
        chat = Chat(chat_id, kind, title, threads=tuple(threads), can_delete=can_delete, privacy=privacy)
        self._chats[chat_id] = chat
        if added_by is None:
            self.group_added(chat)
        else:
            self.membership.bring(added_by, chat)
        return chat

    @property
    def groups(self) -> Sequence[Chat]:
        """The groups of which nobody has told the bot."""
        return [chat for chat in self._chats.values() if chat.person is None and not self.membership.knows(chat)]

    def chat(self, chat: Chat | int) -> Chat:
        """The chat with this id; KeyError when there is none."""
        return chat if isinstance(chat, Chat) else self._chats[chat]

    def migrate(self, person: Person, chat: Chat | int, new_id: int) -> Chat:
        """The person upgrades a group to a supergroup of another id; both chats say so to the bot."""
        old = self.chat(chat)
        new = self._chats[new_id] = Chat(
            new_id, "supergroup", old.title, can_delete=old.can_delete, privacy=old.privacy
        )
        self.put_service(person, old, {"migrate_to_chat_id": new_id})
        self.put_service(person, new, {"migrate_from_chat_id": old.id})
        old.migrated_to = new_id
        # As of any supergroup into which it comes; that it has left the group is not told.
        self.membership.bring(person, new)
        return new

    def flood(self, chat: Chat | int, seconds: float) -> None:
        """For so long the bot is told to wait when it writes to this chat."""
        self.chat(chat).flooded_until = self.now() + seconds

    # --- what there is to see ---------------------------------------------------------------------------------------

    def transcript(self, chat: Chat | int) -> str:
        """All that was said in a chat, in plain words."""
        return self.chat(chat).transcript()

    async def settled(
        self, predicate: Predicate, seconds: float | None = 5.0, *, chat: Chat | int | None = None
    ) -> None:
        """Wait until the predicate holds; AssertionError with the transcript when it does not in time (None: no limit).

        It is looked at again at each change here: a message, an edit, a press, a call, an update fetched. A
        LookupError in it means *not yet*. With ``chat``, only at changes to messages of that chat, which is cheaper
        where hundreds wait.
        """
        about = None if chat is None else self.chat(chat)
        if await self._watchers.wait(predicate, seconds, about.id if about else None):
            return
        chats = [about] if about else [known for known in self._chats.values() if known.messages]
        shown = "\n\n".join(f"--- chat {known.id}\n{known.transcript()}" for known in chats)
        waiting = f"{len(self.updates.pending)} updates unconfirmed"
        raise AssertionError(f"it did not come true within {seconds} s; {waiting}\n{shown}")

    async def handled(self, seconds: float | None = 5.0) -> None:
        """Wait until the bot has confirmed every update."""
        await self.settled(lambda: not self.updates.pending, seconds)

    # --- what the bot's methods use ---------------------------------------------------------------------------------

    def find(self, chat_id: int) -> Chat | None:
        return self._chats.get(chat_id)

    def post(self, chat: Chat, sender: Person, **fields: Any) -> Message:
        """Put a new message into a chat; ``fields`` are those of ``Message``."""
        message = Message(next(self._message_ids), chat, sender, int(self.now()), **fields)
        chat.messages.append(message)
        chat.by_id[message.id] = message
        self._touch(message)
        return message

    def put_service(self, person: Person, chat: Chat, media: Json) -> int:
        """What Telegram itself puts into a chat for something that the person has done."""
        return self._tell(self.post(chat, person, kind="service", media=media))

    def touch_edited(self, message: Message) -> None:
        message.edited += 1
        message.edit_date = int(self.now())
        self._touch(message)

    def changed(self, chat_id: int | None = None) -> None:
        """Those who wait look again."""
        self._watchers.changed(chat_id)

    def _touch(self, message: Message) -> None:
        message.changed = next(self._changes)
        self.changed(message.chat.id)

    def _tell(self, message: Message, kind: str = "message") -> int:
        """The id of the bot's update; 0 where it is not shown the message."""
        if message.chat.privacy and not message.chat.can_delete and not self._is_for_bot(message):
            return 0
        return self.updates.add(kind, message.json())

    def _is_for_bot(self, message: Message) -> bool:
        """Whether a bot in privacy mode is shown the message of a group."""
        answered = message.reply_to is not None and message.reply_to.sender is self.bot and not message.reply_to.deleted
        if message.kind == "service" or answered or message.mentions(self.bot):
            return True
        command, _, named = message.text.split()[0].partition("@") if message.text else ("", "", "")
        return command.startswith("/") and named in {"", self.bot.username}
