"""Words that are an answer as a button is: in the person's language, and in English."""

from __future__ import annotations

from bot.chat import words
from bot.chat.languages import SOURCE
from bot.chat.translator import Translator, plain, translator
from bot.domain.meanings import Word, folded


def word_of(t: Translator, text: str) -> Word | None:
    """The word that a text is; None where it is none of them."""
    typed = folded(text).rstrip(".!")
    for said_by in (t, translator(SOURCE.tag)):
        for word, label in _labels(said_by).items():
            if typed == folded(plain(label)):
                return word
    return None


def _labels(t: Translator) -> dict[Word, str]:
    return {
        Word.KEEP: words.proxy_kind(t, "keep"),
        Word.DIRECT: words.proxy_kind(t, "direct"),
        Word.DEFAULT: words.default_group(t),
        Word.YES: words.yes(t),
        Word.NO: words.no(t),
    }
