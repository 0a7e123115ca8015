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


_PROMPTS: Mapping[Step, tuple[Callable[[Translator, Html], Html], Callable[[Translator], Html]]] = {
    Step.CODES: (
        lambda t, name: t("{name}, reply to this with the transfer code.", name=name),
        lambda t: t("Transfer code"),
    ),
    Step.GROUP: (
        lambda t, name: t("{name}, reply to this with part of the group's name.", name=name),
        lambda t: t("Part of the name"),
    ),
    Step.GROUP_TITLE: (
        lambda t, name: t("{name}, reply to this with a name for the new group.", name=name),
        lambda t: t("Name of the new group"),
    ),
    Step.BYPASS: (
        lambda t, name: t("{name}, reply to this with the domains, one a line.", name=name),
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
