from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.standins.telegram_html import BrokenHtml, parse_html, utf16_length


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("<b>x</b>", "bold"),
        ("<strong>x</strong>", "bold"),
        ("<i>x</i>", "italic"),
        ("<em>x</em>", "italic"),
        ("<u>x</u>", "underline"),
        ("<ins>x</ins>", "underline"),
        ("<s>x</s>", "strikethrough"),
        ("<strike>x</strike>", "strikethrough"),
        ("<del>x</del>", "strikethrough"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<span class=tg-spoiler>x</span>", "spoiler"),
        ("<code>x</code>", "code"),
        ('<code class="language-python">x</code>', "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ('<blockquote expandable="">x</blockquote>', "expandable_blockquote"),
        ("<B >x</b >", "bold"),
        ("<b>x</>", "bold"),
        ("<b id='1' hidden>x</b>", "bold"),
    ],
)
def test_each_tag_becomes_its_entity(source: str, kind: str) -> None:
    formatted = parse_html(source)
    assert formatted.text == "x"
    assert formatted.entities == [{"type": kind, "offset": 0, "length": 1}]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("é <br/>", 'Unsupported start tag "br/" at byte offset 3'),
        ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
        ("x<", "Unclosed start tag at byte offset 1"),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b ", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<b x", 'Unclosed start tag "b" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href='x'", "Unclosed start tag at byte offset 0"),
        ("<a href=x", "Unclosed start tag at byte offset 0"),
        ("<tg-time unix='1' format='x'>now</tg-time>", "Invalid date format used"),
        ("<a =x>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<b / >y</b>", 'Empty attribute name in the tag "b" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<span class='spoiler'>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<b>x</b c>", "Unclosed end tag at byte offset 4"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ('<tg-emoji emoji-id="none">x</tg-emoji>', "Invalid custom emoji identifier specified"),
    ],
)
def test_broken_html_is_refused_in_telegrams_words(source: str, words: str) -> None:
    with pytest.raises(BrokenHtml) as raised:
        parse_html(source)
    assert str(raised.value) == words


@pytest.mark.parametrize("source", ["&#xd83d;&#xde00;", "&#55357;"])
def test_half_of_a_surrogate_pair_is_refused(source: str) -> None:
    with pytest.raises(BrokenHtml, match="unmatched surrogate"):
        parse_html(source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&#60;&#x3C;&#128512;", "<<😀"),
        ("AT&T &nbsp; &apos; &", "AT&T &nbsp; &apos; &"),
        ("&amp &#0; &#x110000; &#00000000060;", "& &#0; &#x110000; &#00000000060;"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
    ],
)
def test_references_stand_for_characters_and_unknown_ones_for_themselves(source: str, text: str) -> None:
    assert parse_html(source).text == text


def test_a_moment_carries_its_time() -> None:
    [entity] = parse_html('<tg-time unix="1790000000" format="r">soon</tg-time>').entities
    assert (entity["type"], entity["unix_time"], entity["date_time_format"]) == ("date_time", 1_790_000_000, "r")
    assert parse_html("<tg-time>no time</tg-time>").entities == []


def test_offsets_count_utf16_code_units() -> None:
    formatted = parse_html("😀 <b>fett 😀</b> &amp; <i>schräg</i>")
    assert formatted.text == "😀 fett 😀 & schräg"
    assert formatted.entities == [
        {"type": "bold", "offset": 3, "length": 7},
        {"type": "italic", "offset": 13, "length": 6},
    ]


def test_entities_come_in_order_with_the_outer_one_first() -> None:
    formatted = parse_html("<i><b>x</b></i> <blockquote><b>y</b> z</blockquote><u></u>")
    assert [(entity["type"], entity["offset"]) for entity in formatted.entities] == [
        ("bold", 0),
        ("italic", 0),
        ("blockquote", 2),
        ("bold", 2),
    ]


@pytest.mark.parametrize(
    "source",
    [
        '<pre><code class="language-python">x</code></pre>',
        '<code class="language-python"><pre>x</pre></code>',
    ],
)
def test_a_code_block_keeps_its_language(source: str) -> None:
    assert parse_html(source).entities == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


def test_code_within_a_longer_block_stays_an_entity_of_its_own() -> None:
    kinds = [entity["type"] for entity in parse_html("<pre><code>x</code> y</pre>").entities]
    assert kinds == ["pre", "code"]


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ('<a href="https://example.com/?a=1&amp;b=2">x</a>', "https://example.com/?a=1&b=2"),
        ("<a href='http://[::1]/'>x</a>", "http://[::1]/"),
        ('<a href="tg://user?id=7">x</a>', "tg://user?id=7"),
        ("<a href=example.com>x</a>", "example.com"),
        ("<a>example.com</a>", "example.com"),
    ],
)
def test_a_link_keeps_its_address(source: str, url: str) -> None:
    (entity,) = parse_html(source).entities
    assert (entity["type"], entity["url"]) == ("text_link", url)


@pytest.mark.parametrize("address", ["nowhere", "ftp://example.com", "http://[", "javascript:alert(1)"])
def test_a_link_that_leads_nowhere_is_plain_text(address: str) -> None:
    assert parse_html(f'<a href="{address}">x</a>').entities == []


def test_a_custom_emoji_keeps_its_number() -> None:
    (entity,) = parse_html('<tg-emoji emoji-id="5368324170671202286">👍</tg-emoji>').entities
    assert entity == {"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5368324170671202286"}


@given(st.text())
def test_escaped_text_comes_back_exactly(text: str) -> None:
    formatted = parse_html(html.escape(text))
    assert (formatted.text, formatted.entities) == (text, [])


_PIECES = ["<", ">", "/", "&", "b", "a", "span", "pre", "code", " ", "=", '"', "'", "href", "class", "tg-spoiler", ";"]


@given(st.text() | st.lists(st.sampled_from([*_PIECES, "#x41", "é", "😀", "</b>", "<b>", "</>"])).map("".join))
def test_anything_is_parsed_or_refused_and_entities_lie_within_the_text(source: str) -> None:
    try:
        formatted = parse_html(source)
    except BrokenHtml:
        return
    for entity in formatted.entities:
        assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(formatted.text)
