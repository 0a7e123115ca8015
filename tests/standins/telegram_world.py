"""The world around the bot: people who write, press, edit and delete, and what can be seen on their screens."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.standins.telegram_checks import deep_link
from tests.standins.telegram_files import FileMethods
from tests.standins.telegram_html import FormattedText
from tests.standins.telegram_membership import Membership
from tests.standins.telegram_state import Answer, Button, Chat, ChatKind, Json, Message, Person
from tests.standins.telegram_text import is_empty, split, tidy, typed_entities
from tests.standins.telegram_updates import UpdateQueue
from tests.standins.telegram_waiting import Predicate, Watchers


@dataclass(frozen=True, slots=True)
class Press:
    """A press that the bot has not answered yet; ``at`` is a moment of the stand-in's clock."""

    id: str
    person: Person
    message: Message
    data: str
    at: float
    inaccessible: bool


class World:
    """People, chats and messages.

    What people do gives the id of the update that the bot gets of it. ``chat`` everywhere is a chat or its id; left
    out, it is the person's private chat with the bot. ``blocked`` holds the ids of people who have blocked the bot,
    ``answers`` the presses that the bot has answered, in order; ``press_lifetime`` is how long it may take for that.
    Times are seconds of the clock that was handed in.
    """

    def __init__(self, bot: Person, now: Callable[[], float]) -> None:
        self.bot = bot
        self.now = now
        self.blocked: set[int] = set()
        self.answers: list[Answer] = []
        self.press_lifetime = 900.0
        self.unanswered: dict[str, Press] = {}
        self.updates = UpdateQueue(now, self.changed)
        self._chats: dict[int, Chat] = {}
        self._watchers = Watchers()
        self._message_ids = itertools.count(1)
        self._query_ids = itertools.count(4_000_000_000_000_001)
        self._changes = itertools.count(1)
        self.files = FileMethods()
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

    # --- what people do ---------------------------------------------------------------------------------------------

    def say(
        self,
        person: Person,
        text: str,
        chat: Chat | int | None = None,
        thread: int | None = None,
        reply_to: Message | None = None,
    ) -> int:
        """Write a message; ValueError when there is nothing in it.

        One that is too long goes out as several, as Telegram's programs send it; the id is then the last one's.
        """
        update_id = 0
        for part in split(_typed(text)):
            update_id = self._tell(
                self.post(
                    self._where(person, chat),
                    person,
                    text=part,
                    entities=typed_entities(part),
                    thread=thread,
                    reply_to=reply_to,
                )
            )
        return update_id

    def follow(self, person: Person, url: str) -> int:
        """Open a link that starts the bot, and tap Start; LookupError for any other address."""
        handed_over = deep_link(url, self.bot.username)
        if handed_over is None:
            raise LookupError(f"{url!r} does not start this bot")
        return self.say(person, f"/start {handed_over}")

    def send_photo(self, person: Person, caption: str = "", chat: Chat | int | None = None) -> int:
        sizes = [{**_file("photo"), "width": 90, "height": 60}]
        return self._send(person, chat, "photo", {"photo": sizes}, caption)

    def send_sticker(self, person: Person, chat: Chat | int | None = None) -> int:
        sticker = _file("sticker") | {"type": "regular", "width": 512, "height": 512, "emoji": "👍"}
        return self._send(person, chat, "sticker", {"sticker": sticker | {"is_animated": False, "is_video": False}})

    def send_voice(self, person: Person, chat: Chat | int | None = None) -> int:
        return self._send(person, chat, "voice", {"voice": _file("voice") | {"duration": 3}})

    def send_document(
        self,
        person: Person,
        name: str,
        content: bytes,
        *,
        caption: str = "",
        chat: Chat | int | None = None,
        mime_type: str = "text/plain",
    ) -> int:
        file_id = self.files.keep(name, content)
        document = {"file_id": file_id, "file_unique_id": f"unique-{file_id}", "file_size": len(content)}
        document |= {"file_name": name, "mime_type": mime_type}
        return self._send(person, chat, "document", {"document": document}, caption)

    def put_service(self, person: Person, chat: Chat, media: Json) -> int:
        """What Telegram itself puts into a chat for something that the person has done."""
        return self._tell(self.post(chat, person, kind="service", media=media))

    def edit(self, person: Person, message: Message, text: str) -> int:
        """The person changes the text of a message of theirs; LookupError when it is not theirs or is gone."""
        if message.sender is not person or message.deleted:
            raise LookupError("only one's own messages that are still there can be edited")
        message.text = _typed(text)
        message.entities = typed_entities(message.text)
        self.touch_edited(message)
        return self._tell(message, "edited_message")

    def delete(self, message: Message) -> None:
        """Somebody deletes a message; the bot is not told, as bots never are."""
        message.deleted = True
        self._touch(message)

    def press(self, person: Person, message: Message, button: str | Button, *, inaccessible: bool = False) -> int:
        """Press the button that says or sends this; LookupError when there is none, or the message is gone.

        A ``Button`` is pressed whether or not it is there: a phone that has not seen the last edit, or a forged press.
        With ``inaccessible`` the bot is given the message's id only, as of messages that Telegram no longer gives out.
        """
        if message.deleted:
            raise LookupError("the message has been deleted")
        pressed = button if isinstance(button, Button) else message.button(button)
        if pressed.callback_data is None:
            raise LookupError(f"the button {pressed.text!r} sends nothing")
        return self._press(person, message, pressed.callback_data, inaccessible=inaccessible)

    def resend_unanswered_press(self) -> int:
        """The newest press without an answer comes once more, as a new update; LookupError when there is none."""
        if not self.unanswered:
            raise LookupError("every press has been answered")
        _, press = self.unanswered.popitem()
        return self._press(press.person, press.message, press.data, inaccessible=press.inaccessible)

    def raw_update(self, update: dict[str, Any]) -> int:
        """Any update at all, without its ``update_id``, such as ``{"message": {...}}``."""
        return self.updates.add_raw(update)

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

    def _where(self, person: Person, chat: Chat | int | None) -> Chat:
        where = self.chat(person.id if chat is None else chat)
        if where.person is person:
            person.started = True
        return where

    def _send(self, person: Person, chat: Chat | int | None, kind: str, media: Json, caption: str = "") -> int:
        return self._tell(self.post(self._where(person, chat), person, kind=kind, media=media, text=caption))

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

    def _press(self, person: Person, message: Message, data: str, *, inaccessible: bool) -> int:
        press = Press(str(next(self._query_ids)), person, message, data, self.now(), inaccessible)
        self.unanswered[press.id] = press
        gone = {"chat": message.chat.json(), "message_id": message.id, "date": 0}
        query = {
            "id": press.id,
            "from": person.json(),
            "message": gone if inaccessible else message.json(),
            "chat_instance": str(message.chat.id),
            "data": data,
        }
        return self.updates.add("callback_query", query)


def _typed(text: str) -> str:
    """The text as it arrives when somebody sends it."""
    clean = tidy(FormattedText(text)).text
    if is_empty(clean):
        raise ValueError("a message without text can't be sent")
    return clean


def _file(name: str) -> Json:
    return {"file_id": f"{name}-1", "file_unique_id": f"{name}-u1", "file_size": 1234}
