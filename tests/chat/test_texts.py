"""Every sentence: there is one for each reason, it can be translated, it fits, and it shows values as they are."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.chat import texts, words
from bot.chat.drafting import notices
from bot.chat.drafting import texts as drafting
from bot.chat.help import texts as help_
from bot.chat.history import texts as history
from bot.chat.imports import texts as imports
from bot.chat.invitations import cards as invitation_cards
from bot.chat.invitations import texts as invitations
from bot.chat.members import texts as members
from bot.chat.translator import LOCALES, Html, plain, translator, width
from bot.domain.draft import ListedGroup, Notice
from bot.domain.error_codes import AWAY, WAITS
from bot.domain.import_state import ProxyStatus, Status
from bot.domain.invitation import USUAL_LIFE, InvitationState
from bot.domain.proxy import KINDS, ExtractionMethod, Keep
from bot.domain.transfer_code import TransferCode
from bot.errors import BrowserInvalidAnswer, BrowserNoAnswer, BrowserNotRunning, BrowserRefusal
from bot.station.failures import reason_of
from bot.usecases.buttons import Problem
from bot.usecases.invitation_rows import Invitation, Joining
from bot.usecases.invitations import PAGE, OpenInvitations
from bot.usecases.joining import Refusal
from bot.usecases.members import PAGE_SIZE, Member
from bot.usecases.records import LoggedImport, Role
from tests.standins.telegram_checks import message_text, too_long
from tests.support.error_codes import REFUSALS

BOT = Path(__file__).parents[2] / "bot"
SAYING = ("texts", "proxy_texts", "notices", "replies", "shown_codes", "words")
TEXTS = sorted(module for name in SAYING for module in (BOT / "chat").rglob(f"{name}.py"))
T = translator("en")
NASTY = "<b>&amp;\"'{0}%s\\ 店 🛒</b>"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

#: Codes that the reference page names for the import, beside 110xxx.
OF_THE_PAGE = {1000, 1004, 1007, 1008, 1011, 1014}
#: What a call of the Local API, a list or the import may answer besides.
GENERAL = {1002, 1003, 1005, 1006, 1010, 1015, 1016, 1017, 105001, 105002, 111001, 111002}

LONGEST = {"count": "500", "most": "500", "value": "🛒" * 60, "code": "105002"}


def shown(text: str) -> str:
    """The text as Telegram would show it, after everything was checked that Telegram checks."""
    parsed = message_text({"text": text, "parse_mode": "HTML"})
    assert not too_long(parsed)
    return parsed.text


# --- a sentence for each reason ---------------------------------------------------------------------------------------


def parsed(module: Path) -> ast.Module:
    return ast.parse(module.read_text("utf-8"))


def calls(*names: str, under: Path = BOT) -> Iterator[ast.Call]:
    """Every call of a function with one of these names."""
    for module in sorted(under.rglob("*.py")):
        for node in ast.walk(parsed(module)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield node


def constants(node: ast.expr) -> Iterator[str]:
    """The texts that an expression can come to."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name) and node.id == "AWAY":
        yield AWAY
    elif isinstance(node, ast.IfExp):
        yield from constants(node.body)
        yield from constants(node.orelse)


def reasons() -> set[str]:
    """Every reason that anything in the program gives for a remark."""
    given = {text for call in calls("InputError", "Notice") for text in constants(call.args[0])}
    given |= {text for call in calls("remark") for text in constants(call.args[-1])}
    faults = (BrowserNotRunning(), BrowserNoAnswer(), BrowserInvalidAnswer(), BrowserRefusal(105003, ""))
    return given | {f"group_{reason_of(fault)}" for fault in faults}


def test_every_reason_for_a_remark_has_a_sentence_of_its_own_and_no_sentence_is_left_over() -> None:
    assert {"no_code", "unreadable", "group_away", "proxy_gone", "proxy_taken"} <= reasons()
    assert reasons() == notices._NOTICES.keys()


@pytest.mark.parametrize("reason", sorted(notices._NOTICES))
def test_every_remark_fits_and_is_valid(reason: str) -> None:
    said = shown(notices.notice(T, Notice(reason, LONGEST)))
    assert len(said) < 300
    assert said != "That can't be used here."
    assert said.endswith((".", ")"))
    assert "{" not in said


def test_no_two_remarks_are_the_same() -> None:
    said = [notices.notice(T, Notice(reason, LONGEST)) for reason in notices._NOTICES]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("code", sorted(REFUSALS | WAITS | OF_THE_PAGE | GENERAL))
def test_every_error_has_a_sentence_of_its_own_that_says_what_to_do(code: int) -> None:
    said = shown(imports.reason(T, code, "ixBrowser's own words"))
    assert f"(error {code})" in said
    assert "own words" not in said
    advice = ["try", "Try", "hoose", "ask", "Ask", "Update", "Send", "Type", "Make", "Look", "Check", "Import"]
    assert any(word in said for word in advice)


def test_no_two_errors_have_the_same_sentence() -> None:
    said = {code: imports._REASONS[code](T) for code in imports._REASONS}
    alike = [code for code in said if list(said.values()).count(said[code]) > 1]
    assert alike == []


@pytest.mark.parametrize("message", ["Fingerprint configuration generation failed", NASTY, "", "🛒" * 5000])
def test_an_error_that_nobody_has_heard_of_is_told_in_ixbrowsers_words(message: str) -> None:
    said = shown(imports.reason(T, 4711, message))
    assert "(error 4711)" in said
    assert "then try again" in said
    assert message[:99] in said
    assert len(said) < 350


def test_that_no_answer_came_is_told_without_a_number() -> None:
    assert "error" not in imports.reason(T, None, "")


@pytest.mark.parametrize("why", ["away", "silent", "unreadable", "1002", "1005", "4711"])
def test_every_reason_why_a_list_cannot_be_read_has_a_sentence(why: str) -> None:
    said = shown(imports.unavailable(T, why))
    assert said.startswith(("ixBrowser", "This ixBrowser"))
    assert (f"(error {why})" in said) == why.isdecimal()


# --- every sentence can be translated ---------------------------------------------------------------------------------


def said_through_gettext(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="t") | ast.Attribute(attr="many")):
                yield node


@pytest.mark.parametrize("module", TEXTS, ids=lambda module: f"{module.parent.name}.{module.stem}")
def test_what_is_translated_is_written_out_so_that_it_can_be_extracted(module: Path) -> None:
    for call in said_through_gettext(parsed(module)):
        singular = isinstance(call.func, ast.Name)
        for argument in call.args[: 1 if singular else 2]:
            assert isinstance(argument, ast.Constant), f"{module.name}:{call.lineno}"
            assert isinstance(argument.value, str)


@pytest.mark.parametrize("module", TEXTS, ids=lambda module: f"{module.parent.name}.{module.stem}")
def test_no_sentence_goes_past_gettext(module: Path) -> None:
    tree = parsed(module)
    translated = {id(part) for call in said_through_gettext(tree) for part in ast.walk(call)}
    documented = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    untranslated = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in translated | documented
        and len(node.value.split()) > 1
    ]
    assert untranslated == []


def test_every_sentence_is_found_by_who_extracts_them() -> None:
    """Within an f-string, for one, none is."""
    template = read_po(io.BytesIO((LOCALES / "messages.pot").read_bytes()))
    ids = [message.id for message in template if message.id]
    found = {sentence for known in ids for sentence in ([known] if isinstance(known, str) else known)}
    for module in TEXTS:
        for call in said_through_gettext(parsed(module)):
            sentences = [part.value for part in call.args[:2] if isinstance(part, ast.Constant)]
            lost = [sentence for sentence in sentences if sentence not in found]
            assert lost == [], f"{module.name}:{call.lineno}"


def test_no_other_part_of_the_chat_says_anything_by_itself() -> None:
    others = set((BOT / "chat").rglob("*.py")) - {*TEXTS, BOT / "chat/translator.py"}
    assert [module.name for module in others if any(said_through_gettext(parsed(module)))] == []


@pytest.mark.parametrize("module", TEXTS, ids=lambda module: f"{module.parent.name}.{module.stem}")
def test_every_value_that_a_sentence_wants_is_given(module: Path) -> None:
    """A sentence with ``{name}`` must be given ``name``; one given as ``**values`` is looked at elsewhere."""
    for call in said_through_gettext(parsed(module)):
        given = {keyword.arg for keyword in call.keywords}
        if None in given:
            continue
        sentences = [part.value for part in call.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        wanted = {name for text in sentences for name in _names(text)} - {"count"}
        assert wanted <= given, f"{module.name}:{call.lineno}"


def _names(sentence: str) -> list[str]:
    return [part.partition("}")[0] for part in sentence.split("{")[1:]]


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
    "who may": lambda: members.members(T, [somebody(NASTY)], ""),
    "a person": lambda: members.member(T, somebody(NASTY), ""),
    "who is removed": lambda: members.ask_removal(T, somebody(NASTY)),
    "whose codes are kept": lambda: members.codes_kept(T, NASTY, 1, 1),
    "a bad id": lambda: members.bad_id(T, NASTY),
    "everyone's history": lambda: history.history(T, [logged()], "", everyone=True),
    "taken": lambda: imports.taken(T, [logged(profile_name="")], 1),
    "taken, with its profile": lambda: imports.taken(T, [logged(user_name="Ana")], 1),
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
    "history of failures": lambda: history.history(T, [logged(**FAILED_ROW) for _ in range(6)], "", everyone=True),
    "taken": lambda: imports.taken(T, [logged(**LONG_ROW) for _ in range(500)], 1),
    "taken, its end not known": lambda: imports.taken(
        T, [logged(**LONG_ROW | {"status": Status.UNKNOWN}) for _ in range(500)], 1
    ),
    "searched": lambda: drafting.found_groups(T, "🛒" * 200, 1000),
    "no disk": lambda: texts.storage_failed(T, "database_away", "abcdef"),
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
    said = imports.taken(T, rows, 1)
    assert said.count("was already imported by Ana") == 20
    assert said.endswith("and 10 more codes")
    assert imports.taken(T, rows[:1], 2).startswith("1111••••-••••4444 was already imported by you: profile")
    assert "by 2: " in imports.taken(T, [logged(user_name="")], 1)
    assert "was already sent by you and is waiting" in imports.taken(T, [logged(status=Status.QUEUED)], 2)


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
