"""What the documents say is what the program does."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from bot.chat.help import texts
from bot.chat.translator import LOCALES, translator
from bot.settings import NAMES, Settings
from bot.usecases.permissions import UseCase
from tests.domain.proxy_parsing.spellings import table_of_forms
from tests.support.diagram import mermaid
from tests.support.handoff_diagram import mermaid as handoff_mermaid
from tests.support.import_diagram import mermaid as import_mermaid
from tests.support.permission_table import LINES, table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_has_every_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", README, re.MULTILINE))

    assert set(rows) == set(NAMES)
    for name, shown in rows.items():
        default = Settings.model_fields[name.lower()].default
        if isinstance(default, str | int | float):
            assert shown == f"`{default:g}`" if isinstance(default, float) else shown == f"`{default}`"


def test_the_readme_shows_the_conversation_as_it_is() -> None:
    [shown] = re.findall(r"<!-- conversation -->\n```mermaid\n(.*?)```", README, re.DOTALL)

    assert shown.strip() == mermaid().strip()


def test_the_readme_shows_the_states_of_an_import_as_they_are() -> None:
    [shown] = re.findall(r"<!-- import -->\n```mermaid\n(.*?)```", README, re.DOTALL)

    assert shown.strip() == import_mermaid().strip()


def test_the_readme_shows_the_states_of_a_code_that_is_left_for_somebody() -> None:
    [shown] = re.findall(r"<!-- handoff -->\n```mermaid\n(.*?)```", README, re.DOTALL)

    assert shown.strip() == handoff_mermaid().strip()


def test_the_readme_lists_the_forms_of_proxies_that_are_read() -> None:
    [shown] = re.findall(r"<!-- proxies -->\n(.*?)<!-- /proxies -->", README, re.DOTALL)

    assert shown.strip() == table_of_forms()


def test_the_readme_shows_who_may_do_what() -> None:
    [shown] = re.findall(r"<!-- roles -->\n(.*?)<!-- /roles -->", README, re.DOTALL)

    assert shown.strip() == table()
    named = Counter(use_case for use_cases in LINES.values() for use_case in use_cases)
    assert named == Counter(UseCase)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:bot|tests|deploy|migrations)/[\w/.]*)`", README))))
def test_every_place_that_the_readme_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_help_names_every_command() -> None:
    t = translator("en")
    said = "\n".join([texts.help_(t), *(texts.topic_text(t, topic) for topic in texts.TOPICS)])

    assert all(f"/{name}" in said for name in (*texts.COMMANDS, *texts.ADMIN_COMMANDS) if name != "help")


def test_the_template_for_translators_has_every_sentence() -> None:
    # The same as the line in the README, which makes it anew.
    keywords = {"t": None, "many": (1, 2)}
    found = Catalog()
    for folder in ("bot/chat", "bot/demo"):
        for _file, _line, message, _comments, _context in extract_from_dir(ROOT / folder, keywords=keywords):
            found.add(message)
    kept = read_po(io.BytesIO((LOCALES / "messages.pot").read_bytes()))

    assert {message.id for message in kept if message.id} == {message.id for message in found if message.id}


def test_the_changelog_begins_with_what_is_not_released() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.search(r"^## Unreleased$", changelog, re.MULTILINE)
