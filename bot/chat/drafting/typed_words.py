"""Words that are an answer as a button is: in the person's language, and in English.

Yes and no are said in more words than a button has room for. Those of every language that the bot speaks are known to
everybody: none means yes in one of them and no in another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from bot.chat import words
from bot.chat.languages import SOURCE
from bot.chat.translator import Translator, plain, translator
from bot.domain.meanings import Word, folded

#: By the tag of their language, with spaces between; two words that belong together have a line under the space.
SPOKEN: Mapping[Word, Mapping[str, str]] = {
    Word.YES: {
        "en": "yes y yep yeah yup yes_please ok okay k sure right correct exactly that's_right 👍 👌 ✅",
        "ru": "да ага угу ок окей оки верно точно правильно да_верно конечно +",
        "zh-hans": "是 是的 对 对的 對 好 好的 嗯 嗯嗯 没错 行 可以 确定",
        "vi": "có co ừ ừm u vâng vang dạ da phải phai đúng dung đúng_rồi dung_roi đúng_vậy được ok oke okie",
    },
    Word.NO: {
        "en": "no n nope nah wrong not_that no_thanks 👎 ❌",
        "ru": "нет не неа нет_спасибо неверно неправильно не_то не_тот не_та",
        "zh-hans": "不 不是 不是的 不对 不對 否 不用 错 错了 不行",
        "vi": "không khong ko hông không_phải khong_phai ko_phải ko_phai sai sai_rồi",
    },
}
_SAID = {
    each.replace("_", " "): word
    for word, by_language in SPOKEN.items()
    for said in by_language.values()
    for each in said.split()
}
#: What stands behind a word without being part of it: stops, smileys' brackets, the selector behind an emoji.
_BEHIND = re.compile("[\\s.,!…~)。，、！～）\ufe0f\U0001f3fb-\U0001f3ff]+$")


def word_of(t: Translator, text: str) -> Word | None:
    """The word that a text is; None where it is none of them."""
    typed = _BEHIND.sub("", folded(unicodedata.normalize("NFC", text)))
    for said_by in (t, translator(SOURCE.tag)):
        for word, label in _labels(said_by).items():
            if typed == folded(plain(label)):
                return word
    return _SAID.get(typed.replace("’", "'").replace(",", ""))


def _labels(t: Translator) -> dict[Word, str]:
    return {
        Word.KEEP: words.proxy_kind(t, "keep"),
        Word.DIRECT: words.proxy_kind(t, "direct"),
        Word.DEFAULT: words.default_group(t),
        Word.YES: words.yes(t),
        Word.NO: words.no(t),
    }
