"""What is said of invitations: to the admins who make them, to whom they are forwarded, and to whoever opens one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.chat.translator import Html, Translator, cut
from bot.domain.invitation import InvitationState
from bot.usecases.invitation_rows import Invitation, Joining
from bot.usecases.joining import Refusal
from bot.usecases.records import Role

#: Characters of a person's name that are shown.
LONGEST_NAME = 60


# --- to the admin who invites -----------------------------------------------------------------------------------------


def choose(t: Translator) -> Html:
    return t(
        "<b>Invite somebody</b>\n"
        "I make a link, and you forward it. Choose what the link does:\n"
        "• Member: imports profiles. Viewer: only sees what the team imports.\n"
        "• 👤 for how many people it works\n"
        "• ⏱ how long it works"
    )


def role(t: Translator, role_: Role) -> Html:
    return {Role.VIEWER: t("Viewer"), Role.MEMBER: t("Member"), Role.ADMIN: t("Admin")}[role_]


def uses(count: int) -> str:
    """For how many people, on a button."""
    return f"👤 {count}"


def life(t: Translator, life_: timedelta) -> Html:
    """How long, on a button."""
    hours = life_ // timedelta(hours=1)
    if hours <= 24:
        return t.many("⏱ {count} hour", "⏱ {count} hours", hours)
    return t.many("⏱ {count} day", "⏱ {count} days", hours // 24)


def make_link(t: Translator) -> Html:
    return t("Make link")


def choose_person(t: Translator) -> Html:
    return t("Choose a person")


def open_invitations(t: Translator) -> Html:
    return t("Open invitations")


def new_invitation(t: Translator) -> Html:
    return t("New invitation")


def only_in_private(t: Translator) -> Html:
    return t("Anyone who sees the link of an invitation can use it. Send me /invite in private.")


def made(t: Translator, invitation: Invitation, time_zone: str) -> Html:
    """Above the message with the link."""
    if invitation.for_user_id is None:
        forward = t("✅ Forward the message below to everyone you invite.")
    else:
        name = cut(invitation.for_name, LONGEST_NAME)
        forward = t("✅ Forward the message below to {name}. The link works for nobody else.", name=name)
    return Html(f"{forward}\n\n{terms(t, invitation, time_zone)}")


def terms(t: Translator, invitation: Invitation, time_zone: str) -> Html:
    """What an open one does, for admins."""
    told = {"role": role(t, invitation.role), "until": _until(t, invitation, time_zone)}
    if invitation.for_user_id is not None:
        return t("{role} · only for {name} · until {until}", name=cut(invitation.for_name, LONGEST_NAME), **told)
    return t("{role} · {used} of {uses} used · until {until}", used=invitation.used, uses=invitation.uses, **told)


def _until(t: Translator, invitation: Invitation, time_zone: str) -> str:
    return "" if invitation.expires_at is None else t.moment(invitation.expires_at, time_zone)


def no_open_ones(t: Translator) -> Html:
    return t("There are no open invitations.")


def open_title(t: Translator) -> Html:
    return t("<b>Open invitations</b>")


def entry(t: Translator, number: int, invitation: Invitation, name: str, time_zone: str) -> Html:
    """One line of the list."""
    who = cut(name, LONGEST_NAME) or invitation.made_by
    return t("{number}. {terms}, by {name}", number=number, terms=terms(t, invitation, time_zone), name=who)


def revoke(t: Translator) -> Html:
    return t("Revoke")


def revoke_number(t: Translator, number: int) -> Html:
    return t("Revoke {number}", number=number)


# --- choosing somebody from Telegram's list of people -----------------------------------------------------------------


def choosing_person(t: Translator) -> Html:
    return t(
        "Tap “👤 Choose a person” at the bottom of this chat. You get a link for that person alone. I can't "
        "write to them until they have started me."
    )


def below(t: Translator) -> Html:
    return t("👇 Choose the person you invite.")


def person_button(t: Translator) -> Html:
    """On the keyboard."""
    return t("👤 Choose a person")


def nobody_chosen(t: Translator) -> Html:
    return t("You have chosen nobody.")


def choice_over(t: Translator) -> Html:
    return t("This choice is closed. Send /invite to start again.")


def already_in(t: Translator, name: str) -> Html:
    return t("{name} can use this bot already. No invitation is needed.", name=cut(name, LONGEST_NAME))


# --- the message that is forwarded ------------------------------------------------------------------------------------


def link(t: Translator, invitation: Invitation, inviter: str, address: str) -> Html:
    """Whoever it is forwarded to knows nothing yet, and may be anywhere: the time says its zone."""
    told = {"until": _until(t, invitation, "")}
    if invitation.for_user_id is not None:
        works = t("It works for {name} alone, until {until}.", name=cut(invitation.for_name, LONGEST_NAME), **told)
    elif invitation.uses == 1:
        works = t("It works once, until {until}.", **told)
    else:
        works = t.many(
            "It works for {count} person, until {until}.",
            "It works for {count} people, until {until}.",
            invitation.uses,
            **told,
        )
    invites = t(
        "{name} invites you to a private bot. It imports browser profiles into ixBrowser for a team.",
        name=cut(inviter, LONGEST_NAME),
    )
    open_it = t("Open this link and tap Start:\n{address}", address=address)
    return Html("\n\n".join([invites, open_it, works]))


def link_ended(t: Translator, state: InvitationState) -> Html:
    """In place of that message."""
    if state is InvitationState.OPEN:
        return t("The link of this invitation can't be shown any more. Revoke it, and make a new one: /invite")
    return {
        InvitationState.USED_UP: t("✅ This invitation has been used. Its link no longer works."),
        InvitationState.EXPIRED: t("⌛ This invitation is too old now. Its link no longer works."),
    }.get(state) or t("🚫 This invitation was revoked. Its link no longer works.")


# --- to whoever opens a link ------------------------------------------------------------------------------------------


def welcome(t: Translator, name: str, role_: Role) -> Html:
    who = cut(name, LONGEST_NAME)
    if role_ is Role.VIEWER:
        return t(
            "Welcome, {name}! You can look at the team's imports now: send me /history.\n\n/help tells you more.",
            name=who,
        )
    return t(
        "Welcome, {name}! You can use this bot now.\n\n"
        "To import a profile, send me its <b>transfer code</b>, like <code>76686828-89727101</code>. /help "
        "tells you more.",
        name=who,
    )


_REFUSED: Mapping[Refusal, Callable[[Translator], Html]] = {
    Refusal.UNKNOWN: lambda t: t(
        "This invitation is not valid. Check whether the whole link was copied, or ask for a new one."
    ),
    Refusal.ALREADY: lambda t: t("You can use this bot already. You don't need an invitation."),
    Refusal.OF_ANOTHER: lambda t: t("This invitation is for somebody else. Ask for one of your own."),
    Refusal.USED_UP: lambda t: t("This invitation has been used already. Ask for a new one."),
    Refusal.EXPIRED: lambda t: t("This invitation is too old. Ask for a new one."),
    Refusal.REVOKED: lambda t: t("This invitation is not valid any more. Ask for a new one."),
}


def refused(refusal: Refusal) -> Callable[[Translator], Html]:
    """Why a link lets somebody not in, and what to do; for each reason always the same function."""
    return _REFUSED[refusal]


# --- to all admins, once somebody has come ----------------------------------------------------------------------------


def joined(t: Translator, joining: Joining, name: str, inviter: str) -> Html:
    ids = t.items([f"@{joining.username}", joining.user_id] if joining.username else [joining.user_id])
    came = t(
        "👋 <b>{name}</b> ({ids}) joined with an invitation from {inviter}.",
        name=cut(name, LONGEST_NAME),
        ids=ids,
        inviter=cut(inviter, LONGEST_NAME),
    )
    as_what = t("Role: {role}", role=role(t, joining.role))
    return Html(f"{came}\n{as_what}")


def gone(t: Translator, by: str) -> Html:
    """Below that, once their access was taken away."""
    return t("🚫 Removed by {name}.", name=cut(by, LONGEST_NAME)) if by else t("🚫 Removed.")


def remove(t: Translator) -> Html:
    return t("Remove")


def ask_remove(t: Translator, name: str) -> Html:
    return t("Remove {name}? Then they can't use this bot any more.", name=cut(name, LONGEST_NAME))
