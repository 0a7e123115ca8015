"""What is told in the team's feed is noted where it becomes true, in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.usecases.feed_rows import HandedOver
from bot.usecases.ports import UnitOfWork

#: Masks of codes that are kept of one handoff.
MOST_MASKS = 10


def note_ended(work: UnitOfWork, batch_ids: Collection[int]) -> None:
    """Something of these batches has ended: note those that have ended as a whole.

    Call it once their rows are marked as behind: who ends the other part of one at this moment is waited for by that,
    so that one of the two sees all of it. A batch that goes on after its end, since its person has looked again, is
    noted again with what is new.
    """
    feed = work.feed.find()
    if feed is None:
        return
    for batch_id, ended in work.feed.ended(batch_ids, feed.set_at).items():
        new = ended.besides(work.feed.told(batch_id))
        if new.kinds:
            work.feed.add(batch_id, new, work.now)
        # It may have been kept back for a name.
        work.signals.feed_behind()


def note_handed_over(
    work: UnitOfWork, handoff_id: int, giver_name: str, receiver_name: str | None, masks: Sequence[str]
) -> None:
    """Somebody has handed codes over: to somebody, or (None) to the team. ``masks`` are the codes', all of them."""
    if work.feed.find() is not None:
        said = HandedOver(giver_name, receiver_name, tuple(masks[:MOST_MASKS]), len(masks))
        work.feed.add(handoff_id, said, work.now)
        work.signals.feed_behind()
