"""Nothing is said past the languages: every text that reaches a message or a button is a sentence of a catalogue."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CHAT = Path(__file__).parents[2] / "bot" / "chat"
MODULES = sorted(CHAT.rglob("*.py"))
#: What takes a text that people see, and which of its arguments that is.
SHOWING = {
    "Html": 0,
    "button": 0,
    "make_button": 0,
    "one": 0,
    "_button": 1,
    "say": 0,
    "Card": 0,
    "Popup": 0,
    "short": 0,
}
#: Modules whose texts nobody reads in the chat: for the log, to be compared with what Telegram or people send,
#: or names of places.
NOT_SAID = {
    *("cities", "connection", "languages", "messages", "polling", "polling_monitor"),
    *("reachability", "transport", "typed_words"),
}
#: The same of single texts: names of what Telegram is told, and of commands.
UNSEEN = {
    *("commands of ", "commands in groups", "menu button", "description ", "short description ", "allow", "remove"),
    "it leads a stranger nowhere",  # the message of an error
    "showing in chat ",  # what the log calls a loop
}


def name_of(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def is_sentence(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (
        (isinstance(node.func, ast.Name) and node.func.id == "t") or name_of(node) == "many"
    )


def is_for_nobody_in_the_chat(node: ast.AST) -> bool:
    """Log, exceptions, assertions, patterns, types, and what the log calls a loop."""
    match node:
        case ast.Raise() | ast.Assert() | ast.AnnAssign(value=None):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="_LOG" | "re"))):
            return True
        case ast.Call(func=ast.Name(id="watched")) | ast.Expr(value=ast.Constant()):
            return True
        case _:
            return False


def literals(node: ast.AST) -> Iterator[ast.Constant]:
    """The texts written under a node, but for those of sentences and those that nobody in the chat sees."""
    if is_sentence(node):
        # Its values may be texts too.
        assert isinstance(node, ast.Call)
        for value in node.keywords:
            yield from literals(value)
        return
    if is_for_nobody_in_the_chat(node):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    for child in ast.iter_child_nodes(node):
        yield from literals(child)


def words(text: str) -> str:
    """What people read of a text: no tags, no signs of HTML."""
    return re.sub(r"<[^<>]*>|&[a-z]+;", "", text)


def said_past_the_catalogues(tree: ast.AST) -> list[str]:
    """Texts of several words, and of one where they go straight to a message or a button."""
    several = [
        each.value for each in literals(tree) if re.search(r"[^\W\d_]\s+[^\W\d_]|\w\w+ $", words(str(each.value)))
    ]
    straight = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and name_of(node) in SHOWING and len(node.args) > SHOWING[name_of(node)]:
            shown = node.args[SHOWING[name_of(node)]]
            straight += [each.value for each in literals(shown) if re.search(r"[^\W\d_]", words(str(each.value)))]
        elif isinstance(node, ast.JoinedStr):
            parts = [each.value for each in node.values if isinstance(each, ast.Constant)]
            straight += [part for part in parts if re.search(r"[^\W\d_]{2}", words(str(part))) and " " in str(part)]
    return [str(text) for text in [*several, *straight]]


def test_no_english_goes_past_the_catalogues() -> None:
    saying = [module for module in MODULES if module.stem not in NOT_SAID]
    found = [(str(module), said_past_the_catalogues(ast.parse(module.read_text("utf-8")))) for module in saying]
    assert [(module, text) for module, texts in found for text in texts if text not in UNSEEN] == []


def test_every_time_is_said_by_the_translator() -> None:
    writing = {"strftime", "isoformat", "format_datetime", "format_time", "format_date", "ctime"}
    for module in MODULES:
        found = {name_of(node) for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.Call)}
        assert not found & writing or module.name == "translator.py", module


@pytest.mark.parametrize(
    "source",
    [
        'label = f"{used} of {limit} MB used"',
        'button("Retry", press)',
        'ctx.say(Html("Done"))',
        'Html(f"<b>{name}</b> done")',
        'words = {"a": "not set yet"}',
        't("{a}", a="not yet")',
        'Popup(Html("Saved") if done else t("No"))',
    ],
)
def test_english_that_goes_past_them_is_found(source: str) -> None:
    assert said_past_the_catalogues(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        't("Profile {number}", number=7)',
        't.many("{count} code", "{count} codes", 2)',
        '_LOG.warning("a card is %s", why)',
        'raise ValueError("no such card")',
        'Html(f"‹ {words.back(t)}")',
        'Html(f"<code>{code}</code>")',
        '"""A docstring of words."""',
        'one(label, "page", 3)',
    ],
)
def test_what_is_no_english_to_be_seen_is_let_through(source: str) -> None:
    assert said_past_the_catalogues(ast.parse(source)) == []
