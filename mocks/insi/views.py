"""One call to the service: read the message, ask the register, shape the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, request

from mocks.call import Call, current_call, names_operation
from mocks.insi import answers, model_register, model_search, names, reading, schemas
from mocks.insi.errors import FAULTS
from mocks.insi.model_register import Identity
from mocks.insi.names import OPERATIONS, Operation
from mocks.insi.settings import DATA
from mocks.insi.tables import SEEN
from mocks.soap.envelope import Envelope, parse, read
from mocks.soap.faults import SoapFaultError
from mocks.soap.names import ACTION, MEDIA_TYPE, local

CERTIFICATES = ("INSI-MANU", "INSI-AUTO")  # common names for calls of a user, for automatic calls (sheet SEC §6)
TECHNICAL = "siram_40"
SPOILT = ("jour_00", "nom_vide", "traits_differents")
REFUSED = "verification_ko"


def description() -> Response:
    """The WSDL, or one of its schemas."""
    call, wanted = current_call(), request.args.get("xsd")
    if wanted in schemas.PUBLISHED:
        return Response(schemas.document(wanted), content_type="text/xml; charset=utf-8")
    if "wsdl" not in request.args:
        call.operation = "insi.inconnue"
        raise SoapFaultError("banc_methode")
    text = (DATA / "insi.wsdl").read_text("utf-8").replace("ADRESSE", f"{call.base_url}/lps")
    return Response(text, content_type="text/xml; charset=utf-8")


@names_operation
def message() -> Response:
    """One SOAP message."""
    call = current_call()
    seen = call.context["insi"] = {"certificate_cn": _common_name()}
    try:
        envelope = _received(call)
        seen |= reading.context(envelope)
        operation = _operation(envelope)
    except SoapFaultError:
        call.rename(call.operation)  # an outage does not depend on what is asked
        raise
    seen |= {"mode": operation.mode, "traits": reading.traits(envelope.body)}
    call.rename(operation.name)
    _check(envelope, operation)
    _note_replays(call, seen)
    return _answer(call, operation, seen)


def fault(code: str, what: str = "") -> Response:
    """The answer of a fault, told to the journal."""
    status, body = FAULTS.answer(code, what)
    current_call().context.setdefault("insi", {}).update(code="fault", fault=code)
    headers = {"Allow": "GET, POST"} if status == 405 else {}
    return Response(body, status, headers, content_type=MEDIA_TYPE)


def _received(call: Call) -> Envelope:
    if request.mimetype != "application/soap+xml":
        raise SoapFaultError("banc_type", f"Vu : {request.mimetype or 'aucun type'}.")
    if len(call.body) > call.setting("taille_maximale"):
        raise SoapFaultError("banc_taille", f"Il est permis {call.setting('taille_maximale')} octets.")
    return read(parse(call.body), once=names.ONCE, understood=names.is_understood)


def _operation(envelope: Envelope) -> Operation:
    if ACTION not in envelope.blocks:
        raise _incomplete(envelope)
    asked = envelope.text(ACTION)
    operation = OPERATIONS.get(asked)
    if operation is None:
        raise SoapFaultError("banc_action", f"Vu : « {asked} » ; possibles : {', '.join(OPERATIONS)}.")
    return operation


def _check(envelope: Envelope, operation: Operation) -> None:
    """What the service demands of a message whose operation is known."""
    _check_certificate(envelope)
    if not envelope.blocks.keys() >= set(names.REQUIRED):
        raise _incomplete(envelope)
    by_http = request.mimetype_params.get("action")
    if by_http not in (None, operation.action):
        raise SoapFaultError("banc_action_http", f"Vu : « {by_http} » et « {operation.action} ».")
    if envelope.body.tag != operation.body:
        raise SoapFaultError("banc_corps", f"Attendu : {operation.body} ; vu : {envelope.body.tag}.")
    for name in names.REQUIRED:
        schemas.check(envelope.blocks[name])
    schemas.check(envelope.body)
    if operation.mode == "carte" and not {"MatriculeIndividu", "MatriculeOD"} & set(reading.traits(envelope.body)):
        raise SoapFaultError("banc_schema", "Une carte porte MatriculeIndividu ou MatriculeOD.")


def _incomplete(envelope: Envelope) -> SoapFaultError:
    missing = [local(name) for name in names.REQUIRED if name not in envelope.blocks]
    return SoapFaultError("banc_entete_absent", f"Manque : {', '.join(missing)}.")


def _check_certificate(envelope: Envelope) -> None:
    """Over TLS, who calls for a structure has a certificate made for INSi; a card vouches by its assertion instead."""
    if "banc.tls" not in request.environ or reading.has_assertion(envelope):
        return
    seen = _common_name()
    if seen not in CERTIFICATES:
        wanted = " ou ".join(CERTIFICATES)
        raise SoapFaultError("banc_certificat", f"CN attendu : {wanted} ; vu : {seen or 'aucun certificat'}.")


def _common_name() -> str | None:
    client = (request.environ.get("banc.tls") or {}).get("client") or {}
    name: str | None = client.get("cn")
    return name


def _note_replays(call: Call, seen: dict[str, Any]) -> None:
    identifiers = {
        "message-id": seen["message_id"],
        "contexte-bam": seen["bam"]["id"],
        "contexte-lps": seen["lps"]["id"],
    }
    for kind, identifier in identifiers.items():
        if SEEN.is_replay(call.session, call.tenant.name, kind, identifier):
            call.note(f"{kind}-rejoue", f"cet identifiant a déjà servi : {identifier}")


def _answer(call: Call, operation: Operation, seen: dict[str, Any]) -> Response:
    register = model_register.identities(call.session, call.tenant.name)
    code, found = _outcome(call, operation, register, seen["traits"])
    if call.play((TECHNICAL,)):
        raise SoapFaultError("insi_102")
    if operation.mode == "verification":
        code = "KO" if call.play((REFUSED,)) else code
        body = answers.verification_result(code)
    else:
        spoilt = call.play(SPOILT) if found is not None else None
        shown = found if found is None or spoilt is None else _spoilt(found, str(spoilt["nature"]))
        body = answers.search_result(code, shown, answers.Shape(call.setting("oid_nir"), call.setting("prenom_rendu")))
    seen["code"] = code
    return Response(body, content_type=MEDIA_TYPE)


def _outcome(
    call: Call, operation: Operation, register: list[Identity], sent: dict[str, Any]
) -> tuple[str, Identity | None]:
    """The code and, when there is one, the identity; the journal is told whom it is about."""
    lax = call.setting("casse") == "souple"
    unofficial = model_search.not_official(sent)
    if unofficial:
        call.note("traits-non-normalises", f"pas en capitales sans accent : {', '.join(unofficial)}")
    known = [one for one in register if not one.absent]
    if operation.mode == "verification":
        call.identify(_concerned([one for one in register if one.matricule[:13] == sent["NumIdentifiant"]]))
        oid = call.setting("oid_nir")
        one = model_search.is_verified(known, sent, lambda one: one.oid(oid))
        return ("KO", None) if one is None or (unofficial and not lax) else ("OK", one)
    found = _searched(call, operation, register, sent)
    call.identify(_concerned(found))
    if unofficial and not lax and operation.mode == "traits":
        return "01", None
    present = [one for one in found if not one.absent]
    if len(present) == 1:
        return "00", present[0]
    return ("02" if present else "01"), None


def _searched(call: Call, operation: Operation, register: list[Identity], sent: dict[str, Any]) -> list[Identity]:
    if operation.mode == "carte":
        return model_search.by_card(register, sent)
    return model_search.by_traits(register, sent, any_first_name=call.setting("prenoms") == "quelconque")


def _concerned(found: list[Identity]) -> str | None:
    """The person whom a call is about, for the journal: the only one found, or the one that others were made to be
    homonyms of."""
    originals = [one for one in found if one.homonym_of is None]
    return originals[0].person if len(originals) == 1 else None


def _spoilt(found: Identity, nature: str) -> Identity:
    """The identity as a fault wants it told (contract of identity §1)."""
    changes: dict[str, dict[str, Any]] = {
        "jour_00": {"birth_date": f"{(found.birth_date or '1900-01-01')[:8]}00"},
        "nom_vide": {"family": ""},
        "traits_differents": {"family": f"{found.family}-AUTRE"},
    }
    return replace(found, **changes[nature])
