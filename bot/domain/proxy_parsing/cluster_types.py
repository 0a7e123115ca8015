"""The type of each proxy of a text, by its scheme and by what words and labels tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.proxy import ProxyType
from bot.domain.proxy_parsing.cluster import Cluster
from bot.domain.proxy_parsing.logins import View
from bot.domain.proxy_parsing.names import without_names
from bot.domain.proxy_parsing.told import Told
from bot.domain.proxy_parsing.told_types import labels_tell_another, shared_out, type_of, words_tell_another
from bot.domain.proxy_parsing.types import SCHEME, TypeWord, is_supported, read_type
from bot.errors import InputError


def with_types(
    view: View, words: Sequence[TypeWord], told: Told, clusters: Sequence[Cluster]
) -> list[tuple[Cluster, ProxyType | None, InputError | None]]:
    """Each proxy with the type that words and labels tell of it, and why it can't be used.

    Where they tell another than its scheme, it has neither of the two.
    """
    plain = view.text.plain
    by_label = {each.start for each in told.types}
    labelled = [span for span in told.spans if span[0] not in by_label]
    places = [(*each.spans, *(labelled if index == 0 else ())) or told.spans for index, each in enumerate(clusters)]
    rest = view.blank([span for place in places for span in place]).plain
    words = without_names(plain, words)
    by_words, by_labels = shared_out(plain, words, places), shared_out(plain, told.types, places)
    found: list[tuple[Cluster, ProxyType | None, InputError | None]] = []
    for cluster, place, own, labels in zip(clusters, places, by_words, by_labels, strict=True):
        scheme = _scheme_of(plain, cluster)
        if scheme is not None and (
            labels_tell_another(plain, labels, scheme) or words_tell_another(plain, rest, own, place, scheme)
        ):
            ways = tuple(replace(way, type=None) for way in cluster.ways)
            found.append((replace(cluster, ways=ways), None, None))
            continue
        try:
            found.append((cluster, type_of(plain, rest, own, labels, place), None))
        except InputError as unsupported:
            found.append((cluster, None, unsupported))
    return found


def _scheme_of(plain: str, cluster: Cluster) -> ProxyType | None:
    scheme = SCHEME.match(plain, cluster.spans[0][0]) if cluster.spans else None
    return read_type(scheme["scheme"]) if scheme and is_supported(scheme["scheme"]) else None
