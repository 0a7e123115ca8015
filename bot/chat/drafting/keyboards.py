"""Rows of buttons under the draft's card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat import words
from bot.chat.callbacks import DRAFT, Press, button
from bot.chat.drafting import lists as shown
from bot.chat.drafting import proxy_texts, texts
from bot.chat.drafting.buttons import FORMATS, METHODS
from bot.chat.translator import Html, Translator
from bot.domain.draft import Draft, Step, can_go_back, can_hand_over, takes_bypass
from bot.domain.draft_transitions import readings
from bot.domain.proxy import SECRET_KINDS, ProxyType
from bot.domain.remote_lists import Listing, Lists, needs
from bot.usecases.handoff_people import has_own_codes
from bot.usecases.records import StoredDraft

#: Rows of a list on one page.
PAGE = 8

Row = Sequence[tuple[str, str]]


class Buttons:
    """Makes the buttons of one draft: each carries the draft's id and revision."""

    def __init__(self, t: Translator, stored: StoredDraft) -> None:
        self._t = t
        self._stored = stored

    def one(self, label: str, action: str, argument: object = "") -> tuple[str, str]:
        press = Press(DRAFT, self._stored.id, self._stored.card.revision, action, str(argument))
        return button(label, press)

    def last(self) -> Row:
        """The row under every question."""
        cancel = self.one(words.cancel(self._t), "cancel")
        return [self.one(words.back(self._t), "back"), cancel] if can_go_back(self._stored.draft) else [cancel]

    def retry(self, lists: Lists) -> Sequence[Row]:
        """To have a list read again that could not be read."""
        draft = self._stored.draft
        return [[self.one(words.try_again(self._t), "page", draft.page)]] if lists.failure(needs(draft)) else []

    def pages(self, page: int, pages: int) -> Sequence[Row]:
        """To turn pages."""
        if pages <= 1:
            return []
        turn = []
        if page > 0:
            turn.append(self.one(Html(f"‹ {words.previous(self._t)}"), "page", page - 1))
        if page < pages - 1:
            turn.append(self.one(Html(f"{words.next_(self._t)} ›"), "page", page + 1))
        return [turn]


def page_count(count: int) -> int:
    return max(1, -(-count // PAGE))


def clamp(page: int, count: int) -> int:
    return min(page, page_count(count) - 1)


def rows(t: Translator, stored: StoredDraft, step: Step, lists: Lists) -> Sequence[Row]:
    """All buttons of the card at this step."""
    buttons = Buttons(t, stored)
    draft = stored.draft
    if step in LISTED:
        above = [*_listed(t, buttons, draft, step, lists), *buttons.retry(lists)]
    else:
        above = [*_ROWS[step](t, buttons, stored, lists)] if step in _ROWS else []
    hand_over = _hand_over(t, buttons, stored) if step is not Step.CONFIRM else []
    return [
        *above,
        *_take_out(buttons, draft, step),
        *show_code(t, stored),
        *([hand_over] if hand_over else []),
        buttons.last(),
    ]


def _hand_over(t: Translator, buttons: Buttons, stored: StoredDraft) -> Row:
    """To leave the codes for somebody."""
    possible = has_own_codes(stored) and can_hand_over(stored.draft)
    return [buttons.one(words.hand_over(t), "hand")] if possible else []


def _take_out(buttons: Buttons, draft: Draft, step: Step) -> Sequence[Row]:
    """To take single codes out: where all is summed up, and when some have just been added."""
    just_added = draft.notice is not None and draft.notice.reason == "codes_added"
    several = draft.listed or len(draft.codes) > 1
    if not several or not (step is Step.CONFIRM or just_added):
        return []
    some = [
        buttons.one(f"✖ {code.masked}", "take_out", index)
        for index, code in enumerate(draft.codes[: texts.SHOWN_CODES])
    ]
    return [some[at : at + 2] for at in range(0, len(some), 2)]


def show_code(t: Translator, stored: StoredDraft) -> Sequence[Row]:
    """To see the codes again whose message was deleted."""
    draft = stored.draft
    return [[Buttons(t, stored).one(words.show_code(t), "codes")]] if draft.codes_deleted and draft.codes else []


def _meant_code(t: Translator, buttons: Buttons, _stored: StoredDraft, _lists: Lists) -> Sequence[Row]:
    return [[buttons.one(words.yes(t), "meant", 1), buttons.one(words.no(t), "meant", 0)]]


def _meaning(t: Translator, buttons: Buttons, stored: StoredDraft, _lists: Lists) -> Sequence[Row]:
    return [
        [buttons.one(texts.meaning(t, each, stored.draft.meanings), "meaning", index)]
        for index, each in enumerate(stored.draft.meanings)
    ]


def _group(t: Translator, buttons: Buttons, stored: StoredDraft, lists: Lists) -> Sequence[Row]:
    draft = stored.draft
    found = shown.groups(draft, lists)
    page = clamp(draft.page, len(found))
    some = found[page * PAGE : (page + 1) * PAGE]
    result: list[Row] = [[buttons.one(group.title or f"{group.id}", "group", group.id)] for group in some]
    result += buttons.pages(page, page_count(len(found)))
    result += buttons.retry(lists)
    if draft.search:
        result.append([buttons.one(words.all_groups(t), "all")])
    result.append([buttons.one(words.default_group(t), "default")])
    result.append([buttons.one(Html(f"➕ {words.new_group(t)}"), "new_group")])
    return result


_KINDS = (("keep", "direct"), ("custom", "extraction"))
#: Kinds that are only offered where ixBrowser has something of them.
_OWNED: Mapping[str, Listing] = {"saved": Listing.SAVED, "static": Listing.STATIC, "residential": Listing.PACKAGES}


def _proxy(t: Translator, buttons: Buttons, stored: StoredDraft, lists: Lists) -> Sequence[Row]:
    result: list[Row] = []
    for pair in _KINDS:
        kinds = [kind for kind in pair if stored.where.private or kind not in SECRET_KINDS]
        if kinds:
            result.append([buttons.one(words.proxy_kind(t, kind), "proxy", kind) for kind in kinds])
    owned = [kind for kind, listing in _OWNED.items() if _has(lists, listing)]
    if owned:
        result.append([buttons.one(words.proxy_kind(t, kind), "proxy", kind) for kind in owned])
    return [*result, *buttons.retry(lists)]


def _has(lists: Lists, listing: Listing) -> bool:
    return bool(lists.packages() if listing is Listing.PACKAGES else lists.proxies(listing))


#: Steps at which one of ixBrowser's proxies is chosen.
LISTED: Mapping[Step, Listing] = {
    Step.SAVED: Listing.SAVED,
    Step.STATIC: Listing.STATIC,
    Step.RESIDENTIAL: Listing.PACKAGES,
}


def _listed(t: Translator, buttons: Buttons, draft: Draft, step: Step, lists: Lists) -> Sequence[Row]:
    if step is Step.RESIDENTIAL:
        found: list[tuple[int, str]] = [(package.id, words.package(t, package)) for package in lists.packages() or []]
    else:
        found = [(proxy.id, proxy.label) for proxy in shown.proxies(draft, LISTED[step], lists)]
    page = clamp(draft.page, len(found))
    some = found[page * PAGE : (page + 1) * PAGE]
    picks = [[buttons.one(label, "pick", row_id)] for row_id, label in some]
    return [
        *picks,
        *buttons.pages(page, page_count(len(found))),
        *([[buttons.one(words.all_of_these(t), "all")]] if draft.search else []),
    ]


def _reading(t: Translator, buttons: Buttons, stored: StoredDraft, _lists: Lists) -> Sequence[Row]:
    return [
        [buttons.one(Html(f"{index + 1}. {proxy_texts.way(t, way)}"), "reading", index)]
        for index, way in enumerate(readings(stored.draft))
    ]


def _type(_t: Translator, buttons: Buttons, stored: StoredDraft, _lists: Lists) -> Sequence[Row]:
    """The types; first the one that this person used last."""
    types = sorted(ProxyType, key=lambda proxy_type: proxy_type is not stored.draft.last_type)
    return [[buttons.one(proxy_type, "type", proxy_type) for proxy_type in types]]


def _ip_policy(t: Translator, buttons: Buttons, _stored: StoredDraft, _lists: Lists) -> Sequence[Row]:
    return [[buttons.one(words.ip_policy(t, new_ip=new), "new_ip", int(new))] for new in (False, True)]


def _format(_t: Translator, buttons: Buttons, _stored: StoredDraft, _lists: Lists) -> Sequence[Row]:
    return [[buttons.one(name, "format", index)] for index, name in enumerate(FORMATS)]


def _method(t: Translator, buttons: Buttons, _stored: StoredDraft, _lists: Lists) -> Sequence[Row]:
    return [[buttons.one(words.method(t, name), "method", index)] for index, name in enumerate(METHODS)]


def _bypass(t: Translator, buttons: Buttons, _stored: StoredDraft, _lists: Lists) -> Sequence[Row]:
    return [[buttons.one(words.bypass_off(t), "no_bypass")]]


def _other_proxy(t: Translator, buttons: Buttons, _stored: StoredDraft, _lists: Lists) -> Sequence[Row]:
    """A way past a secret that is not at hand, which the choices of last time may ask for."""
    return [[buttons.one(words.change_proxy(t), "change", Step.PROXY)]]


def _confirm(t: Translator, buttons: Buttons, stored: StoredDraft, _lists: Lists) -> Sequence[Row]:
    count = len(stored.draft.codes)
    rows = [
        [buttons.one(Html(f"✅ {words.import_count(t, count)}"), "import"), *_hand_over(t, buttons, stored)],
        [
            buttons.one(words.change_group(t), "change", Step.GROUP),
            buttons.one(words.change_proxy(t), "change", Step.PROXY),
        ],
    ]
    return [*rows, [buttons.one(words.bypass(t), "change", Step.BYPASS)]] if takes_bypass(stored.draft) else rows


#: Steps at which there is more to tap than Back and Cancel.
_ROWS: Mapping[Step, Callable[[Translator, Buttons, StoredDraft, Lists], Sequence[Row]]] = {
    Step.MEANT_CODE: _meant_code,
    Step.MEANING: _meaning,
    Step.GROUP: _group,
    Step.PROXY: _proxy,
    Step.READING: _reading,
    Step.PASSWORD: _other_proxy,
    Step.LINK: _other_proxy,
    Step.CUSTOM_TYPE: _type,
    Step.IP_POLICY: _ip_policy,
    Step.LINK_TYPE: _type,
    Step.FORMAT: _format,
    Step.METHOD: _method,
    Step.BYPASS: _bypass,
    Step.CONFIRM: _confirm,
}
