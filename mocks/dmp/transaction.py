"""One transaction: who calls, about whom, with what right; and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mocks import world
from mocks.call import Call
from mocks.dmp import access, hl7, model_records
from mocks.dmp.access import Caller, Kind
from mocks.dmp.model_documents import Entry, Registry
from mocks.dmp.model_records import Record
from mocks.dmp.refusals import RefusedError, XdsError, own
from mocks.dmp.vihf import Claims
from mocks.soap.attachments import Message

# Faults that make the state of the DMP another for one call.
STATE_FAULTS = ("dmp_absent", "dmp_ferme", "professionnel_bloque", "autorisation_expiree")


@dataclass(frozen=True)
class Answer:
    """What a transaction answers. attachments: by Content-ID; status: as the journal tells it."""

    element: Any
    status: str
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    action: str = ""  # when it is not the usual one


@dataclass(frozen=True)
class Transaction:
    """One transaction. person: who the INS of the VIHF is, None for nobody; authorisation: what the caller has."""

    call: Call
    registry: Registry
    said: Claims
    who: Caller
    person: world.Person | None
    record: Record
    authorisation: str

    def setting(self, key: str) -> Any:
        """A setting of the service."""
        return self.call.setting(key)

    def require(self, kind: Kind) -> world.Person:
        """The person, when the caller may do this. Raises RefusedError."""
        if self.person is None:
            raise RefusedError(XdsError("XDSUnknownPatientId", "Ce patient n'est pas connu."))
        word = access.refusal(kind, self.who, self.record, self.authorisation, self.setting)
        if word is not None:
            raise RefusedError(own(word, self.setting("codes_refus")))
        return self.person

    def same_patient(self, texts: Iterable[str | None]) -> None:
        """Raises RefusedError when one of these CX is not the patient of the VIHF."""
        ins = self.said["ins"] or {}
        for text in texts:
            named = hl7.cx(text or "")
            if named is None:
                continue  # its form is another check's
            if (named.value, named.oid) != (ins.get("value"), ins.get("oid")):
                raise RefusedError(own("vihf-patient", self.setting("codes_refus")))
            if named.type != "NH":
                self.call.note("cx-sans-nh", f"le patient n'est pas de type NH : « {text} »")

    def is_author(self, entry: Entry) -> bool:
        """Whether the caller is the author of an entry."""
        return access.is_author(entry.facts, self.who, self.setting)

    def sees(self, entry: Entry) -> bool:
        """Whether a search of the caller finds an entry."""
        return access.sees(entry.facts, self.who, self.record, self.setting)


@dataclass(frozen=True)
class Handler:
    """How a transaction is served.

    read: what its message says, before the store is locked (body, message). perform: does it. refuse: the element
    that tells errors (whether some of it was done all the same).
    """

    read: Callable[[Any, Message], Any]
    perform: Callable[[Transaction, Any], Answer]
    refuse: Callable[[Sequence[XdsError], bool], Any]


def opened(call: Call, said: Claims, person: world.Person | None) -> Transaction:
    """The transaction of a call whose VIHF was accepted; the journal is told in what state the DMP is."""
    tenant = call.tenant.name
    ins = said["ins"] or {}
    record = Record("", model_records.ABSENT)
    if person is not None:
        record = model_records.record(call.session, tenant, person.id, call.setting("statut_initial"))
    who = access.caller(said, call.setting)
    hours = float(call.setting("duree_autorisation_h"))
    authorisation = record.authorisation(who.holder, who.professional, call.now, hours)
    record, authorisation = _spoilt(call, record, authorisation)
    call.context["patient"] = {
        "ins": ins.get("value"),
        "oid": ins.get("oid"),
        "known": person is not None,
        "status": record.status,
        "authorisation": authorisation,
        "treating": who.professional in record.treating,
    }
    return Transaction(call, Registry(call.session, tenant, call.now), said, who, person, record, authorisation)


def _spoilt(call: Call, record: Record, authorisation: str) -> tuple[Record, str]:
    """The DMP and the authorisation as a fault wants them."""
    fault = call.play(STATE_FAULTS)
    nature = "" if fault is None else fault["nature"]
    if nature in ("dmp_absent", "dmp_ferme"):
        return Record(record.person, str(nature).removeprefix("dmp_")), authorisation
    if nature == "professionnel_bloque":
        return record, model_records.BLOCKED
    return record, model_records.EXPIRED if nature == "autorisation_expiree" else authorisation
