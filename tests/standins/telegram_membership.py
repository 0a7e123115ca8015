"""Where the bot is a member: people who add it to groups and remove it, and the bot that leaves one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.standins.telegram_access import open_chat
from tests.standins.telegram_checks import Params, bad_request
from tests.standins.telegram_state import Chat, Json, Person

if TYPE_CHECKING:
    from tests.standins.telegram_chats import Chats

#: What an admin and who is restricted may do, by the fields that the Bot API always names.
_RIGHTS = (
    "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories",
)  # fmt: skip
_PERMISSIONS = (
    "can_change_info", "can_invite_users", "can_pin_messages", "can_send_messages", "can_send_audios",
    "can_send_documents", "can_send_photos", "can_send_videos", "can_send_video_notes", "can_send_voice_notes",
    "can_send_polls", "can_send_other_messages", "can_add_web_page_previews", "can_manage_topics", "can_edit_tag",
    "can_react_to_messages",
)  # fmt: skip
_MORE: dict[str, Json] = {
    "kicked": {"until_date": 0},
    "restricted": {"is_member": True, "until_date": 0, **dict.fromkeys(_PERMISSIONS, False)},
    "administrator": {"can_be_edited": False, **dict.fromkeys(_RIGHTS, False)},
}

#: Who brings the bot into a group under the group's own name.
ANONYMOUS_ADMIN = Person(1087968824, "Group", "GroupAnonymousBot", is_bot=True)


class Membership:
    """``table`` has the Bot API's method about it. ``statuses`` are the bot's, in the chats of which it was told."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self.statuses: dict[int, str] = {}
        self.table: dict[str, Callable[[Params], Any]] = {"leavechat": self._leave}

    def knows(self, chat: Chat) -> bool:
        """Whether the bot was told of this chat."""
        return chat.id in self.statuses

    def bring(self, person: Person, chat: Chat) -> int:
        """Somebody adds the bot to a group."""
        self.statuses[chat.id] = "left"
        return self.change(person, chat, "member")

    def change(self, person: Person, chat: Chat | int, status: str) -> int:
        """Somebody gives the bot another status in a group, ``member`` or ``kicked`` for example."""
        group = self._chats.chat(chat)
        before = self.statuses.get(group.id, "member")
        self.statuses[group.id] = status
        group.closed = None
        if status in {"left", "kicked"}:
            how = "bot was kicked from" if status == "kicked" else "bot is not a member of"
            group.closed = f"{how} the {group.kind} chat"
        change = {"chat": group.json(), "from": person.json(), "date": int(self._chats.now())}
        change |= {"old_chat_member": self._member(before), "new_chat_member": self._member(status)}
        return self._chats.updates.add("my_chat_member", change)

    def _member(self, status: str) -> Json:
        return {"status": status, "user": self._chats.bot.json(), **_MORE.get(status, {})}

    def _leave(self, params: Params) -> bool:
        group = open_chat(self._chats, params)
        if group.person is not None:
            raise bad_request("chat member status can't be changed in private chats")
        self.change(self._chats.bot, group, "left")
        return True
