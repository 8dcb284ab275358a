"""Whether a message may come in: its VIHF, its certificate, its identifiers (sheet DMP §3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from flask import request

from mocks import world
from mocks.call import Call
from mocks.dmp import model_records, signatures, vihf, vihf_rules
from mocks.dmp.errors import PROBLEMS
from mocks.dmp.tables import SEEN
from mocks.dmp.vihf import Claims
from mocks.dmp.vihf_rules import Around
from mocks.soap.envelope import Envelope
from mocks.soap.faults import SoapFaultError
from mocks.soap.names import MESSAGE_ID, SECURITY

REVOKED = "certificat_revoque"


def admit(call: Call, envelope: Envelope) -> tuple[Claims, world.Person | None]:
    """What the VIHF of a message says, and of whom, once it is accepted; the journal is told.

    Raises SoapFaultError `vihf_…`.
    """
    return admit_assertions(call, vihf.assertions(envelope.blocks.get(SECURITY)), envelope)


def admit_assertions(
    call: Call, found: Sequence[Any], envelope: Envelope | None = None
) -> tuple[Claims, world.Person | None]:
    """The same of assertions that came by another way than a SOAP message (None)."""
    if len(found) != 1:
        if found:
            call.context["vihf"] = {**vihf.claims(found[0]), "count": len(found)}
        raise SoapFaultError("vihf_double" if found else "vihf_absent")
    person = _identified(call, found[0])
    said, around = _known(call, found[0])
    call.context["vihf"] = said
    said["replayed"] = SEEN.is_replay(call.session, call.tenant.name, "assertion", str(said["id"]))
    if envelope is not None:
        _note_message_id(call, envelope)
    problems = vihf_rules.problems(said, around)
    said["problems"] = list(dict.fromkeys(code for code, _ in problems))
    _decide(call, problems)
    return said, person


def _identified(call: Call, assertion: Any) -> world.Person | None:
    """Who the INS of an assertion is, None for nobody; a refused call is told of that person too."""
    ins = vihf.claims(assertion)["ins"] or {}
    person = model_records.person_of(call.session, call.tenant.name, ins.get("value") or "")
    if person is not None:
        call.identify(person.id)
    return person


def _known(call: Call, assertion: Any) -> tuple[Claims, Around]:
    """The facts of an assertion, found without locking the store."""
    said = vihf.claims(assertion)
    signature, certificate = signatures.of_assertion(assertion)
    real = datetime.now(UTC)
    clocks = (call.now, real)
    if certificate is not None:
        authorities, revocations = model_records.trust(call.session, call.tenant.name)
        signature["trust"] = signatures.trust(certificate, authorities, revocations, real)
        if call.play((REVOKED,)) is not None:
            signature["trust"] = "revoquee"
    tls = (request.environ.get("banc.tls") or {}).get("client") or None
    unit = None if tls is None else tls["structure"]
    shown = signature.get("certificate") or {}
    said |= {
        "signature": signature,
        "count": 1,
        "age_s": vihf_rules.age(said, clocks),
        "tls_same_certificate": None if tls is None else tls["thumbprint"] == shown.get("thumbprint"),
        "tls_structure_matches": None if not unit else unit == said["structure"],
    }
    return said, Around(call.setting, clocks, certificate, tls)


def _note_message_id(call: Call, envelope: Envelope) -> None:
    identifier = envelope.text(MESSAGE_ID)
    seen = SEEN.is_replay(call.session, call.tenant.name, "message", identifier)
    call.context["soap"]["message_id_seen"] = seen
    if seen:
        call.note("message-id-rejoue", f"cet identifiant de message a déjà servi : {identifier}")


def _decide(call: Call, problems: list[vihf_rules.Problem]) -> None:
    """Refuse for the first problem that refuses; note the others."""
    strict = call.setting("controle_vihf") == "strict"
    refused = None
    for code, what in problems:
        if strict or PROBLEMS[code]["gravite"] == "refus":
            refused = refused or (code, what)
        else:
            call.note(code.replace("_", "-"), f"{PROBLEMS[code]['texte']} {what}".strip())
    if refused is not None:
        raise SoapFaultError(*refused)
