"""Passwords and keys that sentences speak of, in words that are no label of a proxy."""

from __future__ import annotations

import pytest

from bot.domain.proxy_parsing.finder import find_labelled_passwords
from tests.domain.proxy_parsing.strategies import sees


@pytest.mark.parametrize(
    "text",
    [
        *("держи логпас: bob77:{p}", "лог bob пас {p}", "логпасс - bob77;{p}", "паролик {p}", "пасик {p}"),
        *("пассворд {p}", "код доступа {p}", "код доступа к панели: {p}", "кодовое слово {p}"),
        *("pswd {p}", "usr bob psw {p}", "log: bob pas: {p}", "access code {p}", "mat khau la {p}"),
        *("cambié la contraseña a {p}", "minha senha é {p}", "yeni şifrem {p}", "das Passwort lautet {p}"),
        *("nouveau mot de passe {p}", "kata sandinya {p}", "mein Kennwort {p}"),
        *("كلمة المرور هي {p}", "الباسورد {p}", "اسم المستخدم bob وكلمة السر {p}", "الرمز السري {p}"),
        *("पासवर्ड {p} है", "पासवर्ड: {p}", "パスワードは{p}", "私のパスワード {p}", "비밀번호는 {p}", "รหัสผ่าน {p}"),
    ],
)
def test_words_for_a_password_in_many_languages_name_one(text: str) -> None:
    assert sees(text.format(p="Pw1secret"), "Pw1secret")


@pytest.mark.parametrize(
    "text", ["парольчик Ромашка7", "пас Sun99", "пасик: ромашка", "кодовое слово: ромашка", "パスワード：sakura"]
)
def test_right_behind_such_a_word_a_weaker_one_is_enough(text: str) -> None:
    assert find_labelled_passwords(text)


@pytest.mark.parametrize(
    "text",
    [
        *("login bob / {p}", "акк bob77 / {p}", "вход: bob77 {p}", "для входа bob77:{p}", "access: bob77 / {p}"),
        *("от админки: bob / {p}", "admin panel: bob / {p}", "后台 bob / {p}"),
        *("данные от акка: bob77:{p}", "sign in with bob77 {p}", "учётка bob77 - {p}", "账号 bob77 / {p}"),
    ],
)
def test_beside_words_for_a_login_a_name_and_a_password_are_seen(text: str) -> None:
    assert sees(text.format(p="Pw1secret"), "Pw1secret")
    # A weaker one where the user has digits too
    assert sees(text.replace("bob /", "bob77 /").format(p="Kot5551"), "Kot5551")


@pytest.mark.parametrize(
    "text",
    [
        *("key của bạn: {k}", "clave api: {k}", "chave de api {k}", "clé api {k}", "API-Schlüssel {k}"),
        *("мои ключи {k}", "api anahtarı {k}"),
    ],
)
@pytest.mark.parametrize("key", ["UK-0a1b2c3d-4e5f-6071", "0a1b2c3d4e5f60718293"])
def test_a_long_word_beside_a_word_for_a_key_is_one(text: str, key: str) -> None:
    assert sees(text.format(k=key), key)


@pytest.mark.parametrize("text", ["PIN-код {p}", "код из смс {p}", "SMS code: {p}", "验证码 {p}"])
def test_a_code_of_digits_is_seen(text: str) -> None:
    assert sees(text.format(p="4471"), "4471")
    assert sees(text.format(p="443218"), "443218")


@pytest.mark.parametrize("text", ["пароль от zoom {p}", "passcode {p}", "wifi密码 {p}", "the password for zoom: {p}"])
def test_digits_alone_behind_a_word_for_a_password_are_seen(text: str) -> None:
    assert sees(text.format(p="889921"), "889921")


@pytest.mark.parametrize(
    "text",
    [
        *("ftp://bob:{p}@ftp.gate.example", "mongodb+srv://app:{p}@gate.example/shop", "mysql -u root -p{p}"),
        "Cookie: sessionid={p}0a1b2c3d",
    ],
)
def test_a_password_as_programs_write_it_is_seen(text: str) -> None:
    assert sees(text.format(p="Pw1secret"), "Pw1secret")


@pytest.mark.parametrize(
    "text",
    [
        *("логин bob77", "акк bob77 забанен", "аккаунт Shop12, группа Team14", "account fb-ads-14 / fb-ads-15"),
        *("акк Anna: Shop2024", "вход в 10:30, gate B7", "login at https://panel.example.com/u/abc123xyz"),
        *("API v2.4.1 is out", 'the API says {"code":1008}', "key 12 of 24", "key file report_june_v2.xlsx"),
        *("pas encore reçu FR12345678", "пасы 12-15", "код из смс не пришёл", "pin 12 messages", "密码至少12位,IT说的"),
        *("パスワードを忘れました", "비밀번호 잊어버렸어요", "รหัสผ่านผิด", "نسيت كلمة المرور", "पासवर्ड भूल गया"),
        *("кодовое слово забыл", "код доступа скину", "mat khau la gi"),
    ],
)
def test_ordinary_words_beside_these_are_none(text: str) -> None:
    assert not find_labelled_passwords(text)


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nabcd\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\nabcd",
        "Basic YW5hOlB3MXNlY3JldA",
    ],
)
def test_keys_are_seen_in_their_usual_forms(text: str) -> None:
    assert find_labelled_passwords(text)


@pytest.mark.parametrize(
    "text",
    [
        *("пароль от амазона поменяла, теперь {p}", "em đổi mật khẩu tiktok shop thành {p} rồi nhé", "密码👉{p}"),
        *("senha do email: {p}", "kata sandi email: {p}", "I changed the password, now {p}"),
        *("登录密码改成 {p} 了", "WiFi password 是 {p}", "邮箱授权码:{p}"),
    ],
)
@pytest.mark.parametrize("password", ["Lampa_909", "Ipanema77"])
def test_some_words_behind_its_name_a_password_is_seen(text: str, password: str) -> None:
    assert sees(text.format(p=password), password)


@pytest.mark.parametrize("text", ["пароль от кабинета {p}", "паролик от нельзяграма {p} 😅", "вход olga / {p}"])
@pytest.mark.parametrize("password", ["Kaktus_19", "Klient-300"])
def test_a_word_with_a_number_is_a_password_at_the_end_or_beside_a_user(text: str, password: str) -> None:
    assert sees(text.format(p=password), password)
