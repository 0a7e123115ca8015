"""What the use cases need to erase a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.usecases.records import Place


class Erasing(Protocol):
    def is_known(self, user_id: int) -> bool:
        """Whether there is a row of this person, or one that names them."""

    def count_sent(self, user_id: int) -> int:
        """How many of their imports can't be cancelled, since it is not known whether they have arrived, or since the
        setting of a proxy is under way."""

    def counts(self, user_id: int) -> Mapping[str, int]:
        """How many rows of each table are theirs or name them."""

    def export(self, user_id: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """The rows of each table that are theirs or name them, without secrets; values as JSON has them."""

    def missing_proxies(self, user_id: int) -> Sequence[int]:
        """Their batches in which a proxy could not be set, and may be tried again."""

    def forget_cards(self, user_id: int) -> Sequence[tuple[Place, int]]:
        """Cards about them are others' no more; the messages in which they are told of, and whose those are.

        Cards that stay, and name them, are to be shown anew.
        """

    def erase(self, user_id: int, pseudonym: int) -> None:
        """Delete their rows, and put the pseudonym in place of them where a row has to stay."""
