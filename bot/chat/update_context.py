"""One update being handled, inside its transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from bot.chat.incoming_update import IncomingUpdate
from bot.chat.texts import not_allowed, problem
from bot.chat.translator import Html, Translator, translator
from bot.errors import BotError, NotAllowed
from bot.usecases.actor import Actor
from bot.usecases.buttons import Problem
from bot.usecases.permissions import is_for_admins
from bot.usecases.ports import UnitOfWork
from bot.usecases.records import Buttons, Role


@dataclass(frozen=True, slots=True)
class Popup:
    """What is shown over a press; an ``alert`` stays until it is closed, anything else for some seconds.

    With ``start`` the private chat is opened instead, and hands that over to the bot.
    """

    text: Html | None = None
    alert: bool = False
    start: str = field(default="", repr=False)


@dataclass(slots=True)
class UpdateContext:
    """What a handler works with. It is made anew for every try of a transaction.

    ``popup`` is shown over the press, if the update is one; ``problem`` is why that did nothing, if so.
    """

    work: UnitOfWork
    incoming: IncomingUpdate
    actor: Actor
    popup: Popup | None = None
    problem: Problem | None = None
    t: Translator = field(init=False)

    def __post_init__(self) -> None:
        self.t = translator(self.incoming.language)

    def speak(self, language: str) -> None:
        """Go on in another language."""
        self.incoming = replace(self.incoming, language=language)
        self.t = translator(language)

    def say(self, text: Html, buttons: Buttons = ()) -> None:
        """Have something said apart from the card, to somebody who has just written or tapped."""
        incoming = self.incoming
        # Where several people write, to whom it is said.
        typed = None if incoming.private or incoming.data is not None else incoming.message_id
        self.work.outbox.say(incoming.where, text, self.work.now, buttons=buttons, reply_to=typed, silent=True)

    def edit(self, text: Html, buttons: Buttons = ()) -> None:
        """Show this in place of the message whose button was pressed; as a new one where none was."""
        if self.incoming.data is None:
            self.say(text, buttons)
        else:
            message_id = self.incoming.message_id
            self.work.outbox.say(
                self.incoming.where, text, self.work.now, buttons=buttons, edit_message_id=message_id, silent=True
            )

    def refuse(self, refusal: NotAllowed) -> None:
        """Say that the person's role does not allow this: over the press, where it was one."""
        said = not_allowed(self.t, viewer=self.actor.role is Role.VIEWER and not is_for_admins(refusal.use_case))
        if self.incoming.data is None:
            self.say(said)
        else:
            self.popup = Popup(said, alert=True)

    def explain(self, why: Problem | None) -> None:
        """Show over a press why it did nothing; nothing where there is no problem."""
        self.problem = why
        self.popup = None if why is None else Popup(problem(self.t, why))


#: What is said, in whichever language.
Saying = Callable[[Translator], Html]


class Refused(BotError):
    """What a stranger has sent leads nowhere: nothing of it is kept. ``why`` is for them, if they are told anything."""

    def __init__(self, why: Saying) -> None:
        super().__init__("it leads a stranger nowhere")
        self.why = why


#: A handler: reads the update into a command, calls one use case, renders the result. It runs in the database's thread.
Handler = Callable[[UpdateContext], None]
