"""Cards and sentences of leaving codes, in every language: they fit, and show names and notes as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.chat.drafting.card import draft_card
from bot.chat.handoffs import hand_over_texts, receipt, receipt_texts
from bot.chat.handoffs.draft_people import DraftPeople
from bot.chat.languages import LANGUAGES, Language
from bot.chat.translator import Html, Translator, plain, translator
from bot.domain.draft import DefaultGroup, Draft, HandOver, ListedGroup, Receiver, Step
from bot.domain.hand_over_transitions import EXPIRIES
from bot.domain.handoff import HandedCode, HandoffStatus, ReturnReason
from bot.domain.import_state import Status
from bot.domain.pseudonym import new_pseudonym
from bot.usecases.buttons import DraftedCode
from bot.usecases.handoff_lists import HandoffView, ReceiverPage
from bot.usecases.handoff_rows import Handoff, HandoffCode
from bot.usecases.records import DraftState, LeftCode
from tests.chat.test_texts import FAILED_ROW, LONG_ROW, NASTY, NOON, logged, shown
from tests.support.cards import CODES, DOMAINS, FULL, LONG, TEAM, stored, taken

EACH = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
#: As people can call themselves, and as long as a note may be.
LONGEST_NAME, LONGEST_NOTE = "🛒" * 128, "🛒" * 200
ZONE = "Asia/Ho_Chi_Minh"


def handed(status: HandoffStatus, number: int = 0, reason: ReturnReason | None = None) -> HandoffCode:
    code = CODES[number]
    state = HandedCode(status, taker_id=8, import_id=number, reason=reason)
    return HandoffCode(number, code, code.masked, state, NOON)


def view(*codes: HandoffCode, name: str = "Kim", note: str = "") -> HandoffView:
    handoff = Handoff(10**18 - 1, 6, 6, 7, note, NOON, NOON, NOON, False, 10**9 - 1, codes)
    failed = [code.id for code in codes if code.status is HandoffStatus.FAILED]
    rows = {code.id: logged(**(FAILED_ROW if code.id in failed else LONG_ROW)) for code in codes}
    names = {6: name, 7: name, 8: name}
    return HandoffView(handoff, names, rows, for_reader=False, owned=True, may_assign=True, unreachable=True)


ALL = [handed(status, number) for number, status in enumerate(HandoffStatus)]


# --- the receipt ------------------------------------------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("status", HandoffStatus)
def test_a_receipt_of_many_codes_fits(language: Language, status: HandoffStatus) -> None:
    t = translator(language.tag)
    some = view(*(handed(status, number) for number in range(500)), name=LONGEST_NAME, note=LONGEST_NOTE)
    assert taken(receipt.card_of(t, some, ZONE))


@EACH
def test_a_receipt_shows_names_and_notes_as_they_are(language: Language) -> None:
    t = translator(language.tag)
    text = taken(receipt.card_of(t, view(*ALL, name=NASTY, note=NASTY), ZONE))
    # For whom, who can't be told, who has taken, imports and has imported it, who has declined it.
    assert text.count(NASTY) >= 7


def test_a_receipt_says_all_in_all_how_it_stands() -> None:
    t = translator("en")
    alone = {status: shown(receipt_texts.headline(t, view(handed(status)))) for status in HandoffStatus}
    assert len(set(alone.values())) == len(HandoffStatus)
    waiting, importing, imported, declined, failed = (
        handed(status, number)
        for number, status in enumerate(
            [
                HandoffStatus.WAITING,
                HandoffStatus.IMPORTING,
                HandoffStatus.IMPORTED,
                HandoffStatus.DECLINED,
                HandoffStatus.FAILED,
            ]
        )
    )
    said = [
        ((imported, waiting, importing), "1 of 3 imported"),
        ((importing, waiting), "⏳ Importing: 0 of 2 done"),
        ((waiting, declined), "⏳ Not finished yet."),
        ((failed, declined), "↩️ Came back to you."),
    ]
    for codes, words in said:
        assert shown(receipt_texts.headline(t, view(*codes))) == words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (handed(HandoffStatus.DECLINED, reason=ReturnReason.CANCELLED), "its import was cancelled, "),
        (handed(HandoffStatus.DECLINED, reason=ReturnReason.REMOVED), "Kim can't import any more, "),
        (handed(HandoffStatus.DECLINED, reason=ReturnReason.DECLINED), "declined by Kim, "),
        (handed(HandoffStatus.FAILED, reason=ReturnReason.KEY_LOST), "The key to the saved codes was lost"),
        (handed(HandoffStatus.WITHDRAWN), "taken back, 1 Mar"),
        (handed(HandoffStatus.EXPIRED), "not taken in time, 1 Mar"),
    ],
)
def test_it_says_why_a_code_has_come_back(code: HandoffCode, words: str) -> None:
    [line] = receipt_texts.lines(translator("en"), view(code), "Europe/Berlin")
    assert words in shown(line)


def test_who_has_declined_stays_named_and_who_was_erased_is_named_by_no_long_number() -> None:
    t = translator("en")
    now_for_the_team = replace(view(handed(HandoffStatus.DECLINED)), names={6: "Ana", 8: "Kim"})
    now_for_the_team = replace(now_for_the_team, handoff=replace(now_for_the_team.handoff, receiver_id=None))
    assert "declined by Kim, " in taken(receipt.card_of(t, now_for_the_team, ZONE))
    pseudonym = new_pseudonym()
    state = HandedCode(HandoffStatus.IMPORTED, taker_id=pseudonym)
    by_nobody_known = view(HandoffCode(0, None, CODES[0].masked, state, NOON))
    assert f"by erased person {str(pseudonym)[-6:]}, " in taken(receipt.card_of(t, by_nobody_known, ZONE))


def test_an_import_whose_end_is_not_known_is_told_apart_and_a_row_that_is_gone_is_no_trouble() -> None:
    t = translator("en")
    importing = view(handed(HandoffStatus.IMPORTING))
    assert shown(receipt_texts.lines(t, importing, "")[0]).endswith(": being imported by Kim")
    unknown = replace(importing, imports={0: logged(status=Status.UNKNOWN)})
    assert shown(receipt_texts.lines(t, unknown, "")[0]).endswith(": sent by Kim, and the result is unknown")
    assert shown(receipt_texts.headline(t, importing)) == "⏳ Being imported."
    assert shown(receipt_texts.headline(t, unknown)) == "❓ Result unknown. Check in ixBrowser."
    for status, words in ((HandoffStatus.IMPORTED, ": by Kim, "), (HandoffStatus.FAILED, ": failed")):
        assert words in shown(receipt_texts.lines(t, replace(view(handed(status)), imports={}), "")[0])


def test_one_who_sees_it_without_owning_it_may_only_give_it_to_somebody_else() -> None:
    seen = replace(view(*ALL, handed(HandoffStatus.WAITING, 9)), owned=False)
    card = receipt.card_of(translator("en"), seen, "")
    assert [label for row in card.buttons for label, _ in row] == ["Reassign", "Split"]
    assert receipt.card_of(translator("en"), replace(seen, may_assign=False), "").buttons == []
    assert card.going_on
    assert not receipt.card_of(translator("en"), view(handed(HandoffStatus.IMPORTED)), "").going_on


# --- the card of a draft ----------------------------------------------------------------------------------------------


def longest(hand_over: HandOver) -> Draft:
    return Draft(CODES, ListedGroup(2, "🛒" * 200), LONG, DOMAINS, note=LONGEST_NOTE, hand_over=hand_over)


@EACH
@pytest.mark.parametrize("hours", [None, *EXPIRIES])
def test_the_card_has_room_for_everything_at_its_longest(language: Language, hours: int | None) -> None:
    t = translator(language.tag)
    chosen = HandOver(Receiver(7), hours)
    people = DraftPeople(receiver=LONGEST_NAME)
    for changing in (None, Step.HANDOFF_NOTE, Step.EXPIRY):
        assert taken(draft_card(t, stored(longest(replace(chosen, changing=changing))), FULL, people))
    page = ReceiverPage([(10**15 + number, LONGEST_NAME) for number in range(8)], 4, 9)
    choosing = replace(longest(HandOver()), search="🛒" * 200)
    for found in (page, ReceiverPage((), 0, 1)):
        assert taken(draft_card(t, stored(choosing, TEAM), FULL, DraftPeople(receivers=found)))


@EACH
def test_the_card_shows_names_notes_and_what_is_searched_for_as_they_are(language: Language) -> None:
    t = translator(language.tag)
    draft = Draft(CODES[:1], DefaultGroup(), note=NASTY, hand_over=HandOver(Receiver(7)))
    assert taken(draft_card(t, stored(draft), FULL, DraftPeople(receiver=NASTY))).count(NASTY) == 2
    asking = replace(draft, hand_over=HandOver(Receiver(7), changing=Step.HANDOFF_NOTE))
    assert NASTY in taken(draft_card(t, stored(asking), FULL))
    nobody = replace(draft, search=NASTY, hand_over=HandOver())
    assert NASTY in taken(draft_card(t, stored(nobody), FULL, DraftPeople(receivers=ReceiverPage((), 0, 1))))


@EACH
@pytest.mark.parametrize(
    "state", [DraftState.CANCELLED, DraftState.EXPIRED, DraftState.NOT_CONFIRMED, DraftState.TAKEN_BACK]
)
def test_a_draft_with_somebody_elses_codes_ends_with_their_name(language: Language, state: DraftState) -> None:
    t = translator(language.tag)
    people = DraftPeople(giver=NASTY, withdrawn=True)
    draft = replace(stored(Draft((), codes_deleted=True), state=state), handoff_id=3)
    card = draft_card(t, draft, FULL, people)
    assert NASTY in taken(card)
    assert len(card.buttons) == 1
    # Codes that its person had added can be seen again.
    theirs = replace(draft, draft=replace(draft.draft, codes=CODES[:1]))
    assert len(draft_card(t, theirs, FULL, people).buttons) == 2


NAMED: dict[str, Callable[[Translator], Html]] = {
    "handed over": lambda t: hand_over_texts.handed_over(t, NASTY),
    "from whom": lambda t: hand_over_texts.left_by(t, NASTY, ""),
    "with what note": lambda t: hand_over_texts.left_by(t, "Kim", NASTY),
    "a draft of somebody": lambda t: hand_over_texts.left(t, (), [DraftedCode("1•", NASTY)], 1),
    "left by somebody": lambda t: hand_over_texts.left(t, [left(None, {2: NASTY})], (), 1),
    "left for somebody": lambda t: hand_over_texts.left(t, [left(3, {2: "Kim", 3: NASTY})], (), 1),
    "taken by somebody": lambda t: hand_over_texts.left(t, [replace(left(1, {2: NASTY}), taker_id=2)], (), 1),
}


def left(receiver_id: int | None, names: dict[int, str], giver_id: int = 2) -> LeftCode:
    return LeftCode(CODES[0], 1, giver_id, receiver_id, None, names)


@EACH
@pytest.mark.parametrize("say", NAMED.values(), ids=NAMED)
def test_a_name_is_shown_as_it_is(language: Language, say: Callable[[Translator], Html]) -> None:
    said = say(translator(language.tag))
    assert NASTY in shown(said)
    assert NASTY in plain(said)


@EACH
def test_of_many_codes_that_somebody_has_as_many_are_told_as_there_is_room_for(language: Language) -> None:
    t = translator(language.tag)
    many = [replace(left(3, {2: LONGEST_NAME, 3: LONGEST_NAME}), taker_id=3)] * 500
    assert shown(hand_over_texts.left(t, many, [DraftedCode("1•", LONGEST_NAME)] * 500, 1))
    assert shown(hand_over_texts.left(translator("en"), [left(1, {2: "Kim"})] * 21, (), 1)).endswith("and 1 more code")
