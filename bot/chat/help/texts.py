"""What is said to greet and to help, and what Telegram shows of the bot: its commands, and what it is for."""

from __future__ import annotations

from bot.chat.translator import Html, Translator

#: The commands as Telegram's menu shows them, in this order.
COMMANDS = ("import", "history", "cancel", "language", "timezone", "help")
ADMIN_COMMANDS = ("allow", "remove")


def command(t: Translator, name: str) -> Html:
    """What a command does, in a few words."""
    return {
        "import": t("import a profile"),
        "history": t("your imports, newest first"),
        "cancel": t("stop and start over"),
        "language": t("the language I speak"),
        "timezone": t("where you are, for times"),
        "help": t("how this works"),
        "allow": t("let somebody use this bot"),
        "remove": t("take somebody's access away"),
    }[name]


def description(t: Translator) -> Html:
    """What a chat with the bot shows before anything was said in it: plain text, 512 characters at most."""
    return t(
        "I import browser profiles into ixBrowser from your phone.\n\n"
        "Send me a transfer code, like 76686828-89727101, choose group and proxy, and tap Import. I say what became "
        "of it.\n\n"
        "This bot is private: tap Start, and give the number that you get to an admin."
    )


def short_description(t: Translator) -> Html:
    """What stands in the bot's profile, and where somebody passes it on: plain text, 120 characters at most."""
    return t("Imports browser profiles into ixBrowser by transfer code. For the members of a team.")


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
        "• Code and proxy can come in one message.\n"
        "• A message with a password in it is deleted once I have used what it says.\n\n"
        "/import – import a profile\n"
        "/history – your imports, newest first\n"
        "/cancel – stop and start over\n"
        "/language – the language I speak\n"
        "/timezone – where you are, for times"
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
