"""Who may use the bot, and what came of letting somebody in or out."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.imports.texts import LONGEST_NAME
from bot.chat.translator import Html, Translator, cut, fitting
from bot.usecases.records import Role, User

#: Characters that a list of people may take.
ROOM = 3500


def who_may(t: Translator, admins: Sequence[int], users: Sequence[User]) -> Html:
    """Admins by the settings first, then those of the database, and how to change it."""
    people = [t("<code>{id}</code> admin, by the settings", id=admin) for admin in admins]
    people += [_allowed_person(t, user) for user in users if user.id not in admins]
    some = fitting(people, ROOM)
    left = len(people) - len(some)
    lines = [t("<b>Who may use this bot</b>"), *some]
    if left:
        lines.append(t.many("and {count} more", "and {count} more", left))
    lines.append(t("\n/allow <i>ID</i> lets somebody in, /remove <i>ID</i> takes it away."))
    return Html("\n".join(lines))


def _allowed_person(t: Translator, user: User) -> Html:
    return t(
        "<code>{id}</code> {name}{role}",
        id=user.id,
        name=cut(user.name, LONGEST_NAME) or t("(has not written yet)"),
        role=t(", admin") if user.role is Role.ADMIN else "",
    )


def bad_id(t: Translator, name: str) -> Html:
    return t(
        "Write the person's ID after the command: <code>/{command} 123456789</code>. Ask them to write to this bot: it "
        "tells them their ID.",
        command=name,
    )


def allowed(t: Translator, user_id: int, *, changed: bool) -> Html:
    if changed:
        return t("<code>{id}</code> may use this bot now.", id=user_id)
    return t("<code>{id}</code> may use this bot already.", id=user_id)


def removed(t: Translator, user_id: int, *, changed: bool) -> Html:
    if changed:
        return t("<code>{id}</code> may no longer use this bot.", id=user_id)
    return t("<code>{id}</code> could not use this bot anyway.", id=user_id)


def admin_by_settings(t: Translator, user_id: int) -> Html:
    return t(
        "<code>{id}</code> is an admin by the setting ADMIN_IDS. Remove the number there, and restart the bot.",
        id=user_id,
    )
