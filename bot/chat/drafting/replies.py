"""What is said to a message, beside the draft's card."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.attachments import Attachment, Kind, Problem
from bot.chat.group_chats.texts import posted_code
from bot.chat.translator import Html, Translator
from bot.usecases.message_deletion import MessageFate


def unknown_command(t: Translator) -> Html:
    return t(
        "I don't know this command. You can use /import, /inbox, /given, /history, /cancel, /language, /timezone and "
        "/help."
    )


_PROBLEMS: Mapping[Problem, Callable[[Translator], Html]] = {
    Problem.TOO_LARGE: lambda t: t(
        "This file is too large: I read text files of up to 20 KB. Send the codes in smaller pieces."
    ),
    Problem.NOT_TEXT: lambda t: t(
        "This file holds no text that I can read. Save it as plain text (UTF-8), or send the codes as text."
    ),
    Problem.UNREACHABLE: lambda t: t(
        "I could not fetch this file from Telegram. Send it again, or send the codes as text."
    ),
}
_KINDS: Mapping[Kind, Callable[[Translator], Html]] = {
    Kind.TEXT_FILE: lambda t: t("This file is empty. Please send the code as text: copy it, or type it."),
    Kind.FILE: lambda t: t(
        "The only files I read are text files (.txt) of up to 20 KB. Please send the code as text: copy it, or type it."
    ),
    Kind.PHOTO: lambda t: t("I can't read what is in a photo. Please send the code as text: copy it, or type it."),
    Kind.VIDEO: lambda t: t("I can't watch videos. Please send the code as text: copy it, or type it."),
    Kind.VOICE: lambda t: t("I can't listen to voice messages. Please send the code as text: copy it, or type it."),
    Kind.AUDIO: lambda t: t("I can't listen to recordings. Please send the code as text: copy it, or type it."),
    Kind.STICKER: lambda t: t("A sticker tells me nothing. Please send the code as text: copy it, or type it."),
    Kind.OTHER: lambda t: t("I read only text. Please send the code as text: copy it, or type it."),
}


def not_read(t: Translator, attachment: Attachment) -> Html:
    """Why what was sent is not read, and what to send instead."""
    say = _KINDS[attachment.kind] if attachment.problem is None else _PROBLEMS[attachment.problem]
    return say(t)


def secret_deleted(t: Translator) -> Html:
    return t("I deleted your message, because it contained a password or a key.")


def secret_stays(t: Translator) -> Html:
    return t("Your message contains a password or a key. I can't delete it: please delete it yourself.")


def code_stays(t: Translator) -> Html:
    return t("I can't delete your message here: please delete it yourself.")


def offer(t: Translator, fate: MessageFate) -> Html:
    """Why a message is offered to be deleted."""
    match fate:
        case MessageFate.HOLDS_MORE:
            return t(
                "There is more in your message than I used, so I did not delete it. Delete it once you have saved the "
                "rest."
            )
        case MessageFate.HOLDS_SECRET:
            return t("There is a password or a key in your message. Delete it when you don't need it there any more.")
        case MessageFate.HOLDS_CODE:
            return posted_code(t)
        case _:
            return t(
                "There may be a password or a key in your message. I did not use or keep it. Delete it if there is one."
            )
