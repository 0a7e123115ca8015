"""What is spelled like a label within a user or a password is a part of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.proxy_parsing.reader import read_proxy
from tests.domain.proxy_parsing.strategies import PLANTED, readings

NAMES = ("country", "city", "session", "id", "type", "ttl", "host", "server", "zone", "state", "key", "isp", "ip")
FORMS = (
    "{u}:{p}@203.0.113.7:8000",
    "socks5://{u}:{p}@203.0.113.7:8000",
    "http://{u}:{p}@gate.example:8000",
    "203.0.113.7:8000:{u}:{p}",
    "gate.example:8000:{u}:{p}",
    "{u}:{p}:203.0.113.7:8000",
    "Host: 203.0.113.7\nPort: 8000\nLogin: {u}\nPassword: {p}",
    "User: {u}\nPass: {p}\nHost: gate.example\nPort: 8000",
)
JOINTS = st.sampled_from([";", ",", "&", "#", "~"])
PARTS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(["us", "US", "paris", "abc", "1", "30"])), max_size=3
)


@given(PARTS, PARTS, JOINTS, st.sampled_from(FORMS))
def test_a_user_and_a_password_with_options_are_whole(
    of_user: list[tuple[str, str]], of_password: list[tuple[str, str]], joint: str, form: str
) -> None:
    user = joint.join(["ana1", *(f"{name}={value}" for name, value in of_user)])
    password = joint.join([f"{PLANTED}1", *(f"{name}={value}" for name, value in of_password)])
    found = readings(form.format(u=user, p=password))
    assert {(each.host, each.port) for each in found} <= {("203.0.113.7", 8000), ("gate.example", 8000)}
    assert not any(PLANTED in each.user for each in found)
    # What can't be told from a remark is asked about, or refused.
    assert not found or any(each.user == user and each.password in {password, None} for each in found)
    assert all(each.password in {password, None} for each in found if each.user == user)


@pytest.mark.parametrize(
    "text",
    [
        "host=203.0.113.7;port=8000;user=ana;pass={p};country=US",
        "socks5;ip=203.0.113.7;port=8000;user=ana;pass={p}",
        "203.0.113.7:8000;country=US;user=ana;pass={p}",
        '{{"ip":"203.0.113.7","port":8000,"country":"US","user":"ana","pass":"{p}"}}',
    ],
)
def test_a_row_of_labels_is_one(text: str) -> None:
    [found] = readings(text.format(p=f"{PLANTED}1"))
    assert (found.host, found.port, found.user, found.password) == ("203.0.113.7", 8000, "ana", f"{PLANTED}1")


@pytest.mark.parametrize("scheme", ["", "socks5://"])
@pytest.mark.parametrize(
    "password", [f"{PLANTED}1@b.example:80", f"b.example:80;{PLANTED}", f"1.2.3.4:80|{PLANTED}", f"1.é:1;{PLANTED}"]
)
def test_an_address_that_may_stand_in_a_password_is_no_host(password: str, scheme: str) -> None:
    found = readings(f"{scheme}ana:{password}@203.0.113.7:8000")
    assert {(each.host, each.user) for each in found} <= {("203.0.113.7", "ana")}
    assert {each.password for each in found} <= {password, None}
    assert bool(found) == ("é" in password)


def test_two_proxies_behind_a_name_are_two() -> None:
    read = read_proxy(f"Shop:203.0.113.8:80;ana:{PLANTED}1@203.0.113.7:8000")
    assert read.several
    assert {each.host for each in read.ways} == {"203.0.113.8"}
