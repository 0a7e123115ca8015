"""The bypass list as people type and paste it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.bypass import read_domains
from bot.errors import InputError


@pytest.mark.parametrize(
    ("text", "domains"),
    [
        ("*.example1.com\nwww.example2.com", ("*.example1.com", "www.example2.com")),
        ("a.example, b.example; c.example d.example\te.example", tuple(f"{name}.example" for name in "abcde")),
        ("a.example，b.example；c.example、d.example", tuple(f"{name}.example" for name in "abcd")),
        ("\r\n a.example \r\n\r\n b.example,\r\n", ("a.example", "b.example")),
        ("B.example a.example b.EXAMPLE", ("b.example", "a.example")),
        ("\ufeffa.example\u200b", ("a.example",)),
        ('`a.example` "b.example" <c.example>', ("a.example", "b.example", "c.example")),
        ("https://example.com/x", ("example.com",)),
        ("HTTPS://ana:pass@Example.com:8443/x?y#z", ("example.com",)),
        ("example.com/x", ("example.com",)),
        ("example.com:8443", ("example.com",)),
        ("example.com.", ("example.com",)),
        ("http://203.0.113.7/24", ("203.0.113.7",)),
        ("HTTP://[2001:db8::7]/24", ("[2001:db8::7]",)),
        ("*.local", ("*.local",)),
        ("localhost 127.0.0.1 203.0.113.7:80", ("localhost", "127.0.0.1", "203.0.113.7")),
        ("::1 [2001:DB8::7] [2001:db8::8]:443", ("[::1]", "[2001:db8::7]", "[2001:db8::8]")),
        (
            "*.München.example прокси.рф 例子.中国 例子。测试",
            ("*.münchen.example", "прокси.рф", "例子.中国", "例子.测试"),
        ),
        ("xn--mnchen-3ya.example a_b.example", ("xn--mnchen-3ya.example", "a_b.example")),
    ],
)
def test_domains_are_read_in_order_each_once(text: str, domains: tuple[str, ...]) -> None:
    assert read_domains(text) == domains


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("a.example no", "no"),
        ("*", "*"),
        ("*.", "*."),
        ("*.*.example", "*.*.example"),
        ("a.*.example", "a.*.example"),
        ("*example.com", "*example.com"),
        (".example.com", ".example.com"),
        ("a..example", "a..example"),
        ("-a.example", "-a.example"),
        ("a!.example", "a!.example"),
        ("ana@example.com", "ana@example.com"),
        ("example.com:80x", "example.com:80x"),
        ("203.0.113.256", "203.0.113.256"),
        ("203.0.113", "203.0.113"),
        ("example.1", "example.1"),
        ("*.203.0.113.7", "*.203.0.113.7"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("https://", "…"),
        ("https://ana:s3cret@", "…"),
        ("https://ana:s3cret@-x-/", "-x-/"),
        ("x" * 300 + ".example", "x" * 60),
        (".".join(["x" * 60] * 5), ("x" * 60)),
    ],
)
def test_the_first_wrong_domain_is_named(text: str, wrong: str) -> None:
    with pytest.raises(InputError) as caught:
        read_domains(text)
    assert (caught.value.reason, caught.value.values) == ("bad_domain", {"value": wrong})


@pytest.mark.parametrize("text", ["", " \n", ",;", "\u200b", '""'])
def test_an_empty_list_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_domains(text)
    assert caught.value.reason == "empty"


def test_there_may_be_200_domains_and_no_more() -> None:
    domains = [f"d{number}.example" for number in range(201)]
    assert len(read_domains("\n".join(domains[:200] * 2))) == 200
    with pytest.raises(InputError) as caught:
        read_domains("\n".join(domains))
    assert (caught.value.reason, caught.value.values) == ("too_many_domains", {"value": "200"})


NAMES = st.from_regex(r"(\*\.)?[a-z0-9é]([a-z0-9é-]{0,8}[a-z0-9é])?(\.[a-z]{2,6}){1,2}", fullmatch=True)


@given(st.lists(NAMES, min_size=1, max_size=20), st.sampled_from([" ", "\n", ", ", ";", "\r\n", "、", "，"]))
def test_domains_are_read_whatever_stands_between_them_and_read_the_same_again(names: list[str], between: str) -> None:
    domains = read_domains(between.join(name.upper() if "é" not in name else name for name in names))
    assert domains == tuple(dict.fromkeys(names))
    assert read_domains("\n".join(domains)) == domains


@given(st.text() | st.text("ab1.*:/[]@-é \n,。", max_size=60))
def test_no_domain_has_a_sign_that_stands_between_two(text: str) -> None:
    try:
        domains = read_domains(text)
    except InputError:
        return
    assert all(len(domain) <= 255 and not set(domain) & set("/@ ,;\n") for domain in domains)


@pytest.mark.not_followed
@pytest.mark.parametrize("hostile", ["a", ".", "a.", "a.b ", "é", "é.", "/", ":", "*.", "@", "[", "a://", "ﷺ"])
def test_reading_takes_no_longer_than_its_length_deserves(hostile: str) -> None:
    started = time.process_time()
    with pytest.raises(InputError) as caught:
        read_domains(hostile * (100_000 // len(hostile)) + " !")
    assert time.process_time() - started < 5
    assert len(caught.value.values["value"]) <= 60
