"""One call to the service: read the message, admit it, do the transaction, shape the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from mocks.call import Call, current_call, names_operation
from mocks.dmp import admission, answers, names, transaction, views_documents, views_patients, views_update, wsdl
from mocks.dmp.errors import FAULTS
from mocks.dmp.names import Operation
from mocks.dmp.refusals import BUSY, RefusedError, XdsError
from mocks.dmp.transaction import Answer, Handler
from mocks.soap import attachments, multipart
from mocks.soap.attachments import Message
from mocks.soap.envelope import Envelope, must_be_understood, parse, read
from mocks.soap.faults import SoapFaultError
from mocks.soap.names import ACTION, MEDIA_TYPE, MESSAGE_ID, REPLY_TO, SECURITY, TO, WSA

HANDLERS: dict[str, Handler] = {
    names.PROVIDE.name: views_documents.PROVIDE,
    names.RETRIEVE.name: views_documents.RETRIEVE,
    names.STORED_QUERY.name: views_documents.QUERY,
    names.UPDATE.name: views_update.UPDATE,
    names.TD02: views_patients.TD02,
    names.TD03: views_patients.TD03,
}
_ONCE = (ACTION, MESSAGE_ID, SECURITY)
_REQUIRED = (ACTION, MESSAGE_ID)


@dataclass(frozen=True)
class Received:
    """A message whose operation is known."""

    message: Message
    envelope: Envelope
    operation: Operation


def description(way: str) -> Response:
    """The WSDL of an address, or one of its schemas."""
    call, wanted = current_call(), request.args.get("xsd")
    offered = [one for one in _operations(call).values() if one.way == way]
    if wanted in wsdl.SCHEMAS:
        text = wsdl.hl7_schema(offered) if wanted == "hl7" else wsdl.schema(wanted)
        return Response(text, content_type="text/xml; charset=utf-8")
    if "wsdl" not in request.args:
        call.operation = "dmp.inconnue"
        raise SoapFaultError("banc_methode")
    text = wsdl.description(f"{call.base_url}/xds/{way}", offered)
    return Response(text, content_type="text/xml; charset=utf-8")


@names_operation
def message(way: str) -> Response:
    """One SOAP message."""
    call = current_call()
    call.context["soap"] = {}
    try:
        received = _received(call, way)
    except SoapFaultError:
        call.rename(call.operation)  # an outage does not depend on what is asked
        raise
    call.rename(received.operation.name)
    handler = HANDLERS[received.operation.name]
    asked = handler.read(received.envelope.body, received.message)
    opened = transaction.opened(call, *admission.admit(call, received.envelope))
    try:
        if call.play(("registre_occupe",)) is not None:
            raise RefusedError(XdsError(BUSY.get(way, "XDSRegistryBusy"), "Le service est occupé."))
        answer = handler.perform(opened, asked)
    except RefusedError as error:
        answer = _refused(call, handler, error.errors)
    call.context["response_status"] = answer.status
    return _sent(received, answer)


def fault(code: str, what: str = "") -> Response:
    """The answer of a fault, told to the journal."""
    status, body = FAULTS.answer(code, what)
    current_call().context.setdefault("soap", {})["fault"] = code
    headers = {"Allow": "GET, POST"} if status == 405 else {}
    return Response(body, status, headers, content_type=MEDIA_TYPE)


def _operations(call: Call) -> dict[str, Operation]:
    return names.operations(call.setting("td02_interaction"), call.setting("td03_interaction"))


def _received(call: Call, way: str) -> Received:
    if len(call.body) > call.setting("taille_maximale"):
        raise SoapFaultError("banc_taille", f"Il est permis {call.setting('taille_maximale')} octets.")
    received = attachments.received(call.body, request.mimetype, request.mimetype_params)
    call.context["soap"] |= _transport(received)
    envelope = read(parse(received.envelope), once=_ONCE, understood=_is_understood)
    call.context["soap"] |= _addressing(envelope)
    missing = [name.rpartition("}")[2] for name in _REQUIRED if not envelope.text(name)]
    if missing:
        raise SoapFaultError("banc_entete_absent", f"Manque : {', '.join(missing)}.")
    operation = _operation(call, envelope, way)
    if received.action not in (None, operation.action):
        call.note("action-http", f"action du type de média : « {received.action} »")
    return Received(received, envelope, operation)


def _operation(call: Call, envelope: Envelope, way: str) -> Operation:
    offered = {action: one for action, one in _operations(call).items() if one.way == way}
    asked = envelope.text(ACTION)
    operation = offered.get(asked)
    if operation is None:
        raise SoapFaultError("banc_action", f"Vu : « {asked} » ; possibles : {', '.join(offered)}.")
    if envelope.body.tag != operation.body:
        raise SoapFaultError("banc_corps", f"Attendu : {operation.body} ; vu : {envelope.body.tag}.")
    return operation


def _is_understood(name: str) -> bool:
    return name == SECURITY or name.startswith(f"{{{WSA}}}")


def _transport(received: Message) -> dict[str, Any]:
    parts = [
        {
            "content_id": part.content_id,
            "content_type": part.content_type,
            "encoding": part.encoding,
            "size": len(part.content),
        }
        for part in received.parts
    ]
    return {"transport": received.transport, "parts": parts, "http_action": received.action}


def _addressing(envelope: Envelope) -> dict[str, Any]:
    understood = [name.rpartition("}")[2] for name, block in envelope.blocks.items() if must_be_understood(block)]
    reply_to = envelope.blocks.get(REPLY_TO)
    return {
        "version": "1.2",
        "action": envelope.text(ACTION) or None,
        "message_id": envelope.text(MESSAGE_ID) or None,
        "to": envelope.text(TO) or None,
        "reply_to": None if reply_to is None else reply_to.findtext(f"{{{WSA}}}Address"),
        "must_understand": understood,
        "body": envelope.body.tag,
    }


def _refused(call: Call, handler: Handler, errors: Sequence[XdsError]) -> Answer:
    told(call, errors)
    status = "AE" if call.operation in (names.TD02, names.TD03) else "Failure"
    return Answer(handler.refuse(errors, False), status)


def told(call: Call, errors: Sequence[XdsError]) -> None:
    """Tell the journal what is refused."""
    call.context["refusal"] = errors[0].refusal or errors[0].code
    call.context["errors"] = [error.as_json() for error in errors]


def _sent(received: Received, answer: Answer) -> Response:
    relates_to = received.envelope.text(MESSAGE_ID)
    body = answers.envelope(answer.element, answer.action or received.operation.answer, relates_to)
    if received.message.transport == "simple" and not answer.attachments:
        return Response(body, content_type=MEDIA_TYPE)
    kind, body = multipart.mtom(body, answer.attachments)
    return Response(body, content_type=kind)
