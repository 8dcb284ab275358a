"""A SOAP client of INSi for tests: lxml and httpx, nothing of the mock but its data folder for the schemas."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import httpx
from lxml import etree

SOAP = "http://www.w3.org/2003/05/soap-envelope"
NS = {
    "s": SOAP,
    "r": "http://www.cnamts.fr/INSiResultat",
    "v": "http://www.cnamts.fr/INSiLot2/REPUnitaire",
    "siram": "urn:siram",
}
ACTIONS = "urn:ServiceIdentiteCertifiee:1.0.0:"
TRAITS = f"{ACTIONS}rechercherInsAvecTraitsIdentite"
CARD = f"{ACTIONS}rechercherInsAvecCarteVitale"
VERIFICATION = f"{ACTIONS}verifierInsAvecTraitsIdentite"
HEADER = """
<bam:ContexteBAM xmlns:bam="urn:siram:bam:ctxbam" Version="01_02">
 <bam:Id>{bam}</bam:Id><bam:Temps>2026-03-02T09:00:00Z</bam:Temps><bam:Emetteur>1009000015</bam:Emetteur><bam:COUVERTURE/>
</bam:ContexteBAM>
<lps:ContexteLPS xmlns:lps="urn:siram:lps:ctxlps" Nature="CTXLPS" Version="01_00">
 <lps:Id>{lps}</lps:Id><lps:Temps>2026-03-02T09:00:00Z</lps:Temps><lps:Emetteur>1009000015</lps:Emetteur>
 <lps:LPS><lps:IDAM R="4">BANC0000001</lps:IDAM><lps:Version>1.0</lps:Version><lps:Instance>{lps}</lps:Instance>
 <lps:Nom>urn:lps:essai:1.0</lps:Nom></lps:LPS>
</lps:ContexteLPS>
<wsa:Action xmlns:wsa="http://www.w3.org/2005/08/addressing">{action}</wsa:Action>
<wsa:MessageID xmlns:wsa="http://www.w3.org/2005/08/addressing">uuid:{message}</wsa:MessageID>
"""
SECURITY = """<wsse:Security
 xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
 ><saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"/></wsse:Security>"""


@dataclass(frozen=True)
class Reply:
    """What the service answered."""

    http: httpx.Response

    @property
    def root(self) -> Any:
        return etree.fromstring(self.http.content)

    def text(self, path: str) -> str | None:
        found: str | None = self.root.findtext(path, namespaces=NS)
        return found

    def texts(self, path: str) -> list[str]:
        return [element.text or "" for element in self.root.findall(path, namespaces=NS)]

    @property
    def code(self) -> str | None:
        return self.text(".//r:CodeCR") or self.text(".//v:CodeCR")

    @property
    def fault(self) -> tuple[int, str, str]:
        """HTTP status, code of the fault, code of the error."""
        error = self.root.find(".//siram:Erreur", namespaces=NS)
        code = (self.text(".//s:Fault/s:Code/s:Value") or "").rpartition(":")[2]
        return self.http.status_code, code, error.get("code")

    def __getattr__(self, name: str) -> str | None:
        """The text of an element of the answer by its own name."""
        return self.text(f".//{{http://www.cnamts.fr/INSiResultat}}{name}")


@dataclass
class Soap:
    """A client at one address."""

    http: httpx.Client
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def post(self, content: bytes | str, action: str | None = None, **headers: str) -> Reply:
        kind = "application/soap+xml; charset=utf-8" + (f'; action="{action}"' if action else "")
        body = content.encode() if isinstance(content, str) else content
        sent = {"Content-Type": kind, **{key.replace("_", "-"): value for key, value in headers.items()}}
        return Reply(self.http.post(self.url, content=body, headers=sent))

    def call(self, action: str, body: str, *, security: bool = False, **header: str) -> Reply:
        return self.post(envelope(action, body, security=security, **header), action)

    def by_traits(self, person: Mapping[str, Any], **changes: Any) -> Reply:
        return self.call(TRAITS, traits_body(person, **changes))

    def by_card(self, **data: str) -> Reply:
        return self.call(CARD, card_body(**data))

    def verify(self, person: Mapping[str, Any], **changes: Any) -> Reply:
        return self.call(VERIFICATION, verification_body(person, **changes))


def envelope(action: str, body: str, *, security: bool = False, **header: str) -> str:
    fresh = {"bam": str(uuid.uuid4()), "lps": str(uuid.uuid4()), "message": str(uuid.uuid4())}
    blocks = HEADER.format(**{**fresh, "action": action, **header}) + (SECURITY if security else "")
    return f'<s:Envelope xmlns:s="{SOAP}"><s:Header>{blocks}</s:Header><s:Body>{body}</s:Body></s:Envelope>'


def _elements(values: Mapping[str, Any]) -> str:
    """Elements in that order; a list repeats its element, None leaves it out."""
    texts = ((name, text) for name, value in values.items() for text in (value if isinstance(value, list) else [value]))
    return "".join(f"<i:{name}>{escape(text)}</i:{name}>" for name, text in texts if text is not None)


def traits_of(person: Mapping[str, Any]) -> dict[str, Any]:
    """What a correct product sends of an identity of the register (admin API)."""
    traits = person["traits"]
    return {
        "NomNaissance": traits["nom_naissance"],
        "Prenom": next(iter(traits["prenoms"]), ""),
        "Sexe": traits["sexe"],
        "DateNaissance": traits["date_naissance"],
        "LieuNaissance": None,
    }


def traits_body(person: Mapping[str, Any], **changes: Any) -> str:
    values = {**traits_of(person), **changes}
    return f'<i:RECSANSVITALE xmlns:i="http://www.cnamts.fr/INSiRecSans">{_elements(values)}</i:RECSANSVITALE>'


def card_body(**data: str) -> str:
    """MatriculeIndividu, MatriculeOD (13 characters), then the other elements in their order."""
    parts = ""
    for name in ("MatriculeIndividu", "MatriculeOD"):
        if name in data:
            parts += f"<i:{name}>{_elements({'NumIdentifiant': data.pop(name)})}</i:{name}>"
    return f'<i:RECVITALE xmlns:i="http://www.cnamts.fr/INSiRecVit">{parts}{_elements(data)}</i:RECVITALE>'


def verification_body(person: Mapping[str, Any], **changes: Any) -> str:
    matricule = person["matricule"]
    values = {
        "NumIdentifiant": matricule[:13],
        "Cle": matricule[13:],
        "OID": person["oid"],
        **traits_of(person),
        **changes,
    }
    number = _elements({name: values.pop(name) for name in ("NumIdentifiant", "Cle")})
    oid = _elements({"OID": values.pop("OID")})
    order = ("NomNaissance", "Prenom", "ListePrenom", "Sexe", "DateNaissance", "LieuNaissance")
    return (
        '<i:VERIFICATION xmlns:i="http://www.cnamts.fr/INSiLot2/REQUnitaire"><i:IndividuVerifie>'
        f"<i:INSFourni><i:IdIndividu>{number}</i:IdIndividu>{oid}</i:INSFourni>"
        f"<i:TraitsIdentiteIndividu>{_elements({name: values.get(name) for name in order})}</i:TraitsIdentiteIndividu>"
        "</i:IndividuVerifie></i:VERIFICATION>"
    )
