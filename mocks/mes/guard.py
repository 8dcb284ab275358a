"""Who may call the business APIs: the refusals, in the order of the specification (fact sheet §12)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import g, request

from mocks.call import Call
from mocks.fhir import Demand, Guard, Scope
from mocks.journal import fingerprint
from mocks.mes import id_tokens, model_access
from mocks.mes.errors import refuse
from mocks.mes.model_access import Access
from mocks.mes.model_services import Snr

FAULTS = ("jeton_expire", "jeton_mal_signe", "oid_different")
Asked = Sequence[tuple[str, str]]  # (AssignAuth, idPe): whose data the request asks for


@dataclass(frozen=True, slots=True)
class Facts:
    """What a call shows of itself. id_token, id_state, claims: the id_token; asked: patients that it names."""

    call: Call
    secret: str
    access: Access | None
    token_state: str
    id_token: str
    id_state: str
    claims: dict[str, Any]
    asked: Asked
    perimeter: str
    action: str


def requires(perimeter: str, asked: Callable[[Demand], Asked]) -> Guard:
    """Guard of a resource family. perimeter: `agenda`, `mesures`; asked: reads whom a demand names."""

    def guard(call: Call, demand: Demand) -> Scope:
        if demand.writes:
            call.session.begin()  # nobody may lose a right between this check and the write
        facts = _facts(call, perimeter, "ecriture" if demand.writes else "lecture", asked(demand))
        _tell(facts)
        _enforce(facts)
        assert facts.access is not None
        g.mes_access = facts.access
        return Scope(facts.access.pairing.person, facts.access.snr.oid)

    return guard


def refusal_of(facts: Facts) -> str | None:
    """Code of the first refusal that the call meets, None when it may go on."""
    return next((code for check in CHECKS if (code := check(facts)) is not None), None)


def _access_token(facts: Facts) -> str | None:
    return None if facts.token_state == "valid" else "INVALID_TOKEN"


def _id_token(facts: Facts) -> str | None:
    tolerated = facts.id_state == "expired" and not facts.call.setting("id_token_expire_refuse")
    return None if facts.id_state == "valid" or tolerated else "INVALID_ID_TOKEN"


def _oid(facts: Facts) -> str | None:
    return None if facts.claims.get("oid") == _of(facts).snr.oid else "OID_MISMATCH"


def _idpe(facts: Facts) -> str | None:
    pairing = _of(facts).pairing
    same = facts.claims.get("idPe") == pairing.idpe
    named = [(system, value) for system, value in facts.asked if value]  # a nameless patient is a fault of content
    asked = all(value == pairing.idpe and system in ("", pairing.assign_auth) for system, value in named)
    return None if same and asked else "IDPE_MISMATCH"


def _status(facts: Facts) -> str | None:
    access = _of(facts)
    if access.snr.refusal:
        return access.snr.refusal
    admitted = is_test_account(facts.call, access.snr, access.pairing.person)
    return None if admitted else "SERVICE_NOT_REFERENCED"


def _pairing(facts: Facts) -> str | None:
    call = facts.call
    state = _of(facts).pairing.state(call.now, call.setting("reapprobation_delai_j"))
    if state == "a_reapprouver":
        return None if call.setting("majorite_avant_limite") == "tolerer" else "REAPPROVAL_REQUIRED"
    return None if state == "actif" else "PAIRING_REVOKED"


def _consent(facts: Facts) -> str | None:
    snr, pairing = _of(facts).snr, _of(facts).pairing
    opening = [finality for finality in snr.finalities if covers(finality, facts.perimeter, facts.action)]
    seen = [finality for finality in opening if finality["depuis"] <= pairing.acknowledged]
    if any(finality["codeFinalite"] in pairing.consents for finality in seen):
        return None
    return "ACKNOWLEDGEMENT_REQUIRED" if opening and not seen else "CONSENT_REQUIRED"


CHECKS: tuple[Callable[[Facts], str | None], ...] = (
    _access_token,
    _id_token,
    _oid,
    _idpe,
    _status,
    _pairing,
    _consent,
)


def covers(finality: Any, perimeter: str, action: str) -> bool:
    """True when a finality is about this perimeter and this action (ENS-MOB: `Ecriture`, anything else is read)."""
    about = str(finality["perimetre"]).lower().rstrip("s") == perimeter.rstrip("s")
    return about and (finality["action"] == "Ecriture") == (action == "ecriture")


def is_test_account(call: Call, snr: Snr, person: str) -> bool:
    """False when the service is in pre-production and this person is not one of the test accounts."""
    admitted = call.setting("comptes_de_test")
    return not snr.permits.only_test_accounts or "*" in admitted or person in admitted


def identifiers(tokens: Iterable[str]) -> Asked:
    """The pairs of a search parameter `AssignAuth|idPe`; a bare value has an empty system."""
    pairs = [token.rpartition("|") for text in tokens for token in text.split(",")]
    return [(bare_oid(system), value) for system, _, value in pairs]


def bare_oid(system: str) -> str:
    """The OID of a system, written as `urn:oid:…` or not."""
    return system.removeprefix("urn:oid:")


def _facts(call: Call, perimeter: str, action: str, asked: Asked) -> Facts:
    sent = request.environ  # as werkzeug's headers, without their cost
    scheme, _, secret = sent.get("HTTP_AUTHORIZATION", "").partition(" ")
    secret = secret.strip() if scheme.lower() == "bearer" else ""
    access = model_access.load(call.session, call.tenant.name, secret) if secret else None
    if access is not None:
        call.client_id = access.snr.client_id
        call.identify(access.pairing.person)
    own_header = call.setting("entete_id_token").upper().replace("-", "_")
    id_token = sent.get(f"HTTP_{own_header}") or sent.get("HTTP_X_ID_TOKEN") or ""
    id_state, claims = id_tokens.read(
        call.session,
        id_token,
        issuer=call.base_url,
        client_id=None if access is None else access.snr.client_id,
        now=int(call.now.timestamp()),
    )
    state = _token_state(call, secret, access)
    return _spoilt(Facts(call, secret, access, state, id_token, id_state, claims, asked, perimeter, action))


def _token_state(call: Call, secret: str, access: Access | None) -> str:
    if not secret:
        return "absent"
    return "unknown" if access is None else access.token.state(call.now)


def _spoilt(facts: Facts) -> Facts:
    """The facts as a content fault wants them seen."""
    fault = facts.call.play(FAULTS)
    match fault and fault["nature"]:
        case "jeton_expire":
            return replace(facts, token_state="expired")
        case "jeton_mal_signe":
            return replace(facts, id_state="invalid")
        case "oid_different":
            return replace(facts, claims={**facts.claims, "oid": f"{facts.claims.get('oid')}.999"})
    return facts


def _enforce(facts: Facts) -> None:
    code = refusal_of(facts)
    if code is None:
        return
    facts.call.context["refusal"] = code
    raise refuse(code)


def _tell(facts: Facts) -> None:
    """Say in the journal what was recognised (architecture §3)."""
    context, access = facts.call.context, facts.access
    context |= {"perimeter": facts.perimeter, "access": facts.action}
    token: dict[str, Any] = {"state": facts.token_state}
    if facts.secret:
        token["fingerprint"] = fingerprint(facts.secret)
    if access is not None:
        token["idpe"] = access.pairing.idpe
        context |= {
            "client_id": access.snr.client_id,
            "oid": access.snr.oid,
            "pairing": access.pairing.id,
            "idpe": access.pairing.idpe,
        }
    said = {key: facts.claims[claim] for key, claim in (("idpe", "idPe"), ("oid", "oid")) if claim in facts.claims}
    identity: dict[str, Any] = {"state": facts.id_state, **said}
    if facts.id_token:
        identity["fingerprint"] = fingerprint(facts.id_token)
    context |= {"token": token, "id_token": identity}
    if facts.asked:
        context["requested_idpe"] = facts.asked[0][1]


def _of(facts: Facts) -> Access:
    assert facts.access is not None  # the first check has seen to it
    return facts.access
