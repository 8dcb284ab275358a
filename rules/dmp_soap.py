"""DMP-029, DMP-030: the SOAP layer of each call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.dmp import CALLS, DEPOSITS, HOMO, IHE, listed, mapping
from rules.exchange import Exchange
from rules.reading import dig, shown, text
from rules.selectors import UNCERTAIN, On

_SOAP = CALLS & On(lambda e: e.method == "POST" and isinstance(e.context.get("soap"), dict))
_XDS, _IHE07 = "{urn:ihe:iti:xds-b:2007}", "urn:ihe:iti:2007:"
_ROOTS = {
    f"{_IHE07}ProvideAndRegisterDocumentSet-b": f"{_XDS}ProvideAndRegisterDocumentSetRequest",
    f"{_IHE07}RetrieveDocumentSet": f"{_XDS}RetrieveDocumentSetRequest",
    f"{_IHE07}RegistryStoredQuery": "{urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0}AdhocQueryRequest",
    "urn:ihe:iti:2010:UpdateDocumentSet": "{urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0}SubmitObjectsRequest",
}
_V3 = "urn:hl7-org:v3:"


@rule(
    "DMP-029",
    Level.SHALL,
    Authority.DEDUITE,
    f"{IHE}, ITI-41 ; {HOMO} (EX_2.1-1260)",
    title="Les messages sont en SOAP 1.2, avec Action et un MessageID neuf ; un dépôt est en MTOM/XOP.",
    on=_SOAP,
    over="scenario",
)
def soap_as_published(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The same message sent again after a lost answer may keep its MessageID."""
    for place, e in enumerate(exchanges):
        found = [*_envelope(e), *_message_id(e, exchanges[:place]), *_packaging(e)]
        yield from found if found else (Examined(e.id),)


def _envelope(e: Exchange) -> Iterator[Finding]:
    soap = mapping(e.context.get("soap"))
    if soap.get("version") == "1.1" or soap.get("fault") == "banc_version_soap":
        yield Finding("Envelope", "SOAP 1.2 (http://www.w3.org/2003/05/soap-envelope)", "SOAP 1.1", exchange=e.id)
    elif "version" in soap:
        for key, name in (("action", "Action"), ("message_id", "MessageID")):
            if not soap.get(key):
                yield Finding(f"Envelope/Header/wsa:{name}", "une valeur", "rien", exchange=e.id)


def _message_id(e: Exchange, before: Sequence[Exchange]) -> Iterator[Finding]:
    mine = text(dig(e.context, "soap", "message_id"))
    same = [one for one in before if mine and text(dig(one.context, "soap", "message_id")) == mine]
    if any(not UNCERTAIN(one) for one in same):
        yield Finding("Envelope/Header/wsa:MessageID", "un identifiant neuf", "celui d'un autre message", exchange=e.id)


def _packaging(e: Exchange) -> Iterator[Finding]:
    if not DEPOSITS(e):
        return
    for one in map(mapping, listed(e.context.get("documents"))):
        if one.get("inline") is True:
            at = f"Document[@id='{text(one.get('id'))}']"
            yield Finding(at, "xop:Include d'une partie du message", "le contenu en base64", exchange=e.id)
    inline = any(mapping(one).get("inline") is True for one in listed(e.context.get("documents")))
    transport = text(dig(e.context, "soap", "transport"))
    if transport and transport != "mtom" and not inline:
        expected = 'multipart/related; type="application/xop+xml"'
        yield Finding("en-tête Content-Type", expected, shown(e.header("Content-Type")), exchange=e.id)


@rule(
    "DMP-030",
    Level.SHALL,
    Authority.DEDUITE,
    f"{IHE}, actions WS-Addressing de chaque transaction",
    title="L'action annoncée est celle du message que porte le corps.",
    on=_SOAP & On(lambda e: bool(dig(e.context, "soap", "action") and dig(e.context, "soap", "body"))),
)
def action_is_that_of_the_body(exchange: Exchange) -> Iterator[Finding]:
    """An action of another standard is not judged here."""
    soap = mapping(exchange.context.get("soap"))
    action, body = text(soap.get("action")), text(soap.get("body"))
    expected = _ROOTS.get(action) or (f"{{urn:hl7-org:v3}}{action.removeprefix(_V3)}" if action.startswith(_V3) else "")
    owners = {root: name for name, root in _ROOTS.items()}
    if expected and body != expected:
        yield Finding("Envelope/Header/wsa:Action", shown(owners.get(body) or f"l'action de {body}"), shown(action))
    elif not expected and body in owners:
        yield Finding("Envelope/Header/wsa:Action", owners[body], shown(action))
    outside = text(soap.get("http_action"))
    if outside and outside != action:
        yield Finding("en-tête Content-Type, action", shown(action), shown(outside))
