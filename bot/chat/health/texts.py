"""``/status``: how the bot is, a line for each part of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.chat.alerts.texts import size
from bot.chat.translator import Html, Translator
from bot.domain.import_state import Status
from bot.usecases.health import FRESH, HealthStatus
from bot.usecases.health_rows import BrowserHealth, BrowserState, Queue


def private_only(t: Translator) -> Html:
    return t("Other people can read this chat. Send me /status in private.")


def refresh(t: Translator) -> Html:
    return t("Refresh")


def status(t: Translator, known: HealthStatus, time_zone: str) -> Html:
    """All of it; times are the reader's."""

    def at(moment: datetime) -> str:
        return t.moment(moment, time_zone)

    lines = [
        t("<b>Status</b>, {when}", when=at(known.now)),
        *_hub(t, known, at),
        *_browsers(t, known, at),
        *_telegram(t, known, at),
        _queue(t, known.queue, at),
        _database(t, known),
        _backup(t, known.last_backup, at),
        *_failures(t, known, at),
    ]
    return Html("\n".join(lines))


def _hub(t: Translator, known: HealthStatus, at: Callable[[datetime], str]) -> Sequence[Html]:
    hub = known.hub
    if hub is None:
        return [t("I have never run with this database.")]
    if hub.ended:
        return [t("Version {version}, stopped since {when}", version=hub.version, when=at(hub.seen_at))]
    if known.now - hub.seen_at > FRESH:
        return [t("Version {version}, no sign of life since {when}", version=hub.version, when=at(hub.seen_at))]
    return [t("Version {version}, up since {when}", version=hub.version, when=at(hub.started_at))]


def _browsers(t: Translator, known: HealthStatus, at: Callable[[datetime], str]) -> Sequence[Html]:
    if not known.browsers:
        return [t("ixBrowser: not looked at yet")]
    states = {each.station: _browser(t, each, known.now, at) for each in known.browsers}
    if len(states) == 1:
        return [t("ixBrowser: {state}", state=state) for state in states.values()]
    return [t("ixBrowser of {computer}: {state}", computer=station, state=state) for station, state in states.items()]


def _browser(t: Translator, browser: BrowserHealth, now: datetime, at: Callable[[datetime], str]) -> Html:
    if now - browser.seen_at > FRESH:
        return t("nothing is known since {when}", when=at(browser.seen_at))
    since = at(browser.since)
    match browser.state:
        case BrowserState.READY:
            return t("running and logged in, answers in {count} ms", count=t.number(browser.latency_ms or 0))
        case BrowserState.LOGGED_OUT:
            return t("logged out since {when}", when=since)
        case BrowserState.AWAY:
            return t("not running since {when}", when=since)
        case BrowserState.SILENT:
            return t("does not answer since {when}", when=since)
        case BrowserState.REFUSING:
            return t("refuses since {when}", when=since)


def _telegram(t: Translator, known: HealthStatus, at: Callable[[datetime], str]) -> Sequence[Html]:
    hub = known.hub
    if hub is None:
        return []
    if known.token_shared:
        return [t("Telegram: this bot is also running on another computer; imports wait")]
    if hub.telegram_at is None:
        return [t("Telegram: not reached yet")]
    if known.now - hub.telegram_at > FRESH:
        return [t("Telegram: not reached since {when}", when=at(hub.telegram_at))]
    return [t("Telegram: reached")]


#: How many there are in each state, in the order in which an import goes through them.
_COUNTS: Mapping[Status, Callable[[Translator, int], Html]] = {
    Status.QUEUED: lambda t, count: t.many("{count} waits", "{count} wait", count),
    Status.SENDING: lambda t, count: t.many("{count} is being imported", "{count} are being imported", count),
    Status.CHECKING: lambda t, count: t.many("{count} is being checked", "{count} are being checked", count),
}


def _queue(t: Translator, queue: Queue, at: Callable[[datetime], str]) -> Html:
    counts = [say(t, queue.counts[state]) for state, say in _COUNTS.items() if queue.counts.get(state)]
    if queue.held:
        counts.append(t.many("{count} of them is held", "{count} of them are held", queue.held))
    if queue.oldest is None or not counts:
        return t("Queue: empty")
    return t("Queue: {counts}; the oldest since {when}", counts=t.items(counts), when=at(queue.oldest))


def _database(t: Translator, known: HealthStatus) -> Html:
    database = size(t, known.database_bytes)
    disk = None if known.hub is None else known.hub.disk
    if disk is None:
        return t("Database: {size}", size=database)
    free, total = size(t, disk.free), size(t, disk.total)
    return t("Database: {size}; disk: {free} of {total} free", size=database, free=free, total=total)


def _backup(t: Translator, last: datetime | None, at: Callable[[datetime], str]) -> Html:
    return t("Last backup: none yet") if last is None else t("Last backup: {when}", when=at(last))


def _failures(t: Translator, known: HealthStatus, at: Callable[[datetime], str]) -> Sequence[Html]:
    if not known.failure_count:
        return [t("Errors today: none")]
    shown = [
        t("{when}: <code>{reference}</code>", when=at(each.at), reference=each.reference) for each in known.failures
    ]
    count = t.number(known.failure_count)
    return [t("Errors today: {count}. The log says more under these references:", count=count), *shown]
