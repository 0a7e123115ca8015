"""Whether what stands on a screen is in one language: its words are the catalogue's, in the letters that it has."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache

from babel.dates import get_month_names
from babel.messages.pofile import read_po

from bot.chat.catalogue import catalogue_file
from bot.chat.languages import LANGUAGES, SOURCE, Language
from bot.chat.translator import LOCALES

#: What is the same in every language: names, and the parts of an address in an example.
FIXED = frozenset(
    {"ixbrowser", "telegram", "http", "https", "socks", "ssh", "ip", "id", "url", "utc"}
    | {"host", "port", "user", "password", "www", "example", "com", "org"}
)
#: The letters of each language, by how Unicode's names of them begin.
_LETTERS = {"en": "LATIN ", "ru": "CYRILLIC ", "zh-hans": "CJK ", "vi": "LATIN "}

#: A word; in Chinese, which leaves no room between them, each sign.
_WORD = re.compile(r"[\u4e00-\u9fff]|[^\W\d_\u4e00-\u9fff]+")
_TAG = re.compile(r"<[^<>]*>")
_PLACEHOLDER = re.compile(r"\{\w*\}")
#: Signs of HTML that were to be read by Telegram, or by nobody.
_LEFT_OVER = re.compile(r"\{\w*\}|</?(?:b|i|a|code)\b[^>]*>|&(?:lt|gt|amp|quot);|%\(\w+\)")
#: What has letters and is no word: commands, addresses of pages, and users of Telegram.
_NO_WORDS = re.compile(r"/[a-z]+\b|https?://\S+|@\w+")


def words(text: str) -> Iterator[str]:
    text = unicodedata.normalize("NFC", _NO_WORDS.sub(" ", text))
    return (found.lower() for found in _WORD.findall(text))


@cache
def vocabulary(language: Language) -> frozenset[str]:
    """Every word of a language's catalogue, and those of its dates.

    What is left as it is in English counts for English alone.
    """
    if language is SOURCE:
        catalog = read_po(io.BytesIO((LOCALES / "messages.pot").read_bytes()))
    else:
        catalog = read_po(io.BytesIO(catalogue_file(LOCALES, language.locale).read_bytes()), locale=language.locale)
    found = {word for month in get_month_names("abbreviated", locale=language.locale).values() for word in words(month)}
    for message in catalog:
        english = (message.id,) if isinstance(message.id, str) else message.id
        said = (message.string,) if isinstance(message.string, str) else message.string or ()
        for form in english if language is SOURCE else set(said) - set(english):
            found.update(words(_PLACEHOLDER.sub(" ", _TAG.sub(" ", form))))
    return frozenset(found)


#: What a language is called in itself stands in every language.
_OWN_NAMES = frozenset(word for language in LANGUAGES for word in words(language.name))


def _is_of(language: Language, word: str) -> bool:
    letters = _LETTERS[language.tag]
    ours = all(unicodedata.name(letter, "").startswith(letters) for letter in word)
    return ours and (language.tag != "en" or word.isascii())


def faults(text: str, language: Language, names: Collection[str] = ()) -> list[str]:
    """What in a text does not belong on the screen of somebody with this language; ``names`` belong on every one."""
    allowed = FIXED | _OWN_NAMES | {word for name in names for word in words(name)}
    strange = [word for word in words(text) if word not in allowed]
    return [
        *(f"left over: {found}" for found in _LEFT_OVER.findall(text)),
        *(f"letters of another language: {word}" for word in strange if not _is_of(language, word)),
        *(
            f"a word of another language: {word}"
            for word in strange
            if _is_of(language, word) and word not in vocabulary(language)
        ),
    ]
