"""What a receipt says of codes that were left: all in all, and one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat.handoffs.hand_over_texts import MOST_LINES, ROOM, note_line
from bot.chat.handoffs.standing_texts import counted, name_of, word
from bot.chat.imports.texts import group_line, key_lost, outcome
from bot.chat.translator import Html, Translator, fitting
from bot.domain.handoff import RETURNED, HandoffStatus, ReturnReason
from bot.domain.import_state import Status
from bot.usecases.handoff_lists import HandoffView
from bot.usecases.handoff_rows import HandoffCode
from bot.usecases.records import LoggedImport

SIGNS: Mapping[HandoffStatus, str] = {
    HandoffStatus.WAITING: "⏳",
    HandoffStatus.TAKEN: "✋",
    HandoffStatus.IMPORTING: "⏳",
    HandoffStatus.IMPORTED: "✅",
    HandoffStatus.DECLINED: "↩️",
    HandoffStatus.WITHDRAWN: "↩️",
    HandoffStatus.EXPIRED: "⌛",
    HandoffStatus.FAILED: "❌",
}


# --- all in all -------------------------------------------------------------------------------------------------------


def headline(t: Translator, view: HandoffView) -> Html:
    """How all of it stands together."""
    codes = view.handoff.codes
    statuses = {code.status for code in codes}
    total, done = len(codes), len(view.handoff.with_status(HandoffStatus.IMPORTED))
    if done == total:
        return all_imported(t, total)
    if done:
        return t("<b>{done} of {total} imported</b>", done=t.number(done), total=t.number(total))
    if _none_is_known(view):
        return t("❓ <b>Result unknown.</b> Check in ixBrowser.")
    if len(statuses) == 1:
        [status_] = statuses
        return _came_back(t, view) if status_ is HandoffStatus.DECLINED else HEADLINES[status_](t)
    if HandoffStatus.IMPORTING in statuses:
        return t("⏳ <b>Importing</b>: {done} of {total} done", done=t.number(done), total=t.number(total))
    return _came_back(t, view) if statuses <= RETURNED else t("⏳ <b>Not finished yet.</b>")


def _none_is_known(view: HandoffView) -> bool:
    """Whether all were sent, and of none it will be known by itself what has become of it."""
    rows = [_row(view, code) for code in view.handoff.with_status(HandoffStatus.IMPORTING)]
    unknown = [row for row in rows if row is not None and row.status is Status.UNKNOWN]
    return len(unknown) == len(view.handoff.codes)


def all_imported(t: Translator, total: int) -> Html:
    return t.many("✅ <b>Imported.</b>", "✅ <b>All {count} imported.</b>", total)


def _came_back(t: Translator, view: HandoffView) -> Html:
    """An admin reads it too."""
    if view.owned:
        return HEADLINES[HandoffStatus.DECLINED](t)
    return t("↩️ <b>Came back to {name}.</b>", name=name_of(t, view, view.handoff.owner_id))


#: Where all of it stands alike, to whom it comes back.
HEADLINES: Mapping[HandoffStatus, Callable[[Translator], Html]] = {
    HandoffStatus.WAITING: lambda t: t("⏳ <b>Handed over</b>, not taken yet."),
    HandoffStatus.TAKEN: lambda t: t("✋ <b>Taken</b>, not confirmed yet."),
    HandoffStatus.IMPORTING: lambda t: t("⏳ <b>Being imported.</b>"),
    HandoffStatus.DECLINED: lambda t: t("↩️ <b>Came back to you.</b>"),
    HandoffStatus.WITHDRAWN: lambda t: t("↩️ <b>Taken back.</b>"),
    HandoffStatus.EXPIRED: lambda t: t("⌛ <b>Not taken in time.</b>"),
    HandoffStatus.FAILED: lambda t: t("❌ <b>Not imported.</b>"),
}


def about(t: Translator, view: HandoffView, time_zone: str) -> Html:
    """For whom it was left and when, with what note, and until when it waits."""
    handoff = view.handoff
    when = t.moment(handoff.waiting_since, time_zone)
    if handoff.receiver_id is None:
        lines = [t("For the team · {when}", when=when)]
    else:
        lines = [t("For: {name} · {when}", name=name_of(t, view, handoff.receiver_id), when=when)]
    if not view.owned or handoff.giver_id != handoff.owner_id:
        lines.insert(0, t("From {name}", name=name_of(t, view, handoff.giver_id)))
    if handoff.note:
        lines.append(note_line(t, handoff.note))
    if handoff.waiting and handoff.expires_at is not None:
        lines.append(t("Comes back {when} if not taken.", when=t.moment(handoff.expires_at, time_zone)))
    return Html("\n".join(lines))


def not_opened(t: Translator, view: HandoffView) -> Html:
    return t(
        "⚠️ {name} hasn't opened the bot, or has blocked it, so I can't tell them. Ask them to start me, or tap "
        "Reassign.",
        name=name_of(t, view, view.handoff.receiver_id or 0),
    )


# --- one by one -------------------------------------------------------------------------------------------------------


def lines(t: Translator, view: HandoffView, time_zone: str) -> Sequence[Html]:
    """Each code with where it stands, what has come back first, as many as fit; then how many more there are."""
    codes = sorted(view.handoff.codes, key=lambda code: (code.status not in RETURNED, code.id))
    alike = _imported_alike(t, view, time_zone)
    some = fitting((_line(t, view, code, time_zone, brief=bool(alike)) for code in codes[:MOST_LINES]), ROOM)
    rest = codes[len(some) :]
    if not rest:
        return [*some, *alike]
    told = t.items(counted(t, (code.status for code in rest)))
    return [*some, t.many("and {count} more", "and {count} more", len(rest)), *(alike or [told])]


def _line(t: Translator, view: HandoffView, code: HandoffCode, time_zone: str, *, brief: bool) -> Html:
    row = _row(view, code) if brief else None
    said = _SAID[code.status](t, view, code, time_zone) if row is None else outcome(t, row)
    return t("{sign} {code}: {said}", sign=SIGNS[code.status], code=code.code_mask, said=said)


def _imported_alike(t: Translator, view: HandoffView, time_zone: str) -> Sequence[Html]:
    """The group of all, who has imported them and when the last was, where that need not be said of each."""
    codes = view.handoff.codes
    rows = [row for code in codes if code.status is HandoffStatus.IMPORTED and (row := _row(view, code)) is not None]
    groups, takers = {group_line(t, row) for row in rows}, {code.state.taker_id for code in codes}
    moments = [row.finished_at for row in rows if row.finished_at is not None]
    if len(rows) < len(codes) or len(groups) > 1 or len(takers) > 1 or not moments:
        return []
    return [*groups, _by(t, view, codes[0], t.moment(max(moments), time_zone))]


def _taken(t: Translator, view: HandoffView, code: HandoffCode, time_zone: str) -> Html:
    when = t.moment(code.changed_at, time_zone)
    return t("taken by {name}, {when}", name=name_of(t, view, code.state.taker_id or 0), when=when)


def _importing(t: Translator, view: HandoffView, code: HandoffCode, _time_zone: str) -> Html:
    row, name = _row(view, code), name_of(t, view, code.state.taker_id or 0)
    if row is not None and row.status is Status.UNKNOWN:
        return t("sent by {name}, and the result is unknown", name=name)
    return t("being imported by {name}", name=name)


def _imported(t: Translator, view: HandoffView, code: HandoffCode, time_zone: str) -> Html:
    row = _row(view, code)
    by = _by(t, view, code, t.moment((row and row.finished_at) or code.changed_at, time_zone))
    return by if row is None else Html(f"{outcome(t, row)}\n{group_line(t, row)}\n{by}")


def _by(t: Translator, view: HandoffView, code: HandoffCode, when: str) -> Html:
    return t("by {name}, {when}", name=name_of(t, view, code.state.taker_id or 0), when=when)


def _declined(t: Translator, view: HandoffView, code: HandoffCode, time_zone: str) -> Html:
    when, name = t.moment(code.changed_at, time_zone), name_of(t, view, code.state.taker_id or 0)
    match code.state.reason:
        case ReturnReason.CANCELLED:
            return t("its import was cancelled, {when}", when=when)
        case ReturnReason.REMOVED:
            return t("{name} can't import any more, {when}", name=name, when=when)
        case _:
            return t("declined by {name}, {when}", name=name, when=when)


def _failed(t: Translator, view: HandoffView, code: HandoffCode, _time_zone: str) -> Html:
    if code.state.reason is ReturnReason.KEY_LOST:
        return key_lost(t)
    row = _row(view, code)
    return word(t, code.status) if row is None else outcome(t, row)


def _since(t: Translator, _view: HandoffView, code: HandoffCode, time_zone: str) -> Html:
    return t("{status}, {when}", status=word(t, code.status), when=t.moment(code.changed_at, time_zone))


_SAID: Mapping[HandoffStatus, Callable[[Translator, HandoffView, HandoffCode, str], Html]] = {
    HandoffStatus.WAITING: lambda t, _view, code, _time_zone: word(t, code.status),
    HandoffStatus.TAKEN: _taken,
    HandoffStatus.IMPORTING: _importing,
    HandoffStatus.IMPORTED: _imported,
    HandoffStatus.DECLINED: _declined,
    HandoffStatus.WITHDRAWN: _since,
    HandoffStatus.EXPIRED: _since,
    HandoffStatus.FAILED: _failed,
}


def _row(view: HandoffView, code: HandoffCode) -> LoggedImport | None:
    return None if code.state.import_id is None else view.imports.get(code.state.import_id)


def gone(t: Translator) -> Html:
    return t("This was left too long ago, and is forgotten.")


# --- buttons, and what they ask ---------------------------------------------------------------------------------------


def withdraw(t: Translator) -> Html:
    return t("Withdraw")


def reassign(t: Translator) -> Html:
    return t("Reassign")


def split(t: Translator) -> Html:
    return t("Split")


def ask_receiver(t: Translator, count: int) -> Html:
    return t.many("<b>Who gets this code instead?</b>", "<b>Who gets these {count} codes instead?</b>", count)


def ask_parts(t: Translator, count: int) -> Html:
    return t.many(
        "<b>Split {count} code into how many parts?</b>\nEach is taken by itself.",
        "<b>Split {count} codes into how many parts?</b>\nEach is taken by itself.",
        count,
    )
