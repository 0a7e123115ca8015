"""Every sentence fits, and shows values as they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from bot.chat import texts, words
from bot.chat.drafting import texts as drafting
from bot.chat.help import texts as help_
from bot.chat.history import texts as history
from bot.chat.imports import taken_texts
from bot.chat.imports import texts as imports
from bot.chat.invitations import cards as invitation_cards
from bot.chat.invitations import texts as invitations
from bot.chat.members import texts as members
from bot.chat.translator import Html, plain, translator, width
from bot.domain.draft import ListedGroup
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.invitation import USUAL_LIFE, InvitationState
from bot.domain.proxy import KINDS, ExtractionMethod, Keep
from bot.domain.transfer_code import TransferCode
from bot.usecases.buttons import Problem
from bot.usecases.invitation_rows import Invitation, Joining
from bot.usecases.invitations import PAGE, OpenInvitations
from bot.usecases.joining import Refusal
from bot.usecases.members import PAGE_SIZE, Member
from bot.usecases.records import Given, LoggedImport, Role
from tests.standins.telegram_checks import message_text, too_long

T = translator("en")
NASTY = "<b>&amp;\"'{0}%s\\ 店 🛒</b>"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def shown(text: str) -> str:
    """The text as Telegram would show it, after everything was checked that Telegram checks."""
    parsed = message_text({"text": text, "parse_mode": "HTML"})
    assert not too_long(parsed)
    return parsed.text


# --- every sentence fits, and shows values as they are ----------------------------------------------------------------


def logged(**changes: object) -> LoggedImport:
    fields: dict[str, object] = {
        "id": 1,
        "batch_id": 1,
        "user_id": 2,
        "user_name": NASTY,
        "code": TransferCode("11112222-33334444"),
        "code_mask": "1111••••-••••4444",
        "key_lost": False,
        "group_id": 7,
        "group_title": NASTY,
        "proxy": "keep",
        "proxy_choice": Keep(),
        "bypass": (),
        "note": NASTY,
        "status": Status.IMPORTED,
        "proxy_status": None,
        "profile_id": 10**9,
        "profile_name": NASTY,
        "error_code": None,
        "error_message": "",
        "waiting_for": None,
        "held": False,
        "cancel_wanted": False,
        "created_at": NOON,
        "finished_at": NOON,
    }
    return LoggedImport(**fields | changes)  # type: ignore[arg-type]  # any of its fields


def invitation(**changes: object) -> Invitation:
    fields: dict[str, object] = {
        "id": 10**9,
        "revision": 2,
        "state": InvitationState.OPEN,
        "made_by": 10**14,
        "role": Role.MEMBER,
        "uses": 100,
        "used": 0,
        "life": USUAL_LIFE,
        "bot_username": "a" * 32,
        "made_at": NOON,
        "expires_at": NOON,
    }
    return Invitation(**fields | changes)  # type: ignore[arg-type]  # any of its fields


FOR_ONE = invitation(for_user_id=7, for_name=NASTY)
CAME = Joining(1, 1, 10**14, "u" * 32, Role.MEMBER)
ADDRESS = f"https://t.me/{'a' * 32}?start=i_{'b' * 32}"


def somebody(name: str, role: Role = Role.ADMIN) -> Member:
    return Member(2, name, "ana", role, False, None, NOON, 10**6, last_admin=True, waiting=500)


NAMED: dict[str, Callable[[], Html]] = {
    "greeting": lambda: help_.start(T, NASTY),
    "failure": lambda: texts.failed(T, NASTY),
    "failing card": lambda: texts.card_failed(T, NASTY),
    "no disk": lambda: texts.storage_failed(T, "disk_full", NASTY),
    "perhaps saved": lambda: texts.maybe_saved(T, "", NASTY),
    "perhaps saved, and why not": lambda: texts.maybe_saved(T, "disk_failed", NASTY),
    "who may": lambda: members.members(T, [somebody(NASTY)], ""),
    "a person": lambda: members.member(T, somebody(NASTY), ""),
    "who is removed": lambda: members.ask_removal(T, somebody(NASTY)),
    "whose codes are kept": lambda: members.codes_kept(T, NASTY, 1, 1),
    "a bad id": lambda: members.bad_id(T, NASTY),
    "everyone's history": lambda: history.history(T, [logged()], "", everyone=True),
    "who gave": lambda: history.history(T, [logged(given=Given(1, 3, NASTY), user_id=7)], "", everyone=False, reader=7),
    "cancelled, and back": lambda: imports.one(T, logged(status=Status.CANCELLED, given=Given(1, 3, NASTY))),
    "failed, and back": lambda: imports.one(T, logged(status=Status.FAILED, error_code=1000, given=Given(1, 3, NASTY))),
    "searched history": lambda: history.history(T, [logged()], "", everyone=True, search=NASTY),
    "nothing in the history": lambda: history.history(T, [], "", everyone=False, search=NASTY),
    "taken": lambda: taken_texts.taken(T, [logged(profile_name="")], 1),
    "taken, with its profile": lambda: taken_texts.taken(T, [logged(user_name="Ana")], 1),
    "found groups": lambda: drafting.found_groups(T, NASTY, 2),
    "found none": lambda: drafting.found_groups(T, NASTY, 0),
    "found no proxies": lambda: drafting.found_proxies(T, NASTY, 0),
    "a meaning": lambda: drafting.meaning(T, ListedGroup(7, NASTY), ()),
    "an invitation": lambda: invitations.link(T, invitation(), NASTY, ADDRESS),
    "an invitation for one": lambda: invitations.link(T, FOR_ONE, "Kim", ADDRESS),
    "a link that was made": lambda: invitations.made(T, FOR_ONE, ""),
    "an entry": lambda: invitations.entry(T, 1, invitation(), NASTY, ""),
    "somebody in already": lambda: invitations.already_in(T, NASTY),
    "welcome": lambda: invitations.welcome(T, NASTY, Role.MEMBER),
    "welcome of a viewer": lambda: invitations.welcome(T, NASTY, Role.VIEWER),
    "joined": lambda: invitations.joined(T, CAME, NASTY, "Kim"),
    "joined by": lambda: invitations.joined(T, CAME, "Mai", NASTY),
    "gone": lambda: invitations.gone(T, NASTY),
    "a bypass list": lambda: drafting.bypass_line(T, [NASTY]),
}


@pytest.mark.parametrize("say", NAMED.values(), ids=NAMED)
def test_a_value_is_shown_as_it_is_and_not_as_a_tag(say: Callable[[], Html]) -> None:
    said = say()
    assert NASTY in shown(said)
    assert NASTY in plain(said)
    assert NASTY not in said


LONG_ROW = {
    "user_name": "🛒" * 128,
    "group_title": "🛒" * 5000,
    "profile_name": "🛒" * 5000,
    "proxy_status": ProxyStatus.MISSING,
    "error_code": 110002,
    "error_message": "🛒" * 5000,
    "given": Given(1, 3, "🛒" * 128),
}

FAILED_ROW = LONG_ROW | {"status": Status.FAILED, "error_code": 4711, "proxy_status": None}

OPEN_ONES = OpenInvitations([invitation(for_user_id=7, for_name="🛒" * 128)] * PAGE, 0, 9, {10**14: "🛒" * 128})

LONG: dict[str, Callable[[], Html]] = {
    "help": lambda: help_.help_(T),
    **{f"help on {topic}": partial(help_.topic_text, T, topic) for topic in help_.TOPICS},
    "greeting": lambda: help_.start(T, "🛒" * 128),
    "who may": lambda: members.members(T, [somebody("🛒" * 128)] * PAGE_SIZE, "Asia/Ho_Chi_Minh"),
    "help of a viewer": lambda: help_.help_viewer(T),
    "history": lambda: history.history(T, [logged(**LONG_ROW) for _ in range(6)], "Asia/Ho_Chi_Minh", everyone=True),
    "how to find": lambda: history.how_to_find(T),
    "history of failures": lambda: history.history(T, [logged(**FAILED_ROW) for _ in range(6)], "", everyone=True),
    "taken": lambda: taken_texts.taken(T, [logged(**LONG_ROW) for _ in range(500)], 1),
    "taken, its end not known": lambda: taken_texts.taken(
        T, [logged(**LONG_ROW | {"status": Status.UNKNOWN}) for _ in range(500)], 1
    ),
    "searched": lambda: drafting.found_groups(T, "🛒" * 200, 1000),
    "no disk": lambda: texts.storage_failed(T, "database_away", "abcdef"),
    "perhaps saved": lambda: texts.maybe_saved(T, "database_away", "abcdef"),
    "an invitation": lambda: invitations.choose(T),
    "open invitations": lambda: Html(invitation_cards.list_card(T, OPEN_ONES, "Asia/Ho_Chi_Minh").text),
    **{f"refused: {why}": partial(invitations.refused(why), T) for why in Refusal},
    **{f"ended: {state}": partial(invitations.link_ended, T, state) for state in InvitationState},
}


@pytest.mark.parametrize("say", LONG.values(), ids=LONG)
def test_every_text_fits_into_a_message(say: Callable[[], Html]) -> None:
    assert shown(say())


def test_who_has_codes_already_is_told_for_as_many_as_there_is_room_for() -> None:
    rows = [logged(id=number, user_name="Ana", profile_name="Shop") for number in range(30)]
    said = taken_texts.taken(T, rows, 1)
    assert said.count("was already imported by Ana") == 20
    assert said.endswith("and 10 more codes")
    assert taken_texts.taken(T, rows[:1], 2).startswith("1111••••-••••4444 was already imported by you: profile")
    assert "by 2: " in taken_texts.taken(T, [logged(user_name="")], 1)
    assert "was already sent by you and is waiting" in taken_texts.taken(T, [logged(status=Status.QUEUED)], 2)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"profile_id": 7, "profile_name": "Shop"}, "✅ Imported: profile 7 “Shop”"),
        ({"profile_id": 7, "profile_name": ""}, "✅ Imported: profile 7"),
        ({"profile_id": None, "profile_name": "Shop"}, "✅ Imported: the profile Shop (find its number in ixBrowser)"),
        ({"profile_id": None, "profile_name": ""}, "✅ Imported: the profile is in ixBrowser (find it there)"),
    ],
)
def test_what_is_known_of_an_imported_profile_is_told(known: dict[str, object], said: str) -> None:
    assert shown(imports.one(T, logged(**known))) == said


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ({"proxy_status": None}, None),
        ({"proxy_status": ProxyStatus.SET}, None),
        ({"proxy_status": ProxyStatus.PENDING}, "Setting the proxy…"),
        ({"proxy_status": ProxyStatus.SETTING}, "Setting the proxy…"),
        ({"proxy_status": ProxyStatus.MISSING}, "only the proxy is missing. ixBrowser did not take it."),
        ({"proxy_status": ProxyStatus.MISSING, "error_code": 111002}, "is missing. ixBrowser got no proxy from the"),
        ({"proxy_status": ProxyStatus.MISSING, "profile_id": None}, "Only the proxy is missing: set it in ixBrowser."),
        ({"proxy_status": ProxyStatus.GIVEN_UP}, "I did not set a proxy: set one in ixBrowser."),
    ],
)
def test_what_is_wrong_with_a_proxy_that_was_set_afterwards_is_told(
    stands: dict[str, object], said: str | None
) -> None:
    row = logged(**stands)
    trouble = imports.proxy_trouble(T, row)
    assert trouble is None if said is None else said in shown(trouble or "")
    assert said is None or said in shown(imports.one(T, row))


def test_everybody_whose_role_changes_is_told_what_they_can_do_now() -> None:
    roles: list[Role | None] = [None, *Role]
    told = {(was, role): members.told(T, was, role) for was in roles for role in roles if was is not role}
    for (_, role), said in told.items():
        what = {None: "can't use", Role.VIEWER: "/history", Role.MEMBER: "transfer code", Role.ADMIN: "/members"}[role]
        assert what in shown(said)
    assert len(set(told.values())) == 7


POPUPS = [
    *(pytest.param(texts.problem(T, why), id=why) for why in Problem),
    pytest.param(imports.noted_cancel(T), id="cancel"),
    pytest.param(imports.looking(T), id="look"),
    *(pytest.param(texts.not_allowed(T, viewer=viewer), id=f"not allowed, {viewer}") for viewer in (True, False)),
    pytest.param(members.last_admin(T), id="last admin"),
]


@pytest.mark.parametrize("popup", POPUPS)
def test_a_pop_up_is_short_and_plain(popup: Html) -> None:
    assert 0 < width(popup) <= 200
    assert "<" not in popup


def test_every_word_for_a_state_a_kind_or_a_method_is_its_own() -> None:
    for said in (
        [words.status(T, status) for status in Status],
        [words.proxy_kind(T, kind) for kind in KINDS],
        [words.method(T, method) for method in ExtractionMethod],
        [words.ip_policy(T, new_ip=new) for new in (False, True)],
        list(words.SIGNS),
    ):
        assert len(set(said)) == len(said)
    assert words.SIGNS.keys() == set(Status)


def test_the_buttons_words_are_those_that_people_know() -> None:
    known = [words.cancel, words.change_group, words.change_proxy, words.bypass, words.back, words.next_]
    assert [word(T) for word in known] == ["Cancel", "Change group", "Change proxy", "Bypass", "Back", "Next"]
    kinds = ["keep", "direct", "custom", "saved", "static", "residential"]
    assert [words.proxy_kind(T, kind) for kind in kinds] == [kind.capitalize() for kind in kinds]
    assert words.import_count(T, 1) == "Import"
    assert words.import_count(T, 500) == "Import 500"


@pytest.mark.parametrize("role", [None, *Role])
def test_every_command_is_described_for_the_menu(role: Role | None) -> None:
    described = help_.commands_of(T, role)
    assert described
    assert all(0 < len(what) <= 256 for _, what in described)
