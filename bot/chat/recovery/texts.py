"""What is said after the database was restored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat import words
from bot.chat.imports.texts import LONGEST_NAME
from bot.chat.translator import Html, Translator, cut
from bot.usecases.records import Role
from bot.usecases.recovery import RecoveryView
from bot.usecases.recovery_rows import Decision, Misfit, NewestRecord

#: People whose names stand on the card.
MOST_NAMES = 40
#: Characters of an account's name.
LONGEST_ACCOUNT = 64

_WHY: Mapping[Misfit, Callable[[Translator], Html]] = {
    Misfit.OLDER: lambda t: t("⚠️ <b>My database is older than the one I worked with last.</b>"),
    Misfit.MOVED: lambda t: t("⚠️ <b>My database is a copy, or comes from another computer or folder.</b>"),
}


def card(t: Translator, found: RecoveryView) -> Html:
    """How the recovery stands, and what is to be answered."""
    said = [Html("\n".join([_WHY[found.recovery.why](t), _what_ended(t)]))]
    said.append(t("✅ The members are confirmed.") if found.recovery.members_confirmed else _members(t, found))
    said.append(_account(t, found))
    return Html("\n\n".join(said))


def over(t: Translator) -> Html:
    return t("This is over: my database was restored once more since.")


def _what_ended(t: Translator) -> Html:
    return t("Open imports that nobody had confirmed are closed. Invitations and requests for access have ended.")


def _members(t: Translator, found: RecoveryView) -> Html:
    question = t("<b>Are these the right people?</b> Until you confirm, only the admins in ADMIN_IDS can use the bot.")
    people = [(admin, name, Role.ADMIN) for admin, name in found.admins.items()]
    people += [(user.id, user.name, user.role or Role.VIEWER) for user in found.members if user.id not in found.admins]
    lines = [
        t("• {name}, {role}", name=cut(name, LONGEST_NAME) or str(user_id), role=words.role(t, role))
        for user_id, name, role in people[:MOST_NAMES]
    ]
    more = len(people) - len(lines)
    if more:
        lines.append(t.many("and {count} more: /members", "and {count} more: /members", more))
    return Html("\n".join([question, *lines]))


def _account(t: Translator, found: RecoveryView) -> Html:
    if found.recovery.decision is Decision.GOING_ON:
        if found.recovery.settled:
            return t("✅ Imports go on.")
        return t("⏳ I check what ixBrowser has received. Then imports go on.")
    asked = t("<b>Is this the right ixBrowser account?</b> Until you tap Go on, I send nothing to ixBrowser.")
    if found.recovery.decision is Decision.STOPPED:
        asked = t("⏹ <b>Stopped.</b> I send nothing to ixBrowser until an admin taps Go on.")
    if not found.newest:
        return Html("\n".join([asked, t("ixBrowser can't be read yet: open it, and log in.")]))
    return Html("\n".join([asked, t("The last profile that it has received:"), *_newest(t, found.newest)]))


def _newest(t: Translator, newest: Sequence[NewestRecord]) -> Sequence[Html]:
    lines = []
    for each in newest:
        line = t("none yet") if each.is_empty else _record(t, each)
        lines.append(t("{station}: {record}", station=each.station, record=line) if len(newest) > 1 else line)
    return lines


def _record(t: Translator, each: NewestRecord) -> Html:
    said = t("<b>{name}</b>", name=cut(each.name, LONGEST_NAME) or "—")
    moment = "" if each.received_at is None else t.moment(each.received_at, "")
    for details in (moment, cut(each.account, LONGEST_ACCOUNT)):
        if details:
            said = t("{record} · {details}", record=said, details=details)
    return said


def confirm_members(t: Translator) -> Html:
    return t("Confirm members")


def go_on(t: Translator) -> Html:
    return t("Go on")


def stop(t: Translator) -> Html:
    return t("Stop")


# --- to everybody -----------------------------------------------------------------------------------------------------


def closed(t: Translator) -> Html:
    """To who had something open."""
    return t(
        "My database was restored. What you had not confirmed is closed: please send it again later. Before an import "
        "that waits is sent, I check whether it was done already."
    )


def not_yet(t: Translator) -> Html:
    """To who has a role that is not confirmed yet."""
    return t("My database was restored. You can use me again as soon as an admin has confirmed who may.")


def before_restore(t: Translator) -> Html:
    """Over a press on a card of before."""
    return t("This card is from before the restore.")
