"""Addresses of which labels tell the parts, and what stands beside the same addresses elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.proxy_parsing.addresses import Address, Grade, grade_of
from bot.domain.proxy_parsing.cluster import Cluster
from bot.domain.proxy_parsing.logins import NONE
from bot.domain.proxy_parsing.told import Told
from bot.domain.proxy_parsing.types import read_type
from bot.domain.proxy_parsing.ways import Way


def labelled_cluster(told: Told, around: Sequence[Address]) -> Cluster | None:
    """The addresses that labels tell, where they are evident or no other is."""
    hosts = [
        host
        for host in dict.fromkeys(told.hosts)
        if grade_of(host) >= Grade.DOTTED or not any(other.grade >= Grade.NAME for other in around)
    ]
    ways = [
        Way(host, port, NONE, read_type(qualifier) if qualifier else None)
        for host in hosts
        for port, qualifier in told.ports
    ]
    return Cluster((), tuple(ways), evident=True) if ways else None


def with_logins(labelled: Cluster, same: Sequence[Cluster]) -> Cluster:
    """The labelled addresses with the logins that stand beside the same addresses elsewhere."""
    ways: list[Way] = []
    for way in labelled.ways:
        found = [each for cluster in same for each in cluster.ways if (each.host, each.port) == (way.host, way.port)]
        ways += [replace(way, login=each.login, type=way.type or each.type) for each in found] or [way]
    with_login = [way for way in ways if way.login.user or way.login.password]
    spans = [span for cluster in same for span in cluster.spans]
    return replace(labelled, ways=tuple(dict.fromkeys(with_login or ways)), spans=(*labelled.spans, *spans))


def is_same(cluster: Cluster, labelled: Cluster) -> bool:
    return bool({(way.host, way.port) for way in cluster.ways} & {(way.host, way.port) for way in labelled.ways})


def with_ports(cluster: Cluster, told: Told) -> Cluster:
    """The cluster with the ports beside its own that labels tell, each with its type."""
    if all(way.port == port and not qualifier for way in cluster.ways for port, qualifier in told.ports):
        return cluster
    ports = [(port, read_type(qualifier) if qualifier else None) for port, qualifier in told.ports]
    known = {port for port, _ in ports}
    own = [way for way in cluster.ways if way.port not in known]
    more = [replace(way, port=port, type=type_ or way.type) for way in cluster.ways for port, type_ in ports]
    return replace(cluster, ways=tuple(dict.fromkeys((*own, *more))))
