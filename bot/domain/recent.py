"""Which groups and proxies of ixBrowser's lists somebody has used last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.proxy import ProxyChoice, Saved, Static

#: How many of each are remembered.
MOST = 5


@dataclass(frozen=True, slots=True)
class Recent:
    """Numbers in ixBrowser's lists, the newest first."""

    groups: tuple[int, ...] = ()
    saved: tuple[int, ...] = ()
    static: tuple[int, ...] = ()

    def with_used(self, groups: Iterable[int], proxies: Iterable[ProxyChoice]) -> Recent:
        """The same after these were used, the first of them as the newest."""
        chosen = list(proxies)
        saved = [proxy.proxy_id for proxy in chosen if isinstance(proxy, Saved) and proxy.proxy_id is not None]
        static = [proxy.proxy_id for proxy in chosen if isinstance(proxy, Static) and proxy.proxy_id is not None]
        return Recent(_newest(groups, self.groups), _newest(saved, self.saved), _newest(static, self.static))


def _newest(used: Iterable[int], before: Sequence[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys([*used, *before]))[:MOST]
