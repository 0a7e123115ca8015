"""Who may use the bot, and what came of letting somebody in or out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat.imports.texts import LONGEST_NAME
from bot.chat.translator import Html, Translator, cut
from bot.usecases.members import Member
from bot.usecases.records import Role

# --- who may use the bot ----------------------------------------------------------------------------------------------


def in_private_only(t: Translator) -> Html:
    return t("I show who may use this bot in private only. Send me /members there.")


def members(t: Translator, some: Sequence[Member], time_zone: str) -> Html:
    """A page of them, and how somebody is let in."""
    entries = [Html(f"{_heading(t, each)}\n{_about(t, each, time_zone)}") for each in some]
    how = t("/allow <i>ID</i> gives somebody access.")
    return Html("\n\n".join([t("<b>Who may use this bot</b>"), *entries, how]))


def member(t: Translator, each: Member, time_zone: str) -> Html:
    """A person's own page."""
    lines = [_heading(t, each)]
    if each.username:
        lines.append(t("@{username}", username=each.username))
    lines += [t("ID: <code>{id}</code>", id=each.id), _about(t, each, time_zone)]
    if each.by_settings:
        lines.append(admin_by_settings(t, each.id))
    if each.last_admin:
        lines.append(last_admin(t))
    return Html("\n".join(lines))


def _heading(t: Translator, each: Member) -> Html:
    name = t("<b>{name}</b>", name=short_name(each))
    if each.by_settings:
        return t("{name}, admin by the settings", name=name)
    return name if each.role is None else t("{name}, {role}", name=name, role=role_word(t, each.role))


def _about(t: Translator, each: Member, time_zone: str) -> Html:
    # Who can't be told anything is marked here.
    if not each.started:
        return t("⚠️ has never written to this bot, so I can't write to them")
    done = t.many("{count} import", "{count} imports", each.imports)
    if each.last_seen is None:
        return done
    return t("{imports}, last seen {when}", imports=done, when=t.moment(each.last_seen, time_zone))


def short_name(each: Member) -> str:
    """How somebody is called, by their number where no name is known."""
    return cut(each.name, LONGEST_NAME) or str(each.id)


_ROLES: Mapping[Role, Callable[[Translator], Html]] = {
    Role.VIEWER: lambda t: t("viewer"),
    Role.MEMBER: lambda t: t("member"),
    Role.ADMIN: lambda t: t("admin"),
}


def role_word(t: Translator, role: Role) -> Html:
    return _ROLES[role](t)


def promote(t: Translator) -> Html:
    return t("Promote")


def demote(t: Translator) -> Html:
    return t("Demote")


def remove(t: Translator) -> Html:
    return t("Remove")


# --- before it is done ------------------------------------------------------------------------------------------------

#: What is asked before somebody gets another role: from which, and to which.
_QUESTIONS: Mapping[tuple[Role, Role], Callable[[Translator, str], Html]] = {
    (Role.VIEWER, Role.MEMBER): lambda t, name: t(
        "<b>Make {name} a member?</b>\nThen they can import profiles.", name=name
    ),
    (Role.MEMBER, Role.ADMIN): lambda t, name: t(
        "<b>Make {name} an admin?</b>\nThen they can give people access and remove them, even other admins.", name=name
    ),
    (Role.ADMIN, Role.MEMBER): lambda t, name: t(
        "<b>Make {name} a member?</b>\n"
        "They can still import, but they can't give people access or remove them any more.",
        name=name,
    ),
    (Role.MEMBER, Role.VIEWER): lambda t, name: t(
        "<b>Make {name} a viewer?</b>\n"
        "Then they can only look at the team's imports. Imports that they have not confirmed are closed. "
        "Confirmed imports go on.",
        name=name,
    ),
}


def ask_role(t: Translator, each: Member, was: Role, role: Role) -> Html:
    return _QUESTIONS[was, role](t, short_name(each))


def ask_removal(t: Translator, each: Member) -> Html:
    """What is asked before somebody is removed, naming what will happen."""
    said = [t("Then they can't use this bot any more. Imports that they have not confirmed are closed.")]
    if each.waiting:
        said.append(
            t.many(
                "{count} waiting import is cancelled, and you get its code.",
                "{count} waiting imports are cancelled, and you get their codes.",
                each.waiting,
            )
        )
    said.append(t("Imports that were already sent to ixBrowser go on."))
    return Html("\n".join([t("<b>Remove {name}?</b>", name=short_name(each)), t.sentences(*said)]))


# --- what came of it --------------------------------------------------------------------------------------------------


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


def has_role(t: Translator, each: Member, role: Role) -> Html:
    """Over the press with which somebody got it."""
    return t("Done. {name}: {role}.", name=short_name(each), role=role_word(t, role))


def is_removed(t: Translator, each: Member) -> Html:
    return t("<b>{name}</b> may no longer use this bot.", name=short_name(each))


def admin_by_settings(t: Translator, user_id: int) -> Html:
    return t(
        "<code>{id}</code> is an admin by the setting ADMIN_IDS. Remove the ID there, and restart the bot.",
        id=user_id,
    )


def last_admin(t: Translator) -> Html:
    return t("This is the only admin. Make somebody else an admin first.")


def codes_kept(t: Translator, name: str, cancelled: int, going_on: int) -> Html:
    """To the admin who has removed somebody, above a button that shows the codes."""
    said = []
    if cancelled:
        said.append(
            t.many(
                "{count} code of {name} was not imported, and is still valid.",
                "{count} codes of {name} were not imported, and are still valid.",
                cancelled,
                name=name,
            )
        )
    if going_on:
        said.append(
            t.many(
                "{count} import of {name} is still going on. If it fails, you get its code here too.",
                "{count} imports of {name} are still going on. If one fails, you get its code here too.",
                going_on,
                name=name,
            )
        )
    said.append(t("I keep the codes for 30 days."))
    return t.sentences(*said)


# --- to the person themselves -----------------------------------------------------------------------------------------


def told(t: Translator, was: Role | None, role: Role | None) -> Html:
    """What somebody is told whose role has changed: what they can do now."""
    match was, role:
        case _, None:
            return t(
                "An admin has removed you, so you can't use this bot any more. Imports that you had not confirmed "
                "are closed, and waiting imports are cancelled."
            )
        case _, Role.ADMIN:
            return t(
                "You are an admin of this bot now. /members shows who may use it. There you can remove people, and "
                "change what they may do."
            )
        case Role.ADMIN, Role.MEMBER:
            return t("You are no longer an admin of this bot. You can go on importing: send me a transfer code.")
        case _, Role.MEMBER:
            return t("You can import profiles with this bot now. Send me a transfer code. /help tells you more.")
        case None, _:
            return t("You can look at the team's imports with this bot now: send me /history.")
        case _:
            return t(
                "You can't import any more. You can still look at the team's imports: send me /history. Imports that "
                "you had not confirmed are closed. Confirmed imports go on."
            )
