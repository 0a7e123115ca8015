"""Remarks on the card: why the last answer could not be used, or what changed without being asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.imports.texts import reason
from bot.chat.translator import Html, Translator
from bot.domain.draft import Notice

_Values = Mapping[str, str]

_NOTICES: Mapping[str, Callable[[Translator, _Values], Html]] = {
    "no_code": lambda t, _: t(
        "I see no transfer code in this. A code is eight digits, a hyphen and eight digits, like "
        "<code>76686828-89727101</code>."
    ),
    "almost_code": lambda t, _: t(
        "This is almost a transfer code. A code has eight digits, a hyphen and eight digits: copy it again, from the "
        "first digit to the last."
    ),
    "wrong_digits": lambda t, v: t.many(
        "This is almost a transfer code, but it has {count} digit instead of 16. Copy it again, from the first digit "
        "to the last.",
        "This is almost a transfer code, but it has {count} digits instead of 16. Copy it again, from the first digit "
        "to the last.",
        int(v["count"]),
    ),
    "codes_added": lambda t, v: t.many(
        "Added to your import: {count} code.", "Added to your import: {count} codes.", int(v["count"])
    ),
    "message_changed": lambda t, _: t("Updated to match your edited message."),
    "codes_taken_out": lambda t, _: t("Your message has no code any more, so I took its code out of the import."),
    "import_begun": lambda t, _: t(
        "The import of this message's code has already begun, so I can't change it any more. Send the other code as a "
        "new message."
    ),
    "changed_afterwards": lambda t, _: t(
        "When you edit a message, I only look at codes and proxies. Please send it as a new message."
    ),
    "no_draft": lambda t, _: t(
        "Send me a transfer code, like <code>76686828-89727101</code>. /help says how this works."
    ),
    "repeated_codes": lambda t, v: t.many(
        "One code was repeated. Each code counts once.",
        "{count} codes were repeated. Each code counts once.",
        int(v["count"]),
    ),
    "too_many_codes": lambda t, v: t(
        "I can import {most} codes at once, so I took the first {most}. Send the rest after this import.", **v
    ),
    "one_more_almost": lambda t, _: t(
        "One more looks like a transfer code, but is not complete. Copy that one again from the start to the end."
    ),
    "tap_import": lambda t, _: t("Tap ✅ Import to start, or Cancel."),
    "tap_a_button": lambda t, _: t("Please tap one of the buttons below."),
    "group_gone": lambda t, _: t("The group that was chosen is no longer in ixBrowser. Choose another."),
    "proxy_gone": lambda t, _: t("The proxy that was chosen is no longer in ixBrowser. Choose another."),
    "proxy_taken": lambda t, _: t("Got the proxy."),
    "proxy_kept": lambda t, _: t("I keep this proxy for ten minutes. Now send the transfer code for it."),
    "proxy_expired": lambda t, _: t("I keep a proxy for only ten minutes, so yours is gone. Send it again."),
    "not_in_private": lambda t, _: t("Please don't type proxies here, where others can read them. Tap one below."),
    "empty_title": lambda t, _: t("A group needs a name."),
    "long_title": lambda t, v: t("A group's name can have at most {most} characters.", **v),
    "long_note": lambda t, v: t("A note can have at most {most} characters.", **v),
    "code_in_note": lambda t, _: t("Others see the note. Please type one without a transfer code."),
    "receiver_gone": lambda t, _: t("The person you chose can't import any more. Choose somebody else."),
    "group_away": lambda t, _: t(
        "The group could not be made: ixBrowser is not running. Start it on the computer, then type the name again."
    ),
    "group_silent": lambda t, _: t(
        "ixBrowser did not say whether it made the group. Tap Back and check whether it is in the list."
    ),
    "group_unreadable": lambda t, _: t(
        "ixBrowser's answer can't be read. Tap Back and check whether the group is in the list."
    ),
    "group_refused": lambda t, v: t("The group could not be made. {why}", why=reason(t, int(v["code"]), "")),
    "empty": lambda t, _: t("I can't see anything in this. Please type it again."),
    "unreadable": lambda t, _: t(
        "I can't read a proxy in this. Write it like <code>host:port</code> or <code>host:port:user:password</code>."
    ),
    "no_port": lambda t, _: t("The port is missing. Write it after the address: <code>host:port</code>."),
    "port_not_number": lambda t, _: t("The port is not a number. Write it after the address: <code>host:port</code>."),
    "port_out_of_range": lambda t, v: t("{value} is not a port: ports go from 1 to 65535.", **v),
    "bad_address": lambda t, v: t("“{value}” can't be a proxy's address. Check it for typing mistakes.", **v),
    "unsupported_type": lambda t, v: t(
        "ixBrowser takes http, https, socks5 and ssh proxies, but not {value}. Send one of those.", **v
    ),
    "several_proxies": lambda t, _: t(
        "There is more than one proxy in this, so I took the first. Lists of proxies can't be used yet."
    ),
    "no_address": lambda t, _: t(
        "I see no proxy address in this. An address has dots, like <code>203.0.113.7</code> or "
        "<code>gate.example.com</code>. Before a name without dots write http:// or socks5://."
    ),
    "port_range": lambda t, _: t(
        "This is a range of ports. Choose one of them, and write it after the address: <code>host:port</code>."
    ),
    "told_twice": lambda t, _: t(
        "The login or password appears twice, with different values. Send the proxy with the right one."
    ),
    "unknown_label": lambda t, v: t(
        "I don't know what “{value}” means, so I used none of this. Leave that line out, or write the proxy like "
        "<code>host:port:user:password</code>.",
        **v,
    ),
    "is_a_link": lambda t, _: t("This is a link, not a proxy. For a link that gives proxies choose “Extraction link”."),
    "not_a_link": lambda t, _: t("This is not a link. A link begins with https:// or http://."),
    "too_long": lambda t, _: t(
        "This is too long. User and password can have at most 256 characters each, a link or the whole text 2,000."
    ),
    "bad_password": lambda t, _: t("A password is one line of text. Please type only the password."),
    "bad_domain": lambda t, v: t(
        "“{value}” is not a domain. Write one per line, like <code>*.example.com</code>.", **v
    ),
    "too_many_domains": lambda t, v: t("A bypass list can have at most {value} domains.", **v),
}


#: What is no trouble, each with the sign before it.
_SIGNS: Mapping[str, str] = {"codes_added": "➕", "message_changed": "✏️"}


def remark(t: Translator, about: Notice) -> Html:
    """The sentence for a remark with the sign that stands before it on the card."""
    return Html(f"{_SIGNS.get(about.reason, '⚠️')} {notice(t, about)}")


def notice(t: Translator, about: Notice) -> Html:
    """The sentence for a remark; what has none of its own is said in general."""
    said = _NOTICES.get(about.reason)
    return t("That can't be used here.") if said is None else said(t, about.values)
