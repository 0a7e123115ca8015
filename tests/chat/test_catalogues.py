"""The catalogue of each language: it has every sentence, says the same with the same values and tags, and fits."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.chat import words
from bot.chat.access import texts as access
from bot.chat.audit import texts as audit
from bot.chat.catalogue import read_catalogue
from bot.chat.handoffs import entry_texts
from bot.chat.help import texts as help_
from bot.chat.invitations import texts as invitations
from bot.chat.languages import LANGUAGES, SOURCE, Language
from bot.chat.members import texts as members
from bot.chat.translator import LOCALES, Translator, plain, translator, width
from bot.domain.invitation import LIVES
from bot.domain.proxy import KINDS
from bot.usecases.records import Role
from tests.chat import test_feed_texts as of_feed
from tests.chat import test_texts
from tests.chat.test_texts import LONG, NAMED, NASTY, shown
from tests.standins.telegram_checks import message_text

TRANSLATED = [language for language in LANGUAGES if language is not SOURCE]
EACH = pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.tag)
#: Latin letters that a phone shows on a button that shares its row.
HALF_A_ROW = 20


@cache
def catalogue(language: Language) -> Catalog:
    file = LOCALES / language.locale / "LC_MESSAGES" / "messages.po"
    return read_po(io.BytesIO(file.read_bytes()), locale=language.locale, abort_invalid=True)


def sentence(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def forms(message: Message) -> Sequence[str]:
    found = message.string
    return (found,) if isinstance(found, str) else tuple(found or ())


def translated(language: Language) -> Iterator[tuple[Message, str]]:
    """Every translated form, with its message."""
    for message in catalogue(language):
        if message.id:
            yield from ((message, form) for form in forms(message) if form)


def placeholders(text: str) -> Counter[str]:
    return Counter(re.findall(r"\{(\w*)\}", text))


def tags(text: str) -> Counter[str]:
    return Counter(re.findall(r"</?\w+>", text))


def columns(text: str) -> int:
    """How wide a label is, in Latin letters."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


@EACH
def test_every_sentence_is_translated_for_certain_and_none_is_left_over(language: Language) -> None:
    template = read_po(io.BytesIO((LOCALES / "messages.pot").read_bytes()))
    found = catalogue(language)
    done = {sentence(message) for message in found if message.id and all(forms(message)) and not message.fuzzy}
    wanted = {sentence(message) for message in template if message.id}
    assert wanted - done == set()
    assert done - wanted == set()
    assert list(found.obsolete) == []


@EACH
def test_a_catalogue_can_be_read_and_has_the_plural_forms_of_its_language(language: Language) -> None:
    found = catalogue(language)
    assert found.plural_expr == Catalog(locale=language.locale).plural_expr
    for message in found:
        if message.pluralizable:
            assert len(forms(message)) == found.num_plurals, message.id
    assert read_catalogue(LOCALES, language.locale)


@EACH
def test_a_catalogue_begins_with_the_words_for_what_ixbrowser_has(language: Language) -> None:
    header = catalogue(language).header_comment
    assert all(f"{term} = " in header for term in ("profile", "group", "proxy", "transfer code"))


@EACH
def test_a_translation_has_the_values_and_tags_of_its_sentence(language: Language) -> None:
    wrong = []
    for message, form in translated(language):
        # The last form of English has the number, where there is one: every other language needs it in each.
        original = sentence(message)[-1]
        same = placeholders(form) == placeholders(original) and tags(form) == tags(original)
        ends = [re.sub(r"\S(?s:.*)\S|\S", "", text) for text in (form, original)]
        if not same or ends[0] != ends[1] or form.count("\n") != original.count("\n"):
            wrong.append((original, form))
    assert wrong == []


@EACH
def test_a_translation_keeps_the_sign_the_commands_and_the_examples_of_its_sentence(language: Language) -> None:
    kept = r"[⏳✅❌🚫❓🔎⚠️➕‹›]|/[a-z]+\b|<code>[^<]*</code>|https?://|ixBrowser|\b\d{2,}\b"
    wrong = [
        (sentence(message)[-1], form)
        for message, form in translated(language)
        if set(re.findall(kept, sentence(message)[-1])) != set(re.findall(kept, form))
    ]
    assert wrong == []


@EACH
def test_a_translation_is_valid_for_telegram_and_fits(language: Language) -> None:
    for message, form in translated(language):
        filled = re.sub(r"\{\w+\}", "7", form)
        assert message_text({"text": filled, "parse_mode": "HTML"}).text.strip(), message.id
        assert width(filled) < 2 * width(sentence(message)[-1]) + 40, message.id


@EACH
def test_every_text_fits_with_the_longest_values(language: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (test_texts, of_feed):
        monkeypatch.setattr(module, "T", translator(language.tag))
    for say in (*LONG.values(), *of_feed.LONG.values()):
        assert shown(say())
    for say in (*NAMED.values(), *of_feed.NAMED.values()):
        assert NASTY in shown(say())
    for popup in test_texts.POPUPS:
        [english] = popup.values
        assert isinstance(english, str)
        said = translator(language.tag)(english)
        assert 0 < width(said) <= 200
        assert "<" not in said


def labels(t: Translator) -> Iterator[str]:
    """What stands on buttons that share a row."""
    yield from (words.back(t), words.cancel(t), words.change_group(t), words.change_proxy(t))
    yield from (f"‹ {words.previous(t)}", f"{words.next_(t)} ›")
    yield from (help_.topic_title(t, topic) for topic in help_.TOPICS)
    yield from (words.proxy_kind(t, kind) for kind in KINDS)
    yield from (f"✓ {words.role_alone(t, role)}" for role in (Role.VIEWER, Role.MEMBER))
    yield from (f"✓ {invitations.life(t, life)}" for life in LIVES)
    yield invitations.revoke_number(t, 99)
    yield from (members.promote(t), members.demote(t), members.remove(t), words.yes(t), words.no(t))
    yield from (access.allow(t), access.refuse(t))
    yield from (entry_texts.decline(t), entry_texts.later(t), words.take(t))
    yield from (audit.label(t, kind) for kind in audit.KINDS)
    yield from (audit.by_person(t), audit.by_kind(t))


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
def test_labels_that_share_a_row_fit_on_a_phone(language: Language) -> None:
    assert [label for label in labels(translator(language.tag)) if columns(plain(label)) > HALF_A_ROW] == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.tag)
def test_what_telegram_shows_of_the_bot_is_no_longer_than_it_takes(language: Language) -> None:
    t = translator(language.tag)
    for role in (None, *Role):
        assert all(0 < width(what) <= 256 for _, what in help_.commands_of(t, role))
    assert 0 < width(help_.description(t)) <= 512
    assert 0 < width(help_.short_description(t)) <= 120
    assert not tags(help_.description(t) + help_.short_description(t))
