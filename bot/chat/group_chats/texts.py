"""What is said in group chats alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.translator import Html, Translator, cut
from bot.domain.draft import Step

#: Characters of a person's name that are shown.
LONGEST_NAME = 60


def owner(t: Translator, name: str) -> Html:
    """Whose card it is, above what it says."""
    return t("👤 {name}", name=cut(name, LONGEST_NAME))


def not_yours(t: Translator, name: str) -> Html:
    """Over a press on somebody else's card."""
    return t("This card belongs to {name}.", name=cut(name, LONGEST_NAME))


def search(t: Translator) -> Html:
    return t("🔎 Search")


def go_on_in_private(t: Translator) -> Html:
    return t("🔒 Continue in private")


def not_here(t: Translator) -> Html:
    return t("Don't type it here, where others can read it. Tap “Continue in private”.")


def asking_for_group_chat(t: Translator) -> Html:
    """Above a card in private."""
    return t("This step belongs to your import in the group chat.")


def taken_for_group_chat(t: Translator) -> Html:
    return t("✅ Got it. Your import goes on in the group chat.")


def left_private(t: Translator) -> Html:
    return t("I closed this. Your import in the group chat is still open.")


def ended_in_group_chat(t: Translator) -> Html:
    return t("Your import in the group chat does not need this any more.")


def to_group_chat(t: Translator) -> Html:
    return t("To the group chat")


def posted_code(t: Translator) -> Html:
    return t("Anyone who sees a code can use it until it is imported. It is safer to send codes to me in private.")


def link_gone(t: Translator) -> Html:
    return t("This link has been used, or is too old. Tap the button in the group chat again.")


def link_of_another(t: Translator) -> Html:
    return t("This link is for somebody else. To import a profile of your own, send me its transfer code.")


def link_not_needed(t: Translator) -> Html:
    return t("This link is not needed any more. The card of your import is in the group chat.")


def _part_of_proxy(t: Translator, name: Html) -> Html:
    return t("{name}, reply to this with part of the proxy's name or address.", name=name)


_PROMPTS: Mapping[Step, tuple[Callable[[Translator, Html], Html], Callable[[Translator], Html]]] = {
    Step.CODES: (
        lambda t, name: t("{name}, reply to this with the transfer code.", name=name),
        lambda t: t("Transfer code"),
    ),
    Step.GROUP: (
        lambda t, name: t("{name}, reply to this with part of the group's name.", name=name),
        lambda t: t("Part of the name"),
    ),
    Step.SAVED: (_part_of_proxy, lambda t: t("Part of the name")),
    Step.STATIC: (_part_of_proxy, lambda t: t("Part of the name")),
    Step.GROUP_TITLE: (
        lambda t, name: t("{name}, reply to this with a name for the new group.", name=name),
        lambda t: t("Name of the new group"),
    ),
    Step.BYPASS: (
        lambda t, name: t("{name}, reply to this with the domains, one per line.", name=name),
        lambda t: t("Domains"),
    ),
}


def prompt(t: Translator, step: Step, user_id: int, name: str) -> Html:
    """What is to be typed, and by whom."""
    sentence, _ = _PROMPTS[step]
    link = t('<a href="tg://user?id={user_id}">{name}</a>', user_id=user_id, name=cut(name, LONGEST_NAME))
    return sentence(t, link)


def placeholder(t: Translator, step: Step) -> Html:
    """What stands in the field in which it is typed: 64 characters at most."""
    _, words = _PROMPTS[step]
    return words(t)
