"""One update as the bot understands it: who, where, and what was said or pressed.

What is read, and what is passed over in silence. README.md says the same for the people who write.

| what comes | what becomes of it |
|---|---|
| a message, new or edited, of a person who is seen as its sender | read |
| the same, forwarded from anybody or typed with the help of another bot (``via_bot``) | read, as of who sent it |
| the parts of a text that was too long for one message | read, as that text |
| whom an admin has chosen from Telegram's list of people | read, where one was asked for |
| a press on a button, by whoever pressed it, an anonymous admin included | read: Telegram names the person |
| a sender without a first name, or one of which nothing can be seen | read, under the username or the id |
| a message of an anonymous admin, or with a channel or group as its sender | silence: whose it is can't be told |
| a post of a linked channel, which Telegram forwards by itself | silence, the same |
| a message of another bot, or of Telegram itself | silence: two bots could answer one another for ever |
| a post in a channel, a message in a channel's direct messages | silence: imports are not for an audience |
| messages and connections of business accounts, guest messages | silence: they are written to somebody else |
| a press on a message sent by way of inline mode, which this bot does not have | silence |
| that the bot was added to a group chat, or removed from it | ``bot.chat.group_chats.membership`` |
| reactions, polls, payments, boosts, members who come and go, inline queries, kinds that are new | silence |

Of the kinds that are passed over none is asked for; one may come all the same, from before the bot said so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from telegram import Bot, MaybeInaccessibleMessage, Message, MessageEntity, Update, User
from telegram.constants import ChatType

from bot.chat.attachments import Attachment, Kind, attachment_of, fetch_text
from bot.chat.generation import unmarked
from bot.chat.split_messages import FOLLOWERS
from bot.domain.characters import one_line
from bot.domain.doubtful_words import HIDDEN
from bot.domain.split_messages import join_parts
from bot.usecases.records import Place

#: Telegram's own senders: an admin who hides behind a group, a channel, what it says itself and forwards by itself.
TELEGRAMS_OWN = frozenset({1087968824, 136817688, 777000})

#: Characters of a person's name that are kept, as many as its columns of the database hold.
NAME_LENGTH = 256

#: Characters of a username that are kept; Telegram gives 32.
USERNAME_LENGTH = 64
#: The same of a group chat's title.
TITLE_LENGTH = 256

#: Characters of a language's code that are kept. Telegram bounds neither these nor what follows in it.
LANGUAGE_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a text that was too long for one."""

    update_id: int
    message_id: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChosenPerson:
    """Somebody who was chosen from Telegram's list of people, in answer to the request with this number."""

    request_id: int
    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class IncomingUpdate:
    """``text`` is what was typed, a caption included. ``message_id`` is the message typed, or the one pressed on.

    ``parts`` are the messages as which a text came that was too long, the one of ``message_id`` first; else none.

    ``data`` is what the pressed button carries, None where nothing was pressed, and ``generation`` which life of the
    database it belongs to. ``to_bot`` says that the bot is meant: it always is in private, in a group by a reply to it,
    by a command of its own, or by its name, which is then no part of ``text``. ``username`` is the person's, empty for
    who has none, ``bot_username`` the bot's, as links to it have it. ``chat_title`` is that of a group chat, and empty
    elsewhere.
    """

    update_id: int
    user_id: int
    person_name: str
    language: str
    chat_id: int
    thread_id: int | None
    message_id: int | None
    text: str = field(default="", repr=False)
    to_bot: bool = True
    data: str | None = None
    generation: int = 1
    attachment: Attachment | None = None
    parts: tuple[Part, ...] = ()
    username: str = ""
    bot_username: str = ""
    chosen: ChosenPerson | None = None
    chat_title: str = ""

    @property
    def update_ids(self) -> Sequence[int]:
        """The ids under which Telegram has told of it."""
        return [part.update_id for part in self.parts] or [self.update_id]

    @property
    def where(self) -> Place:
        return Place(self.user_id, self.chat_id, self.thread_id, self.language)

    @property
    def private(self) -> bool:
        return self.user_id == self.chat_id

    @property
    def argument(self) -> str:
        """What stands behind a command."""
        return "".join(self.text.split(maxsplit=1)[1:]).strip()

    def with_words_hidden(self) -> IncomingUpdate:
        """The same command, without what was typed behind it."""
        return replace(self, text=f"{self.text.split(maxsplit=1)[0]} {HIDDEN}")


def read_update(update: Update, bot: Bot) -> IncomingUpdate | None:
    """The update, or None for one that is passed over in silence, as the table says."""
    query = update.callback_query
    typed = None if query is not None else update.message or update.edited_message
    message: MaybeInaccessibleMessage | None
    person: User | None
    if query is not None:
        message, person = query.message, query.from_user
    elif typed is not None and not _hides_its_sender(typed):
        message, person = typed, typed.from_user
    else:
        return None
    if message is None or person is None or is_hidden(person):
        return None
    chat = message.chat
    read = message if isinstance(message, Message) else None
    messages = [] if typed is None else [(update.update_id, typed), *_followers(update, bot)]
    said = [_said(each, bot) for _, each in messages]
    texts = [text for text, _ in said]
    parts = [Part(number, each.message_id, part) for (number, each), part in zip(messages, texts, strict=True)]
    data, generation = (None, 1) if query is None else unmarked(query.data or "")
    is_meant = any(named for _, named in said) or any(_replies_to(each, bot.id) for _, each in messages)
    return IncomingUpdate(
        update_id=update.update_id,
        user_id=person.id,
        person_name=name_of(person),
        language=one_line(person.language_code or "", LANGUAGE_LENGTH),
        chat_id=chat.id,
        thread_id=_thread(read),
        message_id=message.message_id,
        text=join_parts(texts) if texts else "",
        to_bot=chat.type == ChatType.PRIVATE or query is not None or is_meant,
        data=data,
        generation=generation,
        attachment=None if typed is None else attachment_of(typed),
        parts=tuple(parts) if len(parts) > 1 else (),
        username=one_line(person.username or "", USERNAME_LENGTH),
        bot_username=bot.username,
        chosen=None if typed is None else _chosen(typed),
        chat_title=one_line(chat.title or "", TITLE_LENGTH),
    )


def _followers(update: Update, bot: Bot) -> Iterator[tuple[int, Message]]:
    """The other messages of a text that was too long for one, each with the id of its update."""
    for follower in update.api_kwargs.get(FOLLOWERS, ()):
        yield follower["update_id"], Message.de_json(follower["message"], bot)


async def with_file(incoming: IncomingUpdate, bot: Bot) -> IncomingUpdate:
    """The update with what stands in its text file, below the caption."""
    attachment = incoming.attachment
    if attachment is None or attachment.kind is not Kind.TEXT_FILE:
        return incoming
    text, attachment = await fetch_text(bot, attachment)
    return replace(incoming, text="\n".join(filter(None, (incoming.text, text))), attachment=attachment)


def _hides_its_sender(message: Message) -> bool:
    return message.sender_chat is not None or bool(message.chat.is_direct_messages)


def is_hidden(person: User) -> bool:
    """Whether it is no person, or one of Telegram's own senders, behind whom nobody can be told."""
    return person.is_bot or person.id in TELEGRAMS_OWN


def name_of(person: User) -> str:
    return _called(person.id, person.first_name, person.last_name, person.username)


def _called(user_id: int, first_name: str | None, last_name: str | None, username: str | None) -> str:
    """How somebody is called, on one line: by their username or their id where their name shows nothing."""
    name = one_line(f"{first_name or ''} {last_name or ''}", NAME_LENGTH)
    return name or (f"@{username}" if username else str(user_id))


def _chosen(message: Message) -> ChosenPerson | None:
    shared = message.users_shared
    if shared is None or len(shared.users) != 1:
        return None
    [person] = shared.users
    name = _called(person.user_id, person.first_name, person.last_name, person.username)
    return ChosenPerson(shared.request_id, person.user_id, name)


def _thread(message: Message | None) -> int | None:
    if message is None or not message.is_topic_message:
        return None
    return message.message_thread_id


def _said(message: Message, bot: Bot) -> tuple[str, bool]:
    """What somebody has written, and whether they call the bot by its name in a group, without that name.

    With a command the name stays, as it is in private.
    """
    text = message.text or message.caption or ""
    if message.chat.type == ChatType.PRIVATE:
        return text, False
    calls: list[str | None] = [MessageEntity.MENTION, MessageEntity.BOT_COMMAND]
    found = message.parse_entities(calls) if message.text else message.parse_caption_entities(calls)
    name = f"@{bot.username}".casefold()
    named = next((word for word in found.values() if word.casefold() == name), None)
    if named is not None:
        return text.replace(named, "", 1).strip(), True
    return text, any(word.startswith("/") and word.casefold().endswith(name) for word in found.values())


def _replies_to(message: Message, bot_id: int) -> bool:
    answered = message.reply_to_message
    return answered is not None and answered.from_user is not None and answered.from_user.id == bot_id
