"""Words that say that a part of a proxy is not as it was, or was told wrongly."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.late_pattern import LatePattern

CHANGED = LatePattern(
    r"(?<![^\W_])(?:now|wrong\w*|correct(?:ed|ion|s)?|oops|ups|sorry|typo|mistake\w*|actually|instead|should"
    r"|must|chang\w+(?![ _-]?ip)(?<!changeip)"
    r"|replac\w+|became|becomes|updated?|new(?! (?:york|jersey|zealand|mexico|delhi|orleans))|fix(?:ed)?"
    r"|rather|different|another|moved|edit(?:ed)?"
    r"|теперь|измен\w+|поменя\w+|смен\w+(?! ip| айпи)|исправ\w+|ошиб\w+|опечат\w+|ой|упс|сорри|извин\w+"
    r"|прости\w*|точнее|вернее"
    r"|вместо|неправильн\w+|неверн\w+|не (?:тот|та|то)|нов(?:ый|ая|ое|ого|ому)|стал[аои]?|будет|замен\w+|долж\w+"
    r"|правильн\w+|верный|обнов\w+|на самом деле|только|переехал\w*|друг(?:ой|ая|ое|ие)"
    r"|тепер|змін\w+|помилк\w+|замість|нови[йм]|нова|має|вибач\w*|тільки"
    r"|đổi|sửa|thành|sai|nhầm|giờ|mới|phải là|xin lỗi"
    r"|ahora|cambi\w+|corr[ei][gcj]\w+|error|nuev[oa]|equivoc\w+|perd[oó]n|debe"
    r"|agora|mud(?:ou|ei|ar)|alter\w+|nov[oa]|errad[oa]|desculp\w+"
    r"|maintenant|nouveau|nouvel(?:le)?|erreur|pardon|plutôt"
    r"|jetzt|geändert|neue[rsn]?|falsch\w*|statt|sondern|korrig\w+|richtig\w*"
    r"|teraz|zmien\w+|zmian\w+|now[yea]|zamiast|błąd|błędn\w+|przepraszam|powin\w+"
    r"|şimdi|değiş\w+|yeni|yanlış|oldu|yerine|olmalı|artık"
    r"|adesso|nuov[oa]|sbagliat\w+|sekarang|ganti|baru|berubah|salah|otr[oa]|andere[rs]?|inn[yea]|khác"
    r"|autre)(?![^\W_])"
    r"|(?:[=-]>|[→⇒➜])[ \t]*\S|改|换成|換成|变|變|更正|更新|错|錯|应该|應該|应为|应是|不是|现在|新|不同",
    re.IGNORECASE,
)
#: What is said of a login's place in a row.
_PLACES = frozenset(
    {
        *("последний", "последняя", "последним", "первый", "первая", "первым", "третий", "третьим", "четвёртый"),
        *("четвертый", "четвертым", "после", "перед", "last", "first", "after", "before"),
    }
)


def says_changed(word: str) -> bool:
    """Whether a word says of a login that it is another now, or where it stands: it is none."""
    return CHANGED.compiled.fullmatch(word) is not None or word.lower() in _PLACES
