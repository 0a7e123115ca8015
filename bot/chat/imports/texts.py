"""What became of a batch, on its card, in the log that is shown, and why something did not work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.chat import words
from bot.chat.translator import Html, Translator, cut, fitting
from bot.domain.error_codes import TOKEN_SHARED, Cause, cause
from bot.domain.import_state import ProxyStatus, Status
from bot.usecases.records import UNDER_WAY, Batch, LoggedImport

#: Lines of single imports on one card: more would not fit into a message.
SHOWN_ROWS = 20
#: Characters that the lines of single imports may take together.
ROOM = 2200
#: Characters of a profile's or group's name, and of a message of ixBrowser's, that are shown.
LONGEST_NAME = 80
LONGEST_MESSAGE = 200

_REASONS: Mapping[int, Callable[[Translator], Html]] = {
    1000: lambda t: t("ixBrowser says that something is missing from the request. Update ixBrowser, then try again."),
    1001: lambda t: t("This ixBrowser does not know the request. Update it on the computer, then try again."),
    1002: lambda t: t("ixBrowser is logged out. Log in on the computer, then try again."),
    1003: lambda t: t("ixBrowser could not reach the proxy. Check it, or choose another."),
    1004: lambda t: t("ixBrowser had an internal error. Try again in a few minutes."),
    1005: lambda t: t("This ixBrowser is too old. Update it on the computer, then try again."),
    1006: lambda t: t("ixBrowser could not verify the request. Log in to ixBrowser again, then try again."),
    1007: lambda t: t("ixBrowser does not allow this request. Update ixBrowser, or ask its support."),
    1008: lambda t: t(
        "This ixBrowser account has no right to do this. Ask the account's owner for it, then try again."
    ),
    1010: lambda t: t("ixBrowser was asked too often. Try again in a minute."),
    1011: lambda t: t("It did not work in ixBrowser. Try again in a few minutes."),
    1014: lambda t: t("This profile can't be used right now. Its sender may have it open: try again later."),
    1015: lambda t: t("The proxy did not answer in time. Check it, or choose another."),
    1016: lambda t: t("ixBrowser's line to its cloud is too slow. Switch the line in ixBrowser, then try again."),
    1017: lambda t: t(
        "The plan's profiles for today are used up. Try again after 24 hours, or upgrade the ixBrowser plan."
    ),
    2002: lambda t: t("This proxy is no longer in ixBrowser. Choose another."),
    2003: lambda t: t("This traffic package is no longer in ixBrowser. Choose another proxy."),
    2007: lambda t: t("This profile is no longer in ixBrowser. Check there whether somebody has deleted it."),
    2009: lambda t: t("ixBrowser was not told which kind of proxy this is. Choose the proxy again."),
    2010: lambda t: t("ixBrowser does not know this kind of proxy. Update ixBrowser, or choose another kind."),
    101005: lambda t: t("ixBrowser was not told which of its proxies to use. Choose the proxy again."),
    101006: lambda t: t("The proxy's address is missing. Choose the proxy again."),
    101007: lambda t: t("The proxy's port is missing or wrong. Choose the proxy again."),
    101008: lambda t: t("ixBrowser does not take proxies of this type. Choose another proxy."),
    101009: lambda t: t("The proxy's type is missing. Choose the proxy again."),
    101043: lambda t: t("ixBrowser does not know the service of this extraction link. Choose another proxy."),
    101044: lambda t: t("ixBrowser can't read what this extraction link gives. Choose another proxy."),
    101045: lambda t: t("ixBrowser does not know when to take a new proxy from the link. Choose the proxy again."),
    101046: lambda t: t("The extraction link is missing. Choose the proxy again."),
    101049: lambda t: t("ixBrowser does not know how this link writes a proxy. Choose another format."),
    101051: lambda t: t("ixBrowser can't find the address in what the link gives. Choose another proxy."),
    101052: lambda t: t("ixBrowser can't find the port in what the link gives. Choose another proxy."),
    105001: lambda t: t("ixBrowser got no name for the group. Type it again."),
    105002: lambda t: t("ixBrowser has a group of this name already. Choose it from the list, or type another name."),
    105003: lambda t: t("ixBrowser does not know where to put the group. Make it on the computer."),
    110001: lambda t: t("No code reached ixBrowser. Send it again."),
    110002: lambda t: t(
        "ixBrowser says that this code is wrong. It may be mistyped, used already, or cancelled by its sender: "
        "ask the sender for a new one."
    ),
    110003: lambda t: t(
        "This profile belongs to your ixBrowser account already: you can't transfer a profile to yourself. Import it "
        "with another account."
    ),
    110004: lambda t: t("This group is no longer in ixBrowser. Choose another."),
    111001: lambda t: t("The proxy's provider wants this computer on its whitelist. Add it there, then try again."),
    111002: lambda t: t("ixBrowser got no proxy from the extraction link. Check the link, then try again."),
}


def reason(t: Translator, code: int | None, message: str, *more: Html) -> Html:
    """Why, and what to do, for one of ixBrowser's error codes; None when no answer came. Its number comes last."""
    if code is None:
        return t.sentences(t("ixBrowser gave no answer. Try again."), *more)
    said = _REASONS[code](t) if code in _REASONS else _in_its_words(t, message)
    return t("{said} (error {code})", said=t.sentences(said, *more), code=code)


def _in_its_words(t: Translator, message: str) -> Html:
    if not message:
        return t("ixBrowser refused, and did not say why. Check ixBrowser, then try again.")
    return t("ixBrowser says: “{message}”. Check there, then try again.", message=cut(message, LONGEST_MESSAGE))


def key_lost(t: Translator) -> Html:
    return t("The key to the saved codes was lost, so this one can't be read any more. Send the code again.")


def key_lost_on_the_way(t: Translator) -> Html:
    return t(
        "The key to the saved codes was lost while this was on its way. Send the code again: before I send anything, I "
        "check whether the profile is there already."
    )


def unavailable(t: Translator, why: str) -> Html:
    """Why a list could not be read: ``away``, ``silent``, ``unreadable`` or an error code's digits."""
    if why == "away":
        return t("ixBrowser is not running, so its lists can't be shown. Somebody has to start it on the computer.")
    if why == "silent":
        return t("ixBrowser does not answer right now.")
    if why.isdecimal():
        return reason(t, int(why), "")
    return t("ixBrowser's answer can't be read.")


def unavailable_now(t: Translator, why: str) -> Html:
    """The same of a list of which an earlier answer is known."""
    if why == "away":
        return t("ixBrowser is not running. Somebody has to start it on the computer.")
    return unavailable(t, why)


#: Why confirmed imports wait, by the word or the error number for it.
_WAITS: Mapping[str, Callable[[Translator], Html]] = {
    "away": lambda t: t("⏳ Waiting: ixBrowser is not running. As soon as it is, I'll go on by myself."),
    TOKEN_SHARED: lambda t: t(
        "⏳ Waiting: this bot is also running on another computer. As soon as it runs on one alone, I'll go on by "
        "myself."
    ),
    "1002": lambda t: t("⏳ Waiting: ixBrowser is logged out. As soon as somebody logs in, I'll go on by myself."),
    "1017": lambda t: t(
        "⏳ Waiting: the daily limit of your ixBrowser plan is reached. I'll try again by myself, once an hour."
    ),
    "restored": lambda t: t("⏳ Waiting: my database was restored. As soon as an admin lets me, I'll go on by myself."),
    "1010": lambda t: t("⏳ Waiting: ixBrowser is busy. I'll go on by myself."),
}


def waits(t: Translator, why: str) -> Html:
    """Why confirmed imports wait."""
    if why in _WAITS:
        return _WAITS[why](t)
    return t("⏳ Waiting: ixBrowser does not allow it right now. I'll try again by myself.")


def held(t: Translator) -> Html:
    return t("⏳ This has waited for a day now. Keep waiting, or cancel what has not been sent?")


def profile(t: Translator, row: LoggedImport) -> Html:
    """The profile of an import that worked."""
    name = cut(row.profile_name, LONGEST_NAME)
    if row.profile_id is None:
        if row.profile_name:
            return t("the profile <b>{name}</b> (find its number in ixBrowser)", name=name)
        return t("the profile is in ixBrowser (find it there)")
    if not row.profile_name:
        return t("profile <b>{number}</b>", number=row.profile_id)
    return t("profile <b>{number}</b> “{name}”", number=row.profile_id, name=name)


def proxy_trouble(t: Translator, row: LoggedImport) -> Html | None:
    """What there is to say of a proxy that is set after the import."""
    match row.proxy_status:
        case ProxyStatus.PENDING | ProxyStatus.SETTING:
            return t("Setting the proxy…")
        case ProxyStatus.MISSING if row.profile_id is None:
            return t("⚠️ Only the proxy is missing: set it in ixBrowser.")
        case ProxyStatus.MISSING:
            why = reason(t, row.error_code, row.error_message) if row.error_code else t("ixBrowser did not take it.")
            return t("⚠️ The profile is imported, only the proxy is missing. {why}", why=why)
        case ProxyStatus.GIVEN_UP:
            return t("⚠️ I did not set a proxy: set one in ixBrowser.")
        case _:
            return None


def one(t: Translator, row: LoggedImport) -> Html:
    """How one import stands, in full: for a card of its own."""
    match row.status:
        case Status.IMPORTED:
            told = t("✅ <b>Imported</b>: {profile}", profile=profile(t, row))
        case Status.FAILED:
            more = [_where_code_is(t, row)] if row.given or cause(row.error_code) is not Cause.CODE else []
            told = t("❌ <b>Not imported.</b> {why}", why=_why_failed(t, row, *more))
        case Status.UNKNOWN if row.key_lost:
            told = t("❓ <b>Result unknown.</b> {why}", why=key_lost_on_the_way(t))
        case Status.CANCELLED:
            told = _cancelled(t, row)
        case Status.UNKNOWN:
            told = t(
                "❓ <b>Result unknown.</b> ixBrowser's list of received profiles can't be read. "
                "Check in ixBrowser whether the profile is there."
            )
        case Status.CHECKING:
            told = t("🔎 I am checking whether the profile has arrived…")
        case Status.QUEUED if row.waiting_for is not None:
            told = t("⏳ <b>Not imported yet.</b>")
        case _:
            told = t("⏳ Importing…")
    if row.cancel_wanted and row.status in UNDER_WAY:
        told = t("{told}\nYou cancelled it: if it has not gone through, it will not be sent again.", told=told)
    trouble = proxy_trouble(t, row)
    return told if trouble is None else t("{told}\n{trouble}", told=told, trouble=trouble)


def _where_code_is(t: Translator, row: LoggedImport) -> Html:
    """What has become of a code that was not imported."""
    if row.given is None:
        return t("The code is still valid.")
    return t("The code went back to {name}.", name=cut(row.given.name, LONGEST_NAME))


def _cancelled(t: Translator, row: LoggedImport) -> Html:
    if row.given is None:
        return t("🚫 <b>Cancelled.</b> Nothing was imported, the code is still valid.")
    name = cut(row.given.name, LONGEST_NAME)
    return t("🚫 <b>Cancelled.</b> Nothing was imported, the code went back to {name}.", name=name)


def _why_failed(t: Translator, row: LoggedImport, *more: Html) -> Html:
    return t.sentences(key_lost(t), *more) if row.key_lost else reason(t, row.error_code, row.error_message, *more)


def code_line(t: Translator, row: LoggedImport) -> Html:
    return t("Code: {code}", code=row.code_mask)


def outcome(t: Translator, row: LoggedImport) -> Html:
    """How one import stands, in a few words."""
    match row.status:
        case Status.IMPORTED:
            said = profile(t, row)
        case Status.FAILED:
            said = _why_failed(t, row)
        case _:
            said = words.status(t, row.status)
    trouble = proxy_trouble(t, row)
    return said if trouble is None else t("{said}. {trouble}", said=said, trouble=trouble)


def line(t: Translator, row: LoggedImport) -> Html:
    """How one of several imports stands, on a line."""
    return t("{sign} {code}: {said}", sign=words.SIGNS[row.status], code=row.code_mask, said=outcome(t, row))


def headline(t: Translator, batch: Batch) -> Html:
    """How several imports stand together."""
    total = len(batch.rows)
    done = sum(row.status is Status.IMPORTED for row in batch.rows)
    if all(row.status is Status.CANCELLED for row in batch.rows):
        return t("🚫 <b>Cancelled.</b> Nothing was imported, the codes are still valid.")
    if not batch.ended:
        return t("⏳ <b>Importing</b>: {done} of {total} done", done=t.number(done), total=t.number(total))
    if done == total:
        return t.many("✅ <b>Imported.</b>", "✅ <b>All {count} imported.</b>", total)
    return t("<b>{done} of {total} imported</b>", done=t.number(done), total=t.number(total))


def lines(t: Translator, batch: Batch) -> Sequence[Html]:
    """The imports one by one, what needs its person first, as many as fit; then how many more there are."""
    urgent = {Status.UNKNOWN: 0, Status.FAILED: 1, Status.CHECKING: 2}
    rows = sorted(batch.rows, key=lambda row: (urgent.get(row.status, 3), row.id))
    some = fitting((line(t, row) for row in rows[:SHOWN_ROWS]), ROOM)
    left = len(rows) - len(some)
    return [*some, t.many("and {count} more, see /history", "and {count} more, see /history", left)] if left else some


def group_line(t: Translator, row: LoggedImport) -> Html:
    if row.group_id is None:
        return t("Group: {group}", group=words.default_group(t))
    return t("Group: <b>{title}</b>", title=cut(row.group_title or str(row.group_id), LONGEST_NAME))


def noted_cancel(t: Translator) -> Html:
    return t("Cancelled what has not been sent yet.")


def looking(t: Translator) -> Html:
    return t("Checking.")


def save_your_proxy(t: Translator) -> Html:
    return t("You don't have to type this proxy again: save it in ixBrowser, and choose “Saved” next time.")
