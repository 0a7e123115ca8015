"""What is said to a message, beside the draft's card."""

from __future__ import annotations

from bot.chat.group_chats.texts import posted_code
from bot.chat.translator import Html, Translator
from bot.usecases.message_deletion import MessageFate


def unknown_command(t: Translator) -> Html:
    return t("I don't know this command. There are /import, /history, /cancel, /language, /timezone and /help.")


def only_text(t: Translator) -> Html:
    return t("I read only text. Please send the code as text: copy it, or type it.")


def secret_deleted(t: Translator) -> Html:
    return t("I deleted your message, since it held a password or a key.")


def secret_stays(t: Translator) -> Html:
    return t("Your message holds a password or a key. I can't delete it: please delete it yourself.")


def code_stays(t: Translator) -> Html:
    return t("I can't delete your message here: please delete it yourself.")


def offer(t: Translator, fate: MessageFate) -> Html:
    """Why a message is offered to be deleted."""
    match fate:
        case MessageFate.HOLDS_MORE:
            return t("There is more in your message than I used, so I left it. Delete it when you have that elsewhere.")
        case MessageFate.HOLDS_SECRET:
            return t("There is a password or a key in your message. Delete it when you don't need it there any more.")
        case MessageFate.HOLDS_CODE:
            return posted_code(t)
        case _:
            return t(
                "There may be a password or a key in your message. I did not use or keep it. Delete it if there is one."
            )
