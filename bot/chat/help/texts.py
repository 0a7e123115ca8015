"""What is said to greet and to help, and what Telegram shows of the bot: its commands, and what it is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat.translator import Html, Translator
from bot.usecases.records import Role

#: The commands of members as Telegram's menu shows them, in this order, and what admins have besides.
COMMANDS = ("import", "inbox", "given", "history", "cancel", "language", "timezone", "help")
ADMIN_COMMANDS = ("members", "invite", "allow", "remove", "feed", "audit", "status")
VIEWER_COMMANDS = ("history", "cancel", "language", "timezone", "help")
STRANGER_COMMANDS = ("start",)

#: The pages of the help behind its first screen, in this order; the last one is for admins alone.
ADMINS = "admins"
TOPICS = ("proxies", "handing_over", "trouble", "groups", ADMINS)


def commands_of(t: Translator, role: Role | None) -> Sequence[tuple[str, Html]]:
    """The commands that a role has, each with what it does in a few words."""
    match role:
        case None:
            names: Sequence[str] = STRANGER_COMMANDS
        case Role.VIEWER:
            names = VIEWER_COMMANDS
        case Role.MEMBER:
            names = COMMANDS
        case Role.ADMIN:
            names = (*COMMANDS, *ADMIN_COMMANDS)
    everyones = role is Role.VIEWER
    described = _described(t)
    if everyones:
        described["history"] = t("the team's imports")
    return [(name, described[name]) for name in names]


def _described(t: Translator) -> dict[str, Html]:
    """What each command does, in a few words."""
    return {
        "start": t("ask for access to this bot"),
        "members": t("who may use this bot"),
        "import": t("import a profile"),
        "inbox": t("codes that wait for you"),
        "given": t("codes that you have left for others"),
        "history": t("your imports"),
        "cancel": t("cancel imports that are not sent yet"),
        "language": t("choose the language"),
        "timezone": t("set your time zone"),
        "help": t("how this works"),
        "invite": t("invite somebody with a link"),
        "allow": t("let somebody use this bot"),
        "remove": t("remove somebody's access"),
        "feed": t("tell the team in a group what was imported"),
        "audit": t("who did what"),
        "status": t("how this bot is doing"),
    }


def description(t: Translator) -> Html:
    """What a chat with the bot shows before anything was said in it: plain text, 512 characters at most."""
    return t(
        "I import browser profiles into ixBrowser from your phone.\n\n"
        "Send me a transfer code, like 76686828-89727101, choose group and proxy, and tap Import. I'll tell you the "
        "result.\n\n"
        "This bot is private: its admins decide who may use it."
    )


def short_description(t: Translator) -> Html:
    """What stands in the bot's profile, and where somebody passes it on: plain text, 120 characters at most."""
    return t("Imports browser profiles into ixBrowser by transfer code. For the members of a team.")


def start(t: Translator, name: str) -> Html:
    return t(
        "Hello {name}! I import profiles into ixBrowser.\n\n"
        "Send me a <b>transfer code</b>, like <code>76686828-89727101</code>. You choose a group and a proxy, and tap "
        "Import.",
        name=name,
    )


def start_viewer(t: Translator, name: str) -> Html:
    return t(
        "Hello {name}! I import profiles into ixBrowser.\n\n"
        "You can look at the team's imports: send me /history. To import profiles too, ask an admin.",
        name=name,
    )


def help_viewer(t: Translator) -> Html:
    return t(
        "<b>What you can do here</b>\n"
        "You can look at the team's imports. To import profiles too, ask an admin.\n\n"
        "/history – the team's imports\n"
        "/cancel – cancel imports of yours that are not sent yet\n"
        "/language – choose the language\n"
        "/timezone – set your time zone"
    )


def help_(t: Translator) -> Html:
    return t(
        "<b>How to import a profile</b>\n"
        "1. Send the transfer code, or several at once.\n"
        "2. Choose the group and the proxy. Next time your last ones are filled in.\n"
        "3. Tap Import. I'll tell you the result.\n\n"
        "A code works once: whoever imports it first has the profile.\n\n"
        "/import – import a profile\n"
        "/inbox, /given – codes that wait for you, and that you have left\n"
        "/history – your imports\n"
        "/cancel – cancel imports that are not sent yet\n"
        "/language, /timezone – language and time zone"
    )


def topic_title(t: Translator, topic: str) -> Html:
    """What its button says."""
    return {
        "proxies": t("Proxies"),
        "handing_over": t("Leave a code"),
        "trouble": t("If it does not work"),
        "groups": t("In a group chat"),
        "admins": t("For admins"),
    }[topic]


def topic_text(t: Translator, topic: str) -> Html:
    return _TOPICS[topic](t)


_TOPICS: Mapping[str, Callable[[Translator], Html]] = {
    "proxies": lambda t: t(
        "<b>Proxies</b>\n"
        "• <b>Keep</b>: the profile keeps its own proxy. <b>Direct</b>: it gets none.\n"
        "• Send a proxy as you have it: in one line, with labels, from a seller's table. If something is not clear, I "
        "ask.\n"
        "• Code and proxy can come in one message.\n"
        "• I delete a message with a password once I have used it.\n"
        "• You don't have to type a proxy that is saved in ixBrowser: choose <b>Saved</b>."
    ),
    "handing_over": lambda t: t(
        "<b>Leave a code for somebody</b>\n"
        "• Send me the code, and tap <b>Hand over</b> in place of Import. Choose a person, or the team.\n"
        "• Whoever gets it is told at once. <b>Take</b> opens it with your choices filled in, and they may change "
        "them. If several people tap Take, the first has it.\n"
        "• /inbox – what waits for you and for the team\n"
        "• /given – what you have left: who has taken it, and what became of it. There you can also withdraw it.\n"
        "• What is taken and not imported within some hours waits again.\n"
        "• What nobody wants, or ixBrowser refuses, comes back to you."
    ),
    "trouble": lambda t: t(
        "<b>If it does not work</b>\n"
        "• ixBrowser is off or logged out: your import waits and goes on by itself.\n"
        "• “Wrong code”: it was used already, or its sender has cancelled it. Ask for a new one.\n"
        "• No clear answer: I check whether the profile has arrived before I send a code again. It is never imported "
        "twice.\n"
        "• /cancel stops what has not been sent yet. The code stays valid."
    ),
    "groups": lambda t: t(
        "<b>In a group chat</b>\n"
        "• Anyone who sees a code can use it. Send codes to me in private if you can.\n"
        "• Send <code>/import</code> followed by the code, or reply to one of my messages.\n"
        "• Only the person who began an import can change or confirm it.\n"
        "• Passwords and extraction links are asked for in private only."
    ),
    "admins": lambda t: Html(
        "\n".join(
            [
                t("<b>For admins</b>"),
                t(
                    "Anyone who writes to me for the first time can ask for access. You then get a message with Allow "
                    "and Refuse."
                ),
                t(
                    "/invite – make a link for one person or several, and forward it. You see who has joined, and can "
                    "revoke the link."
                ),
                t(
                    "/allow <i>ID</i> – let somebody use this bot. Their ID is in the answer they get when they write "
                    "to me."
                ),
                t("/remove <i>ID</i> – remove their access"),
                t("/members – who may use it, and what they may do: tap somebody to promote, demote or remove them"),
                t("/given – also what everybody else has left: you can give it to somebody else"),
                t("/feed – in a group chat: I tell the team there what was imported"),
                t("/audit – who did what"),
                t("/status – how this bot is doing, and what I tell you about it"),
            ]
        )
    ),
}
