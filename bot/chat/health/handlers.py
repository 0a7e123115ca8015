"""``/status``, and the buttons below it: Refresh, and how loud each kind of alert is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.chat.alerts import texts as alerts
from bot.chat.callbacks import STATUS, Press, button
from bot.chat.health import texts
from bot.chat.translator import Html, zone_of
from bot.chat.update_context import UpdateContext
from bot.domain.alert import AlertKind
from bot.domain.loudness import Loudness
from bot.usecases.alerts import ChooseAlerts, choose_alerts
from bot.usecases.buttons import Problem
from bot.usecases.health import ReadStatus, StatusRead, read_status
from bot.usecases.records import Buttons

_REFRESH, _ALERT = "refresh", "alert"


def command(ctx: UpdateContext) -> None:
    """``/status``."""
    _show(ctx)


def pressed(ctx: UpdateContext, press: Press) -> None:
    """``alert`` has the kind and how loud it is to be: a second press of the same button changes nothing."""
    kind, _, loudness = press.argument.partition("/")
    if press.action == _REFRESH:
        _show(ctx)
    elif press.action == _ALERT and kind in set(AlertKind) and loudness in set(Loudness):
        choose_alerts(ctx.work, ctx.actor, ChooseAlerts(AlertKind(kind), Loudness(loudness)))
        _show(ctx)
    else:
        ctx.explain(Problem.OLD_BUTTON)


def day_begun(now: datetime, time_zone: str) -> datetime:
    """When the day has begun where somebody is."""
    local = now.astimezone(zone_of(time_zone))
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _show(ctx: UpdateContext) -> None:
    since = day_begun(ctx.work.now, ctx.actor.time_zone)
    read = read_status(ctx.work, ctx.actor, ReadStatus(ctx.incoming.where, since))
    if read is None:
        ctx.say(texts.private_only(ctx.t))
        return
    status = read.status
    if status.hub is not None:
        # What has brought this is Telegram, whatever was noted last.
        status = replace(status, hub=replace(status.hub, telegram_at=ctx.work.now))
    said = [texts.status(ctx.t, status, ctx.actor.time_zone), alerts.how_loud(ctx.t)]
    ctx.edit(Html("\n\n".join(said)), _buttons(ctx, read))


def _buttons(ctx: UpdateContext, read: StatusRead) -> Buttons:
    each = [
        button(
            alerts.label(ctx.t, kind, read.choices[kind]),
            Press(STATUS, 0, 0, _ALERT, f"{kind}/{read.choices[kind].next}"),
        )
        for kind in alerts.KINDS
    ]
    rows = [each[at : at + 2] for at in range(0, len(each), 2)]
    return [[button(texts.refresh(ctx.t), Press(STATUS, 0, 0, _REFRESH))], *rows]
