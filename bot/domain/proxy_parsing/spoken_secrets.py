"""Passwords and keys in sentences: words speak of them, and none of these is a label that a proxy could have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.proxy_parsing.late_pattern import LatePattern
from bot.domain.proxy_parsing.links import links_in
from bot.domain.proxy_parsing.mistyped import is_mistyped
from bot.domain.proxy_parsing.vocabulary import ELSEWHERE, PROSE, Part
from bot.domain.proxy_parsing.words import is_password, is_secret

Span = tuple[int, int]

_WITH_VALUE = re.compile(
    r"(?<![\w@:/.-])(?P<word>[^\W\d_]{5,14})(?P<sign>[ \t]*[:=][ \t]*|[ \t]+[-–—][ \t]+|[ \t]+)(?P<value>[^\s:]\S*)"
)
#: Words for a password, as they are inflected, shortened or written without marks.
_PASSWORDS = (
    r"passwords?|passwd|pass|pwd|pw|p/w|psw|pswd|u/p|(?:pass|access )codes?|passphrase|log[ /-]?pass?"
    r"|logins?[ /-]?pass?|парол\w*|пасс?|пассик\w*|пасик\w*|пасс?[вф]орд\w*|лог(?:ин)?[ /-]?пасс?\w{0,2}"
    r"|код\w{0,2} доступа|кодов\w{2,3} слов\w{1,2}|mật khẩu|mat ?khau|mk|contrase[ñn]as?|claves?|senhas?"
    r"|palavras?-passe|mots? de passe|mdp|passw[oö]rt\w*|kennw[oö]rt\w*|has[łl][aeoou]m?|parol[aăeiu]?\w{0,2}"
    r"|[şs]ifre\w*|kata sandi\w*|sandi\w{0,3}|hesl[aeo]m?|wachtwoord\w*|lösenord\w*|passord\w*|adgangskode\w*"
    r"|jelsz[óa]\w*"
)
#: A password in a sentence, some words behind its label: "the password for the shop is Pw1secret".
_NAMED_IN_SENTENCE = LatePattern(
    rf"(?<![^\W_])(?:{_PASSWORDS}|logins?|логин\w?|credentials|creds)[,;]?[ \t]+(?P<rest>[^\n]{{1,100}})",
    re.IGNORECASE,
)
#: The same in scripts in which other letters may stand around a word.
_GLUED_PASSWORDS = (
    "密码|密碼|口令|授权码|暗証番号|合言葉|パスワード|パスコード|비밀번호|비번|암호|패스워드|รหัสผ่าน|รหัสลับ|พาสเวิร์ด"
    "|كلم[ةه] (?:ال)?(?:مرور|سر)|باس ?وو?رد|پسورد|گذرواژه|رمز عبور|(?:الرمز|الرقم) السري|पासवर्ड|पासकोड|পাসওয়ার্ড"
    "|סיסמ[האת]|κωδικ"
)
#: Words beside which what has the look of a password hardly is anything else, whatever stands between.
_SPOKEN = LatePattern(
    rf"(?<![^\W_])(?:{_PASSWORDS}|creds|credentials|bearer|token|(?:api|secret|access)[ _-]?key"
    rf"|key for|доступы?|креды|ключ|логин\w?|khóa)(?![^\W_])|{_GLUED_PASSWORDS}|密钥|秘钥",
    re.IGNORECASE,
)
#: What stands right behind a word for a password, or has no more between than a sign and "is".
_RIGHT_BEHIND = LatePattern(
    rf"(?:(?<![^\W_])(?:{_PASSWORDS}|pas)(?![^\W_])|{_GLUED_PASSWORDS})[ \t]{{0,3}}"
    r"(?P<sign>[:=>→👉➡,;–—-]{0,3})[ \t]{0,3}"
    r"(?:(?:is|to|это|теперь|на|la|là|es|a|é|ist|est|jest|adalah|olarak|hai|है|هي|هو)[ \t]{1,3}"
    r"|(?:是|改成|改为|换成)[ \t]{0,3})?(?P<is>[:=]?)[ \t]{0,3}"
    r"(?P<value>[^\W_]\S*)",
    re.IGNORECASE,
)
_KEYS = re.compile(
    r"(?<![^\W_])(?:keys?|\w{0,10}secret|\w{2,10}key|api|ключ\w{0,3}|токен\w{0,3}|tokens?|clave|chave|clé|schlüssel|anahtar\w*|licen[cs]e|kunci)"
    r"(?![^\W_])|مفتاح|キー",
    re.IGNORECASE,
)
#: Words for a login, beside which a name and a password may stand: "the account is ana7 / Pw1secret".
_LOGINS = re.compile(
    r"(?<![^\W_])(?:log ?ins?|sign ?in|access|accounts?|acc|логин\w{0,2}|вход\w{0,2}|войти|акк(?:а|у|ом|и|аунт\w*)?"
    r"|зайти|уч[её]тк\w{1,2}|доступ\w{0,2}|tài khoản|tai khoan|đăng nhập|usuario|cuenta|acceso|acesso|usuário|conta"
    r"|compte|konto|hesa[pb]\w*|giriş|akun|admin|админ\w{0,5}|панел\w{1,3}|c?panel|quản trị)(?![^\W_])"
    r"|登录|登陆|账号|帐号|账户|后台|管理员|アカウント|계정|บัญชี|حساب",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"(?<!\S)(?=(?P<user>[^\W_][\w.@+-]{2,63})(?P<sign>[ \t]*[:;|/,][ \t]*|[ \t]+[-–—][ \t]+|[ \t]+)"
    r"(?P<password>[^\s:;|/,]{5,64}))"
)
#: "Kot5551" beside a user who has digits too; a year is rather part of a name.
_NUMBERED = re.compile(r"[A-Za-z]{2,}(?!(?:19|20)[0-9]{2}\Z)[0-9]{3,4}")
#: Digits alone behind a word for a password: "пароль от zoom 889921", "passcode 884412".
_OF_DIGITS = LatePattern(
    rf"(?:(?<![^\W_])(?:{_PASSWORDS})(?![^\W_])|{_GLUED_PASSWORDS})"
    r"(?:[ \t]{1,3}(?:от|для|к|на|for|of|to|của)(?:[ \t]{1,3}[^\W\d]{1,20}){1,3}?)?[ \t]{0,3}"
    r"(?:[:=–—-]|is|это|là|是)?[ \t]{0,3}"
    r"(?P<value>[0-9]{5,12})(?![\w.-])",
    re.IGNORECASE,
)
#: "the password for the cabinet Kaktus_19", with nothing behind it
_AT_END = LatePattern(
    rf"(?:(?<![^\W_])(?:{_PASSWORDS})(?![^\W_])|{_GLUED_PASSWORDS})"
    r"[ \t]{1,3}(?:от|для|к|на|for|of|to|của)(?:[ \t]{1,3}[^\W\d]{1,20}){1,2}[ \t]{1,3}(?P<value>[!-~]{6,64})[^\w\n]*$",
    re.IGNORECASE | re.MULTILINE,
)
_DIGITS = re.compile(r"[0-9]+")
_LINE = re.compile(r"[^\n]+")
_ASCII = re.compile(r"[!-~]+")
_WORD = re.compile(r"\S+")
_SAID = re.compile(r"(?<!\S)(?:is|are|to|now|это|на|теперь|новый|là|thành|mới|-|–|—|=|:)[ \t]+|:[ \t]+", re.IGNORECASE)
_FILE = re.compile(r"\S+\.(?:csv|docx?|gif|jpe?g|json|pdf|png|psd|rar|txt|xlsx?|xml|zip)\W*", re.IGNORECASE)
_NEAR = 5  # as many words may stand between
_SHORTEST_KEY = 12
_FIRST_CJK = "\u3000"  # no password begins with a sign or letter of East Asia
_EDGES = ".,;:!?()\"'"


def spoken_secrets(plain: str) -> Iterator[Span]:
    """Where such passwords and keys stand."""
    for match in _WITH_VALUE.finditer(plain):
        signed = bool(match["sign"].strip())
        if (signed or is_secret(match["value"])) and is_mistyped(match["word"], (Part.PASSWORD,)):
            yield match.span("value")
    for line in _LINE.finditer(plain):
        yield from _in_line(plain, *line.span())
    for match in _RIGHT_BEHIND.compiled.finditer(plain):
        if _is_value(match):
            yield match.span("value")
    yield from (match.span("value") for match in _OF_DIGITS.compiled.finditer(plain))
    yield from (match.span("value") for match in _AT_END.compiled.finditer(plain) if _is_numbered(match["value"]))
    for match in _NAMED_IN_SENTENCE.compiled.finditer(plain):
        said = _SAID.search(plain, match.start("rest"), match.end())
        for word in list(_WORD.finditer(plain, said.end(), match.end()))[:_NEAR] if said else ():
            if is_secret(word[0].strip(_EDGES)) and not links_in(word[0]):
                yield word.span()
                break


def _in_line(plain: str, start: int, end: int) -> Iterator[Span]:
    spoken = _SPOKEN.compiled.search(plain, start, end) is not None
    of_key = _KEYS.search(plain, start, end) is not None
    if spoken or of_key:
        for word in _ASCII.finditer(plain, start, end):
            if is_password(word[0]) and not links_in(word[0]) and (spoken or _is_long_key(word[0])):
                yield word.span()
    if _LOGINS.search(plain, start, end):
        yield from (match.span("password") for match in _PAIR.finditer(plain, start, end) if _is_login(match))


def _is_value(match: re.Match[str]) -> bool:
    """Whether a password stands right behind a word for one: any word behind a colon, otherwise what looks like one."""
    word = match["value"].strip(_EDGES)
    # "密码至少12位", which goes on as a sentence
    if word[:1] >= _FIRST_CJK or links_in(word):
        return False
    signed = bool({*match["sign"], *match["is"]} & {":", "="})
    if signed and word.lower() not in ELSEWHERE | PROSE:
        return True
    return any(map(str.isdigit, word)) and is_secret(word)


def _is_long_key(word: str) -> bool:
    """Whether it is longer than product numbers are, and no capitals as these."""
    return len(word) >= _SHORTEST_KEY and '"' not in word and not word.isupper() and _FILE.fullmatch(word) is None


def _is_login(pair: re.Match[str]) -> bool:
    user, password = pair["user"], pair["password"].strip(_EDGES)
    if links_in(pair["password"]) or not password.isascii() or not any(map(str.isalpha, user)):
        return False
    if _DIGITS.sub("", user) == _DIGITS.sub("", password):
        return False  # "fb-ads-14 / fb-ads-15": names of a row
    if any(map(str.isdigit, user)) or "_" in user:
        return is_password(password) or _NUMBERED.fullmatch(password) is not None
    return bool(pair["sign"].strip()) and (is_password(password) or (user.islower() and _is_numbered(password)))


def _is_numbered(word: str) -> bool:
    return any(map(str.isdigit, word)) and is_secret(word.strip(_EDGES)) and not links_in(word)
