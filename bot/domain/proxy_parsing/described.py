"""What describes a password in words, so that it is another than the one that stands there: "a dot at its end"."""

from __future__ import annotations

import re

from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.outside import OTHER_ADDRESS, named
from bot.domain.proxy_parsing.vocabulary import Part

_USER, _HOST, _PORT = map(named, (Part.USER, Part.HOST, Part.PORT))
_PASSWORD = named(Part.PASSWORD, ("pw", "mk"))
#: A character of a password, in words or alone.
_SIGN = LatePattern(
    r"(?<![^\W_])(?:точк[аиуой]{1,2}|запят\w+|(?:восклицательн|вопросительн)\w+|знак(?:а|ом|и)?|символ\w*"
    r"|букв[аыуой]{1,2}|цифр[аыуой]{1,2}|единиц\w+|двойк\w+|нол[ьяиюе]\w*|нул[ьяиюе]\w*|реш[её]тк\w+|собак\w+|доллар\w*"
    r"|зв[её]здочк\w+|дефис\w*|подчёркивани\w+|подчеркивани\w+|пробел\w*|літер\w+|dots?|full stop|period|comma"
    r"|exclamation|question mark|dollar|signs?|characters?|chars?|letters?|digits?|symbols?|hash|asterisk|hyphen"
    r"|underscore|zero|punto|signo|letra|car[aá]cter|ponto|sinal|point|lettre|caractère|punkt|zeichen|buchstabe\w*"
    r"|ausrufezeichen|kropka|znak|wykrzyknik\w*|nokta|ünlem|harf|karakter|dấu|ký tự|chữ)(?![^\W_])"
    r"|感叹号|问号|句号|字母|数字|符号|字符|位|点",
    re.IGNORECASE,
)
_ALONE = re.compile(r"(?<!\S)(?<![0-9][ ])[!?.$%#^_]+(?!\S)")
#: Where in a password it stands.
_PLACE = LatePattern(
    r"(?<![^\W_])(?:в (?:самом )?конц[еу]|в конец|в начал[еоу]|последн\w+|перв(?:ая|ой|ую|ый|ое)|впереди|заканчива\w+"
    r"|начина\w+|закінчу\w+|кінці|останн\w+|перш\w+|ends?|ending|beginning|starts?|begins?|last|first|trailing|leading"
    r"|final|termina\w*|empieza|primer[ao]?|últim[ao]|começa|fin(?:it|al)?|première?|derni[eè]re?|endet|ende|anfang"
    r"|beginnt|letzte\w*|erste\w*|końcu|kończy|pierwsz\w+|ostatni\w*|sonunda|başında|cuối|đầu)(?![^\W_])"
    r"|最后|末尾|结尾|末位|开头|首位|第一",
    re.IGNORECASE,
)
_SIZES = "больш|маленьк|заглавн|строчн|прописн"
#: How its letters are written.
_CASE = LatePattern(
    rf"(?<![^\W_])(?:(?:с|вс[её]) (?:{_SIZES})\w+|(?:{_SIZES})\w+ букв\w+|букв\w+ (?:{_SIZES})\w+"
    r"|\w (?:заглавная|большая|маленькая)|капсом|(?:верхн|нижн)\w+ регистр\w*|велик\w+ літер\w+"
    r"|capital letters?|capital [a-z0-9]|(?:letters?|is|are|in|all) (?:capitals?|caps)|capitali[sz]ed"
    r"|(?:upper|lower)[ -]?case|may[uú]scul\w+|min[uú]scul\w+|mai[uú]scul\w+|majuscules?|minuscules?"
    r"|gro(?:ß|ss)geschrieben|(?:groß|klein)buchstabe\w*|(?:wielk|duż|mał)\w+ liter\w+|(?:büyük|küçük) harf\w*"
    r"|viết hoa|chữ hoa|chữ thường)(?![^\W_])|大写|小写",
    re.IGNORECASE,
)
#: What was mistaken for what: "zero, not O", "не единица, а L".
_MISTAKEN = LatePattern(
    r"(?<![^\W_])(?:нол\w+|нул\w+|zero|единиц\w+|0)(?![^\W_]).{0,20}(?<![^\W_])(?:[oоlI]|букв\w+|letter)(?![^\W_])"
    r"|(?<![^\W_])(?:[oоlI]|букв\w+|letter)(?![^\W_]).{0,20}(?<![^\W_])(?:нол\w+|нул\w+|zero|единиц\w+)(?![^\W_])"
    r"|(?<![^\W_])(?:не|not)[ ](?:\S|буква \S|letter \S)[ ,]+(?:а|but)[ ](?:\S|буква \S|letter \S)(?!\S)"
    r"|不是[ ]?[A-Za-z0-9][,， ]*(?:而)?是[ ]?[A-Za-z0-9](?![A-Za-z0-9])",
    re.IGNORECASE,
)
#: What a password is without.
_WITHOUT = LatePattern(
    r"(?<![^\W_])(?:без (?:точки|запятой|последн\w+ (?:букв|цифр|символ|знак)\w*)"
    r"|(?:without|no) (?:the |a )?(?:dot|full stop|comma|exclamation)"
    r"|с (?:точкой|восклицательным|вопросительным|решёткой|решеткой))(?![^\W_])",
    re.IGNORECASE,
)
#: The same of a password that is named.
_OF_PASSWORD = LatePattern(
    r"(?<![^\W_])(?:наоборот|задом|дважды|два раза|reversed|backwards|twice|капс\w*|caps)(?![^\W_])|倒|没有",
    re.IGNORECASE,
)
_IP = re.compile(r"(?<![^\W_])(?:ip|айпи|ип)(?![^\W_])", re.IGNORECASE)
#: The digits at the end of an address or a port.
_DIGITS = re.compile(
    r"(?<![^\W_])(?:заканчива\w+ на|ends? (?:in|with)|(?:последн\w+|last) (?:цифр\w*|октет\w*|digits?|octet)"
    r"|(?:не|not) \.[0-9]+|на (?:единицу|один) (?:больше|меньше))(?![^\W_])|\.[0-9]+ (?:а не|not) \.[0-9]",
    re.IGNORECASE,
)
#: What ends is a term then, or where the password is told.
_OF_TIME = re.compile(
    r"(?<![^\W_])(?:expir\w*|valid|months?|weeks?|years?|days?|chat|e?mail|действ\w+|истека\w+|срок\w*|месяц\w*|недел\w+"
    r"|год\w*|дн\w+|чат\w*|письм\w+|tháng|ngày|mes|días?|monat\w*|mois|jours?)(?![^\W_])|[月天年]",
    re.IGNORECASE,
)
#: What stands beside a password, or is to be added to it, where nothing else is said: "+ восклицательный знак".
_ADDED = re.compile(
    r"[ \t]*\+[ \t]*(?:\w+[ \t]+)?(?:знак|точк[аиу]|символ|тире|дефис|dot|sign|exclamation|mark|point)(?![^\W_])"
    r"|(?<![^\W_])в конц[еу] (?:ещ[её]|также)(?![^\W_])"
    rf"|(?<![^\W_])перв\w+ (?:(?:два|две|три|четыре|[2-9]) )?(?:символ|букв|знак)\w* (?:{_SIZES})",
    re.IGNORECASE,
)
#: The same of a password that is named.
_ADDED_TO_PASSWORD = re.compile(
    r"(?<![^\W_])(?:it['’]?s an? (?:one|zero|letter|digit|dot)|followed by)(?![^\W_])"
    r"|(?:后面|前面|末尾)[再还要]?[加有是]|加个|加上|(?<![^\W_])(?:добавь\w*|add)(?![^\W_])",
    re.IGNORECASE,
)
#: "User signs the last page", "First period ends in June", "point me to the last one": no signs of a password.
_VERBS = re.compile(
    r"(?<![^\W_])(?:user signs|signs (?:the|a|in|up)|sign (?:in|up)|point (?:me|us|him|them|it|to)"
    r"|(?:first|second|last|trial|billing) period|period (?:ends|starts|begins))(?![^\W_])",
    re.IGNORECASE,
)
#: Addresses of one's own, and digits that change by themselves.
_OTHER_IP = re.compile(rf"(?<![^\W_])(?:{OTHER_ADDRESS}|выходн\w+|rotat\w+|меня[ею]тся)(?![^\W_])", re.IGNORECASE)
_UNIMPORTANT = re.compile(
    r"(?<![^\W_])(?:не важн\w+|неважн\w+|doesn't matter|don't matter|not important)(?![^\W_])", re.IGNORECASE
)


def describes_password(piece: str) -> bool:
    """Whether a sentence says of a password how it is written."""
    if _PORT.compiled.search(piece) is not None or _OF_TIME.search(piece) is not None:
        return False
    if _PASSWORD.compiled.search(piece) is not None:
        patterns = (_SIGN, _PLACE, _CASE, _MISTAKEN, _WITHOUT, _OF_PASSWORD)
        return any(each.compiled.search(piece) for each in patterns) or _ADDED_TO_PASSWORD.search(piece) is not None
    return _HOST.compiled.search(piece) is None and _describes(piece)


def describes_other_part(piece: str) -> bool:
    """Whether a sentence says of a user, a port or an address of numbers how it is written."""
    if _PASSWORD.compiled.search(piece) is not None:
        return False
    if _USER.compiled.search(piece) is not None and _describes(piece):
        return True
    if _DIGITS.search(piece) is None or _UNIMPORTANT.search(piece) is not None:
        return False
    of_ip = _IP.search(piece) is not None and _OTHER_IP.search(piece) is None
    return of_ip or _PORT.compiled.search(piece) is not None


def _describes(piece: str) -> bool:
    if _ADDED.search(piece) is not None:
        return True
    if any(each.compiled.search(piece) for each in (_CASE, _MISTAKEN, _WITHOUT)):
        return True
    if _VERBS.search(piece) is not None:
        return False
    is_sign = _SIGN.compiled.search(piece) is not None or _ALONE.search(piece) is not None
    return is_sign and _PLACE.compiled.search(piece) is not None
