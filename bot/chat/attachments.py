"""What is sent beside text: a text file is read as a message is, anything else is told by its kind."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace
from enum import StrEnum

from telegram import Bot, Document, Message
from telegram.error import TelegramError

_LOG = logging.getLogger(__name__)

#: Bytes of a text file that are read: room for the codes of one import and a proxy for each.
LARGEST_FILE = 20 * 1024
#: Seconds that Telegram has to hand a file out.
FETCH_WITHIN = 2.0


class Kind(StrEnum):
    """What a message is that is no text."""

    TEXT_FILE = "text_file"
    FILE = "file"
    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    AUDIO = "audio"
    STICKER = "sticker"
    OTHER = "other"


class Problem(StrEnum):
    """Why a text file can't be read."""

    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class Attachment:
    """``file_id`` and ``size`` are those of a text file; a size of None is not known before it is fetched."""

    kind: Kind
    file_id: str = ""
    size: int | None = None
    problem: Problem | None = None


def attachment_of(message: Message) -> Attachment | None:
    """What is attached to a message; None for one that is text alone."""
    if message.text is not None:
        return None
    # An animation comes as a document too.
    if message.document is not None and message.animation is None:
        return _document(message.document)
    kinds = {
        Kind.PHOTO: message.photo,
        Kind.VIDEO: message.video or message.animation or message.video_note,
        Kind.VOICE: message.voice,
        Kind.AUDIO: message.audio,
        Kind.STICKER: message.sticker,
    }
    return Attachment(next((kind for kind, there in kinds.items() if there), Kind.OTHER))


def _document(document: Document) -> Attachment:
    name = (document.file_name or "").casefold()
    if document.mime_type != "text/plain" and not name.endswith(".txt"):
        return Attachment(Kind.FILE)
    return Attachment(Kind.TEXT_FILE, document.file_id, document.file_size)


async def fetch_text(bot: Bot, attachment: Attachment) -> tuple[str, Attachment]:
    """What stands in a text file; nothing, and why, where it can't be read."""
    if (attachment.size or 0) > LARGEST_FILE:
        return "", replace(attachment, problem=Problem.TOO_LARGE)
    try:
        async with asyncio.timeout(FETCH_WITHIN):
            file = await bot.get_file(attachment.file_id)
            if (file.file_size or 0) > LARGEST_FILE:
                return "", replace(attachment, problem=Problem.TOO_LARGE)
            content = bytes(await file.download_as_bytearray())
    except (TelegramError, TimeoutError) as error:
        _LOG.info("a text file can't be fetched: %s", error)
        return "", replace(attachment, problem=Problem.UNREACHABLE)
    if len(content) > LARGEST_FILE:
        return "", replace(attachment, problem=Problem.TOO_LARGE)
    text = decoded(content)
    return (text or "").strip(), attachment if text is not None else replace(attachment, problem=Problem.NOT_TEXT)


def decoded(content: bytes) -> str | None:
    """Text as editors write it, on Windows with a mark of its encoding before it; None for anything else."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text
