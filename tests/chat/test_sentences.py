"""There is a sentence for each reason, and every sentence can be translated."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from bot.chat.drafting import notices
from bot.chat.imports import texts as imports
from bot.chat.translator import LOCALES
from bot.domain.draft import Notice
from bot.domain.error_codes import AWAY, WAITS
from bot.errors import BrowserInvalidAnswer, BrowserNoAnswer, BrowserNotRunning, BrowserRefusal
from bot.station.failures import reason_of
from tests.chat.test_texts import NASTY, T, shown
from tests.support.error_codes import REFUSALS

BOT = Path(__file__).parents[2] / "bot"
SAYING = (
    *("texts", "proxy_texts", "notices", "replies", "shown_codes", "people", "words"),
    *("entry_texts", "hand_over_texts", "list_texts", "receipt_texts", "standing_texts", "taken_texts"),
)
TEXTS = sorted(module for name in SAYING for module in (BOT / "chat").rglob(f"{name}.py"))

#: Codes that the reference page names for the import, beside 110xxx.
OF_THE_PAGE = {1000, 1004, 1007, 1008, 1011, 1014}
#: What a call of the Local API, a list or the import may answer besides.
GENERAL = {1002, 1003, 1005, 1006, 1010, 1015, 1016, 1017, 105001, 105002, 111001, 111002}

LONGEST = {"count": "500", "most": "500", "value": "🛒" * 60, "code": "105002"}


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
