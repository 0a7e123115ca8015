"""Words of talk about a password, which are none themselves: "the password is wrong", "пароль сменили"."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.vocabulary import ELSEWHERE, PROSE
from bot.domain.proxy_parsing.words import is_secret

_TALK = frozenset(
    word
    for line in (
        "protected protection protects change changes reset resets resetting link page field manager policy prompt",
        "length strength hint rules list correct right empty optional mandatory valid verified accepted rejected",
        "updated forgotten restored stolen leaked compromised outdated obsolete temporary permanent still already",
        "never always expires expiring must should can cannot can't could would may might does doesn't did didn't has",
        "had have hasn't won't wouldn't through over out around contains consists recovery login username email please",
        "pls anymore yet galat sahi bhejo kya hai nahi nahin",
        "đúng sai không gì đi lại trong trên vậy đâu nào hết chưa bị được đã đang vẫn hỏi dán đổi gửi hợp",
        "incorrecta incorrecto incorreta incorreto correcta correcto correta correto equivocada errada errado certa",
        "expirada caducada olvidada esquecida inválida inválido cambiada alterada actualizada atualizada requerida",
        "obligatoria obrigatória no não nao está esta estaba yanlış doğru nedir lazım değişti değiştirildi gerekli",
        "geçersiz hatalı unutuldu falsch richtig vergessen abgelaufen geändert ungültig erforderlich oublié oubliée",
        "incorrect incorrecte erroné expiré invalide changé requis błędne złe zmienione zapomniane wygasło",
    )
    for word in line.split()
)
#: Russian and Ukrainian words, whose ends change.
_STEMS = re.compile(
    r"(?:не)?(?:(?:за|об|по|с|из|при|под|пере|от|ис|до|про|в|вос)?(?:верн(?:ый|о|ы|а|ая)|правильн|мен(?:и|я[лют])|ме[нш]я"
    r"|нов(?:ил|лён|лен|ят)|теч|тёк|требу|прос[ия]|подход|подош|работа[ею]т|действ|скин(?:у|ул)|сброс|отправ|присл|пришл|забы[лвт]"
    r"|слож(?:н|ен)|прост(?:ой|о)|слаб|надежн|надёжн|длинн|коротк|ввод|введ|ввел|хранится|хранят|стандартн|прежн|утер[яи]|потер[яи]"
    r"|восстан|узна|спрос|спраш|обязател|долж(?:ен|н)|точно|скоро|внутри|снаружи|больше|меньше|опять|снова|ещё|уже)\w*"
    r"|есть|был|была|было|были|стал|стоит|нужен|нужно|можно|нельзя|тоже|который|просрочен\w*|изменил\w*|поменял\w*)",
    re.IGNORECASE,
)
#: Behind these a password may follow in the same sentence: "the password is wrong, use Pw1secret", "changed to …".
_TURN = re.compile(
    r"(?<![^\W_])(?:use|try(?! again)|it's|its|now|correct|теперь|верный|правильный|используй)(?![^\W_])"
    r"|(?<!\S)(?:to|на|thành|a|auf|en|para|por)[ \t]+\S+\W*\Z|[:=\"«“„'`]",
    re.IGNORECASE,
)
_EDGES = ".,;:!?()…"


def is_talk(value: str) -> bool:
    """Whether what stands behind a word for a password, without a sign, goes on about it in ordinary words.

    That a word is one of many of a language is not enough: it may be a poor password.
    """
    words = value.split()
    if (
        not words
        or any(is_secret(word.strip(_EDGES)) for word in words)
        or _TURN.search(value, len(words[0].rstrip(_EDGES)))
    ):
        return False
    first = words[0].strip(_EDGES).lower()
    if first in PROSE:
        return len(words) > 1
    return first in _TALK | ELSEWHERE or _STEMS.fullmatch(first) is not None
