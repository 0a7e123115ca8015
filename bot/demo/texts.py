"""What the demo says around the chat. The language is handed in, since it is the bot's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.cells import cell_len


class Say(Protocol):
    """Says a sentence in the person's language, as plain text, with its values filled in."""

    def __call__(self, message: str, /, **values: object) -> str: ...


# --- at the start -----------------------------------------------------------------------------------------------------


def own_database(t: Say, file: object) -> str:
    return t("The demo has its own database, {file}. It is deleted when the demo ends.", file=file)


def codes_to_send(t: Say) -> str:
    return t("Send the bot one of these transfer codes:")


def fresh_code(t: Say, profile: str) -> str:
    return t("a new one, for the profile “{name}”", name=profile)


def wrong_code(t: Say) -> str:
    return t("a wrong one")


def own_code(t: Say) -> str:
    return t("your own, which you can't import yourself")


def greeting(t: Say, name: str) -> str:
    return t(
        "You chat with the bot here, as {name}. #1 presses the first button, !help shows what else you can "
        "type, /quit ends the demo.",
        name=name,
    )


# --- help -------------------------------------------------------------------------------------------------------------


def help_lines(t: Say) -> Sequence[str]:
    rows = (
        ("#2", t("presses the second button of the newest card")),
        (t("#Name"), t("presses the newest button of that name, as in #{label}", label=t("Delete my message"))),
        ("!codes", t("shows transfer codes to try")),
        ("!log", t("shows the import log as it is in the database")),
        ("!off", t("closes the demo's ixBrowser; !on starts it again")),
        ("/quit", t("ends the demo")),
    )
    widest = max(cell_len(key) for key, _ in rows)
    aligned = (f"{key}{' ' * (widest - cell_len(key))}  {meaning}" for key, meaning in rows)
    return [t("Type a message, or a command such as /help, and press Enter."), *aligned]


# --- what to try next -------------------------------------------------------------------------------------------------


_PROXY = "socks5://ana:demo@203.0.113.7:1080"


def hints(t: Say, first: str, second: str) -> Sequence[str]:
    """One after each result; both codes are fresh."""
    return [
        t("Try next: another code, {code}. Group and proxy are filled in.", code=first),
        t("Try next: code and proxy in one message, such as {message}", message=f"{first} {_PROXY}"),
        t("Try next: !off closes the demo's ixBrowser. Import {code}, see it wait, then type !on.", code=first),
        t("Try next: several codes in one message, such as {message}", message=f"{first} {second}"),
        t("Try next: /history and /language. !log shows the import log in the database."),
    ]


# --- beside the chat --------------------------------------------------------------------------------------------------


def pressed(t: Say, label: str) -> str:
    return t("You pressed [{label}]", label=label)


def opens(t: Say, label: str, url: str) -> str:
    return t("[{label}] opens {url}", label=label, url=url)


def does_nothing(t: Say, label: str) -> str:
    return t("[{label}] does nothing here.", label=label)


def no_buttons(t: Say) -> str:
    return t("There are no buttons yet.")


def no_such_button(t: Say, number: int, count: int) -> str:
    return t("There is no button #{number}: the newest card has {count}.", number=number, count=count)


def at_work(t: Say) -> str:
    return t("The bot is still working. Its answer is shown here later.")


def closed(t: Say) -> str:
    return t("The demo's ixBrowser is closed. Imports wait; !on starts it again.")


def runs(t: Say) -> str:
    return t("The demo's ixBrowser is running.")


def deleted(t: Say) -> str:
    return t("(The bot deleted its earlier message.)")


def yours_deleted(t: Say) -> str:
    return t("(The bot deleted your message.)")


def popup(t: Say, text: str) -> str:
    return t("(pop-up) {text}", text=text)


def edited(t: Say) -> str:
    return t("edited")


def code_heading(t: Say) -> str:
    return t("code")
