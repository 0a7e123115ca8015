"""What admins are told of the bot itself, and the words for its kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.translator import Html, Translator
from bot.domain.alert import AlertKind
from bot.domain.loudness import Loudness
from bot.usecases.health_rows import BrowserState, Disk

#: Before a kind on its button.
SIGNS: Mapping[Loudness, str] = {Loudness.OFF: "🚫", Loudness.SILENT: "🔕", Loudness.LOUD: "🔔"}

#: One line a kind, in the order of the buttons.
KINDS: Mapping[AlertKind, Callable[[Translator], Html]] = {
    AlertKind.BROWSER: lambda t: t("ixBrowser"),
    AlertKind.CONFLICT: lambda t: t("Second bot"),
    AlertKind.DISK: lambda t: t("Disk"),
    AlertKind.BACKUP: lambda t: t("Backups"),
    AlertKind.CRASH: lambda t: t("Restarts"),
    AlertKind.VERSION: lambda t: t("Updates"),
}


def label(t: Translator, kind: AlertKind, loudness: Loudness) -> Html:
    """A kind on its button, with how loud it is."""
    return Html(f"{SIGNS[loudness]} {KINDS[kind](t)}")


def how_loud(t: Translator) -> Html:
    """What the signs on the buttons mean."""
    return t("What I tell you about: 🔔 with a sound, 🔕 without, 🚫 not at all. Tap to change.")


def browser(t: Translator, state: BrowserState, station: str = "") -> Html:
    """ixBrowser's state has changed; ``station`` names its computer, where there are several."""
    said = _browser(t, state)
    return t("{computer}: {sentence}", computer=station, sentence=said) if station else said


def _browser(t: Translator, state: BrowserState) -> Html:
    match state:
        case BrowserState.READY:
            return t("ixBrowser is back. Imports go on.")
        case BrowserState.LOGGED_OUT:
            return t("ixBrowser is logged out. Imports wait: log in to ixBrowser.")
        case BrowserState.AWAY:
            return t("ixBrowser is not running. Imports wait: start it.")
        case BrowserState.SILENT | BrowserState.REFUSING:
            return t("ixBrowser does not answer as it should. Imports wait: start it again.")


def conflict(t: Translator) -> Html:
    """Another process polls with the bot's token."""
    return t(
        "⚠️ This bot is also running on another computer, with the same token. Each message reaches only one of them, "
        "and imports wait. Stop one, or create a second bot for it with @BotFather."
    )


def alone(t: Translator) -> Html:
    """No other process does any more."""
    return t("This bot is running only here again. Imports go on.")


def disk(t: Translator, disk_: Disk, *, full: bool) -> Html:
    free = size(t, disk_.free)
    if full:
        return t(
            "The disk of my computer is nearly full: {free} are free. Make room, or I can't work any more.", free=free
        )
    return t("There is room on the disk of my computer again: {free} are free.", free=free)


def crashed(t: Translator) -> Html:
    return t("I have started again after a crash. Imports that were under way are checked. The log says more.")


def new_version(t: Translator, version: str, before: str) -> Html:
    return t("Version {version} runs now. Before it was {before}.", version=version, before=before)


def size(t: Translator, count: int) -> Html:
    """Bytes, in the unit in which they are few."""
    if count >= 10 * 2**30:
        return t("{count} GB", count=t.number(round(count / 2**30)))
    return t("{count} MB", count=t.number(round(count / 2**20)))
