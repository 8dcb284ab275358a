"""What the processes of the generator are told: one JSON document, the same for all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from load.arrivals import Arrivals
from load.profile import Profile

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Plan:
    """One run.

    mix: weights of the actions. scene: by service, where it is, who calls and about whom (tokens included: the
    document is kept from other eyes). processes: how many share the arrivals. seed: of every draw.
    """

    profile: str
    title: str
    duration_s: float
    clients: int
    patience_s: float
    arrivals: Arrivals
    mix: Mapping[str, float]
    identifiers: tuple[int, int, int]
    unknown: float
    scene: Mapping[str, Mapping[str, Any]]
    processes: int = 1
    seed: int = 20240712

    @classmethod
    def of(cls, profile: Profile, mix: Mapping[str, float], scene: Mapping[str, Any], processes: int) -> Plan:
        return cls(
            profile=profile.id,
            title=profile.title,
            duration_s=profile.duration_s,
            clients=profile.clients,
            patience_s=profile.patience_s,
            arrivals=profile.arrivals,
            mix=mix,
            identifiers=profile.identifiers,
            unknown=profile.unknown,
            scene=scene,
            processes=processes,
        )

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        fields = json.loads(text)
        wanted = {"arrivals": Arrivals(**fields["arrivals"]), "identifiers": tuple(fields["identifiers"])}
        return cls(**{**fields, **wanted})

    def origins(self) -> frozenset[str]:
        """Scheme, host and port of everything that this plan calls."""
        return frozenset(origin(address) for address in _addresses(self.scene))


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def allowed(url: str, known: frozenset[str]) -> bool:
    """Whether a load may go there: this machine, or an origin that the user's own `cible.toml` names."""
    return (urlsplit(url).hostname or "") in LOOPBACK or origin(url) in known


def _addresses(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            if key in ("base", "url") and isinstance(one, str):
                yield one
            else:
                yield from _addresses(one)
