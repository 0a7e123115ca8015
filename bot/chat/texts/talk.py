"""What the bot says apart from its cards: greeting, help, access, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.texts import results, words
from bot.chat.translator import Html, Translator, cut, fitting
from bot.usecases.records import LoggedImport, Role, User

#: The commands as Telegram's menu shows them, in this order.
COMMANDS = ("import", "history", "cancel", "help")
ADMIN_COMMANDS = ("allow", "remove")
#: Characters that a list of people may take.
ROOM = 3500


def command(t: Translator, name: str) -> Html:
    """What a command does, in a few words."""
    return {
        "import": t("import a profile"),
        "history": t("your imports, newest first"),
        "cancel": t("stop and start over"),
        "help": t("how this works"),
        "allow": t("let somebody use this bot"),
        "remove": t("take somebody's access away"),
    }[name]


def start(t: Translator, name: str) -> Html:
    return t(
        "Hello {name}! I import profiles into ixBrowser.\n\n"
        "Send me a <b>transfer code</b>, like <code>76686828-89727101</code>. Then choose a group and a proxy, "
        "and confirm.",
        name=name,
    )


def help_(t: Translator, *, admin: bool) -> Html:
    said = t(
        "<b>How to import a profile</b>\n"
        "1. Send the transfer code, or several at once.\n"
        "2. Choose the group and the proxy.\n"
        "3. Tap Import. I say what became of it.\n\n"
        "<b>Good to know</b>\n"
        "• A code works once: whoever imports it first has the profile. It can't be tested without using it up.\n"
        "• Next time your last group and proxy are filled in: code, tap, done.\n"
        "• If ixBrowser is off, your import waits and goes on by itself.\n"
        "• Messages in which you type a password are deleted at once.\n\n"
        "/import – import a profile\n"
        "/history – your imports, newest first\n"
        "/cancel – stop and start over"
    )
    if not admin:
        return said
    more = t(
        "<b>For admins</b>\n"
        "/allow <i>ID</i> – let somebody use this bot. Their ID is in the answer they get when they write to me.\n"
        "/remove <i>ID</i> – take it away again\n"
        "/allow – who may use it"
    )
    return t("{said}\n\n{more}", said=said, more=more)


def stranger(t: Translator, user_id: int) -> Html:
    return t("This bot is private. To be let in, give an admin this number: <code>{user_id}</code>", user_id=user_id)


def no_draft(t: Translator) -> Html:
    return t("Send me a transfer code, like <code>76686828-89727101</code>. /help says how this works.")


def nothing_to_cancel(t: Translator) -> Html:
    return t("There is nothing to cancel.")


def still_under_way(t: Translator) -> Html:
    return t("These imports were confirmed before. Their Cancel button stops what has not been sent yet.")


def unknown_command(t: Translator) -> Html:
    return t("I don't know this command. There are /import, /history, /cancel and /help.")


def only_text(t: Translator) -> Html:
    return t("I read only text. Please send the code as text: copy it, or type it.")


def edited(t: Translator) -> Html:
    return t("I don't read messages that are changed afterwards. Please send it as a new message.")


def secret_stays(t: Translator) -> Html:
    return t("I could not delete your message with the password or link. Please delete it yourself.")


def conflict(t: Translator) -> Html:
    return t(
        "⚠️ This bot runs on another computer too, with the same token. Each message reaches only one of them. "
        "Stop one, or make a bot of its own for it with @BotFather."
    )


def failed(t: Translator, reference: str) -> Html:
    return t(
        "Something went wrong here, and nothing was changed. Please try again. "
        "If it stays, tell your admin this reference: <code>{reference}</code>",
        reference=reference,
    )


def took_too_long(t: Translator, reference: str) -> Html:
    return t(
        "This took too long, and I gave up. Please look whether it was done, and try again if not. "
        "If it stays, tell your admin this reference: <code>{reference}</code>",
        reference=reference,
    )


def storage_failed(t: Translator, why: str, reference: str) -> Html:
    return t(
        "I can't write anything down right now: {why}. Nothing was changed, please try again later. "
        "If it stays, tell your admin this reference: <code>{reference}</code>",
        why=why,
        reference=reference,
    )


# --- pop-ups over a press; plain text, 200 characters at most ----------------------------------------------------


def old_button(t: Translator) -> Html:
    return t("This button is from before. The card shows how it stands now.")


def ended_card(t: Translator) -> Html:
    return t("This card is finished. Send a code to begin a new import.")


def not_yours(t: Translator) -> Html:
    return t("This card belongs to somebody else.")


def finish_first(t: Translator) -> Html:
    return t("First finish or cancel the import that is open below.")


def noted_cancel(t: Translator) -> Html:
    return t("Cancelled what has not been sent yet.")


def looking(t: Translator) -> Html:
    return t("I am looking.")


# --- who may -----------------------------------------------------------------------------------------------------


def admins_only(t: Translator) -> Html:
    return t("Only an admin can do this.")


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
        name=cut(user.name, results.LONGEST_NAME) or t("(has not written yet)"),
        role=t(", admin") if user.role is Role.ADMIN else "",
    )


def bad_id(t: Translator, name: str) -> Html:
    return t(
        "Write the person's number after the command: <code>/{command} 123456789</code>. "
        "Ask them to write to this bot: it tells them their number.",
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
        "<code>{id}</code> is an admin by the setting ADMIN_IDS. Take the number out there, and start the bot again.",
        id=user_id,
    )


# --- history -----------------------------------------------------------------------------------------------------


def history(t: Translator, rows: Sequence[LoggedImport], time_zone: str, *, everyone: bool) -> Html:
    """A page of the import log."""
    if not rows:
        return t("There are no imports yet.") if everyone else t("You have not imported anything yet.")
    title = t("<b>All imports</b>, newest first") if everyone else t("<b>Your imports</b>, newest first")
    return Html("\n\n".join([title, *(_entry(t, row, time_zone, everyone=everyone) for row in rows)]))


def _entry(t: Translator, row: LoggedImport, time_zone: str, *, everyone: bool) -> Html:
    told: Mapping[str, object] = {
        "sign": words.SIGNS[row.status],
        "when": t.moment(row.created_at, time_zone),
        "code": row.code.masked,
    }
    head = t("{sign} {when} · {code}", **told)
    if everyone:
        head = t("{head} · {name}", head=head, name=cut(row.user_name, results.LONGEST_NAME) or row.user_id)
    said = [head, results.outcome(t, row)]
    if row.group_title:
        said.append(t("Group: {title}", title=cut(row.group_title, results.LONGEST_NAME)))
    return Html("\n".join(said))
