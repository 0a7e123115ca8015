"""``/language`` and ``/timezone``: one screen each, on which a press changes what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.chat.callbacks import PREFERENCE, Press, button
from bot.chat.languages import LANGUAGES
from bot.chat.preferences import texts, zones
from bot.chat.translator import Html, zone_of
from bot.chat.update_context import UpdateContext
from bot.usecases.buttons import Problem
from bot.usecases.preferences import ChooseLanguage, ChooseTimeZone, choose_language, choose_time_zone
from bot.usecases.records import Buttons

_LANGUAGE, _ZONE = "lang", "zone"
#: Places that are offered at once.
MOST = 8


def language(ctx: UpdateContext) -> None:
    """``/language``."""
    ctx.say(texts.choose_language(ctx.t), _languages(ctx))


def time_zone(ctx: UpdateContext) -> None:
    """``/timezone``, with or without a place behind it."""
    typed = ctx.incoming.argument
    if not typed:
        _show_time_zone(ctx, how=True)
        return
    found = zones.find(typed, ctx.t.language)
    if len(found) == 1:
        _set_time_zone(ctx, found[0])
    elif found:
        said = [texts.several(ctx.t), *([texts.too_many(ctx.t)] if len(found) > MOST else [])]
        ctx.say(Html("\n".join(said)), _places(ctx, found[:MOST]))
    else:
        ctx.say(texts.not_found(ctx.t))


def pressed(ctx: UpdateContext, press: Press) -> None:
    """The button names the person who asked for it: in a group it is nobody else's."""
    if press.id != ctx.actor.user_id:
        ctx.explain(Problem.NOT_YOURS)
    elif press.action == _LANGUAGE and press.argument in {each.tag for each in LANGUAGES}:
        choose_language(ctx.work, ctx.actor, ChooseLanguage(press.argument))
        ctx.speak(press.argument)
        ctx.edit(texts.language_chosen(ctx.t), _languages(ctx))
    elif press.action == _ZONE and (not press.argument or zone_of(press.argument) is not None):
        _set_time_zone(ctx, press.argument)
    else:
        ctx.explain(Problem.OLD_BUTTON)


def _languages(ctx: UpdateContext) -> Buttons:
    """A button a language, two in a row, each in its own; the present one is marked."""
    each = [
        _button(ctx, f"✓ {known.name}" if known is ctx.t.language else known.name, _LANGUAGE, known.tag)
        for known in LANGUAGES
    ]
    return [each[:2], each[2:]]


def _set_time_zone(ctx: UpdateContext, zone: str) -> None:
    choose_time_zone(ctx.work, ctx.actor, ChooseTimeZone(zone))
    ctx.actor = replace(ctx.actor, time_zone=zone)
    _show_time_zone(ctx)


def _show_time_zone(ctx: UpdateContext, *, how: bool = False) -> None:
    t, zone = ctx.t, ctx.actor.time_zone
    time = t.moment(ctx.work.now, zone)
    known = zone if zone_of(zone) is not None else ""
    is_now = texts.time_zone_is(t, zones.label(t, zone, ctx.work.now), time) if known else texts.no_time_zone(t, time)
    offered = [each for each in zones.LIKELY[t.language.tag] if each != known] if how or not known else []
    said = [is_now, *([texts.how_to_choose(t)] if offered else [])]
    unset = [[_button(ctx, texts.unset(t), _ZONE)]] if known else []
    ctx.edit(Html("\n\n".join(said)), [*_places(ctx, offered), *unset])


def _places(ctx: UpdateContext, some: Sequence[str]) -> Buttons:
    return [[_button(ctx, zones.label(ctx.t, zone, ctx.work.now), _ZONE, zone)] for zone in some]


def _button(ctx: UpdateContext, label: str, action: str, argument: str = "") -> tuple[str, str]:
    return button(label, Press(PREFERENCE, ctx.actor.user_id, 0, action, argument))
