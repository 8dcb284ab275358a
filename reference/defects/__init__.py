"""The catalogue of what can be wrong with the product.

Most defects are declarative: they change an outgoing request at the one way out (`wire.py`), or an answer of an API
of the product (`server/`). The others are switches, each read at one point of the product with
`defects.has("name")`; a test holds that every switch of the catalogue is read in the code and that every one read is
in the catalogue.

| Where the switch is read | Switches |
|---|---|
| `wire.py` | what leaves late, what the log says: `jeton_dans_le_journal`, `ins_dans_le_journal` |
| `trust.py` | how TLS is done: `tls_…` |
| `oauth.py` | `pkce_verifier_reutilise`, `code_echange_deux_fois`, what is not checked of an id_token |
| `pairing.py` | state, external identity, effects of refusals, forgetting of tokens |
| `gateway.py` | which tokens are presented, how often one tries again, what is allowed |
| `outbox.py` | what is queued, retried, kept silent, lost once in a thousand |
| `agenda.py` | identifiers and transitions |
| `reading.py`, `views.py` | pages, what is kept, what is shown |
| `identity/` | what is sent to INSi and traced, what its answers change, statuses, locks, reception, search, rights |
| `login/` | logins at PSC and FranceConnect: `psc_…` and `fc_…` of `login/kinds.py`, `ciba_…`, `api_…` |
| `server/listener.py`, `server/sas.py`, `web/booking.py` | who is let in, which slots are shown: `sas_…` |
| `sas/` | accounts of regulators, their bookings, what the platform is told of them: `sas_…` |
| `bsp/`, `views.py` | the agenda of the usager by the hands of professionals: `bsp_…` |
| `coordination/`, `server/meetings.py` | appointments between professionals: `rdv_…` |
| `shared_agenda/` | the product as a client of the manager of shared agendas |
| `server/agenda*.py`, `planning/`, `views.py` | the agendas open to a third-party agenda: `tiers_…` |
| `dmp/` | documents: what is deposited, looked for, opened, changed, said |
| `pdsm/` | the DMP by FHIR: `fhir_…` |
| `space/` | documents exchanged with Mon espace santé: `document…` |
| `contents.py`, `web/`, `product.py` | contents, sessions, ways in, echo |
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib import resources
from itertools import chain
from types import MappingProxyType

from reference.defects import (
    agenda,
    api_psc,
    bsp,
    dmp,
    dmp_metadata,
    dmp_security,
    dmp_versions,
    doors,
    france_connect,
    identity,
    life,
    load,
    meetings,
    pairing,
    pdsm,
    portal,
    psc,
    reading,
    regulators,
    sas,
    sas_booking,
    shared_agendas,
    space,
    third_party,
    transport,
)
from reference.defects.kind import Defect
from reference.spoil import Message, Spoil, Switch

__all__ = ["CATALOGUE", "Defect", "Defects"]

_TABLE = "scenarios.csv"
"""Scenarios that fall with each defect. An empty reason: it must fall; else it falls with the rest, and why."""


def _with_scenarios(defect: Defect, rows: Iterable[Mapping[str, str]]) -> Defect:
    mine = [row for row in rows if row["defaut"] == defect.id]
    must = tuple(row["scenario"] for row in mine if not row["raison"])
    may = {row["scenario"]: row["raison"] for row in mine if row["raison"]}
    return replace(defect, trips=(*defect.trips, *must), also={**defect.also, **may})


def _catalogue() -> Mapping[str, Defect]:
    text = resources.files(__name__).joinpath(_TABLE).read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    first = (pairing, agenda, life, reading, portal, identity, doors, psc, api_psc, france_connect, transport)
    rooms = (*first, load, meetings, sas, shared_agendas, regulators, sas_booking, bsp, third_party)
    health_record = (dmp, dmp_metadata, dmp_security, dmp_versions, space, pdsm)
    return MappingProxyType(
        {one.id: _with_scenarios(one, rows) for one in chain(*(room.DEFECTS for room in (*rooms, *health_record)))}
    )


CATALOGUE: Mapping[str, Defect] = _catalogue()
_SPOILT = {id_: defect.spoil for id_, defect in CATALOGUE.items() if isinstance(defect.spoil, Spoil)}
_SWITCHED = {defect.spoil.name: (id_,) for id_, defect in CATALOGUE.items() if isinstance(defect.spoil, Switch)}


class Defects:
    """The defects switched on in one product; ValueError for an id that the catalogue does not have."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        wanted = tuple(ids)
        unknown = [name for name in wanted if name not in CATALOGUE]
        if unknown:
            raise ValueError(f"défaut inconnu : {', '.join(unknown)}")
        spoils = [CATALOGUE[name].spoil for name in wanted]
        self._switches = frozenset(spoil.name for spoil in spoils if isinstance(spoil, Switch))
        self._changes = tuple(spoil for spoil in spoils if isinstance(spoil, Spoil))
        self._met: set[str] = set()

    def has(self, name: str) -> bool:
        """True when the defect behind this switch is on."""
        self._met.update(_SWITCHED.get(name, ()))
        return name in self._switches

    def apply(self, message: Message) -> None:
        """Spoil a request or an answer that is about to leave."""
        self._met.update(id_ for id_, spoil in _SPOILT.items() if spoil.aims_at(message))
        for change in self._changes:
            change.apply(message)

    def met(self) -> frozenset[str]:
        """Ids of the defects whose place in the product was reached since the last call, switched on or not."""
        found = frozenset(self._met)
        self._met.clear()
        return found
