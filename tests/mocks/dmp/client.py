"""A DUI that speaks to the DMP, for tests: lxml, signxml and httpx, nothing of the mock."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any
from xml.sax.saxutils import escape

import httpx
from lxml import etree

from mocks.pki import Certificate
from tests.mocks.dmp import documents as docs
from tests.mocks.dmp.documents import Document
from tests.mocks.dmp.vihf import assertion

IHE = "urn:ihe:iti:2007:"
PROVIDE = f"{IHE}ProvideAndRegisterDocumentSet-b"
RETRIEVE = f"{IHE}RetrieveDocumentSet"
QUERY = f"{IHE}RegistryStoredQuery"
UPDATE = "urn:ihe:iti:2010:UpdateDocumentSet"
TD02 = "urn:hl7-org:v3:PRPA_IN201307UV02"
TD03 = "urn:hl7-org:v3:PRPA_IN201314UV02"
REPOSITORY = "2.25.160270137283946312879441210327618"
NS = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "wsa": "http://www.w3.org/2005/08/addressing",
    "rs": "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0",
    "rim": "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0",
    "query": "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0",
    "x": "urn:ihe:iti:xds-b:2007",
    "h": "urn:hl7-org:v3",
    "xop": "http://www.w3.org/2004/08/xop/include",
}
QUERIES = {
    "FindDocuments": "14d4debf-8f97-4251-9a74-a90016b0af0d",
    "FindSubmissionSets": "f26abbcb-ac74-4422-8a30-edb644bbc1a9",
    "FindFolders": "958f3006-baad-4929-a4de-ff1114824431",
    "GetAll": "10b545ea-725c-446d-9b95-8aeb444eddf3",
    "GetDocuments": "5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4",
    "GetAssociations": "a7ae438b-4bc2-4642-93e9-be891f7bb155",
    "GetDocumentsAndAssociations": "bab9529a-4a10-40b3-a01f-f68a615d247a",
    "GetSubmissionSets": "51224314-5390-4169-9b91-b1980040715a",
    "GetSubmissionSetAndContents": "e8e3cb2c-e39c-46b9-99e4-c12f57260b83",
    "GetRelatedDocuments": "d90e5407-b356-4d91-a89f-873917b4b0e6",
}
ENVELOPE = """<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing">
<S:Header><wsa:Action S:mustUnderstand="true">{action}</wsa:Action><wsa:MessageID>urn:uuid:{message}</wsa:MessageID>
<wsa:To>https://dmp.banc.test</wsa:To>
<wsa:ReplyTo><wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo>{security}</S:Header>
<S:Body>{body}</S:Body></S:Envelope>"""
SECURITY = """<wsse:Security
 xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">{}</wsse:Security>"""


@dataclass(frozen=True)
class Reply:
    """What the service answered. parts: contents of attachments by Content-ID."""

    status: int
    root: Any
    parts: Mapping[str, bytes] = field(default_factory=dict)
    type: str = ""

    @classmethod
    def of(cls, answer: httpx.Response) -> Reply:
        kind = answer.headers["Content-Type"]
        if answer.status_code >= 500:
            return cls(answer.status_code, None, type=kind)
        if not kind.startswith("multipart/"):
            return cls(answer.status_code, etree.fromstring(answer.content), type=kind)
        read = message_from_bytes(b"Content-Type: " + kind.encode() + b"\r\n\r\n" + answer.content)
        parts = {str(one["Content-ID"])[1:-1]: one.get_payload(decode=True) for one in read.get_payload()}  # type: ignore[union-attr]
        root = etree.fromstring(next(iter(parts.values())))
        return cls(answer.status_code, root, parts, kind)

    def all(self, path: str) -> list[Any]:
        return list(self.root.xpath(path, namespaces=NS))

    def one(self, path: str) -> Any:
        (found,) = self.all(path)
        return found

    @property
    def outcome(self) -> str:
        """`Success`, or the codes of the errors."""
        status = self.one("//@status[parent::rs:RegistryResponse or parent::query:AdhocQueryResponse]")
        codes = sorted(set(self.all("//rs:RegistryError/@errorCode")))
        return " ".join([str(status).rpartition(":")[2], *codes]) if codes else str(status).rpartition(":")[2]

    @property
    def fault(self) -> tuple[int, str, str, str]:
        """HTTP status, code, subcode, code of the bench."""
        code = self.one("//s:Fault/s:Code/s:Value").text
        subcode = self.one("//s:Fault/s:Code/s:Subcode/s:Value").text
        return self.status, code.partition(":")[2], subcode, self.one("//s:Fault/s:Detail/*/@code")

    @property
    def entries(self) -> list[Any]:
        return self.all("//rim:ExtrinsicObject")

    @property
    def documents(self) -> dict[str, bytes]:
        """The documents given back, by uniqueId."""
        found = {}
        for one in self.all("//x:DocumentResponse"):
            href = one.xpath("x:Document/xop:Include/@href", namespaces=NS)[0]
            found[one.findtext("x:DocumentUniqueId", namespaces=NS)] = self.parts[str(href).removeprefix("cid:")]
        return found


@dataclass
class Dui:
    """A product. url: of the service; person: whose DMP it works on; said: changes of the attributes of the VIHF."""

    http: httpx.Client
    url: str
    seal: Certificate
    person: dict[str, Any]
    structure: str
    name_id: str = docs.PS
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def ins(self) -> str:
        return str(self.person["ins"]["matricule"])

    @property
    def patient_id(self) -> str:
        return f"{self.ins}^^^&{docs.TEST_OID}&ISO^NH"

    def document(self, **changes: Any) -> Document:
        return Document(self.person, self.structure, **changes)

    def vihf(self) -> str:
        made = assertion(self.seal, self.ins, self.structure, name_id=self.name_id, **self.said)
        return etree.tostring(made, encoding="unicode")

    def envelope(self, action: str, body: str, security: str | None = None) -> bytes:
        held = SECURITY.format(self.vihf()) if security is None else security
        return ENVELOPE.format(action=action, message=uuid.uuid4(), security=held, body=body).encode()

    def post(self, way: str, content: bytes, kind: str = "application/soap+xml; charset=utf-8") -> Reply:
        return Reply.of(self.http.post(f"{self.url}/xds/{way}", content=content, headers={"Content-Type": kind}))

    def send(self, way: str, action: str, body: str) -> Reply:
        return self.post(way, self.envelope(action, body))

    def provide(self, *documents: Document, **lot: Any) -> Reply:
        """TD2.1, in MTOM."""
        return self.mtom(docs.deposit(documents, **lot), {one.symbol: one.octets for one in documents})

    def mtom(self, submit: str, attached: Mapping[str, bytes], security: str | None = None) -> Reply:
        envelope = self.envelope(PROVIDE, provided(submit, {name: f"{name}@essai" for name in attached}), security)
        return self.post("repository", *mtom(envelope, {f"{name}@essai": one for name, one in attached.items()}))

    def inline(self, *documents: Document, **lot: Any) -> Reply:
        """TD2.1 with base64 in the message."""
        attached = "".join(
            f'<xds:Document id="{one.symbol}">{base64.b64encode(one.octets).decode()}</xds:Document>'
            for one in documents
        )
        return self.send("repository", PROVIDE, _request(docs.deposit(documents, **lot) + attached))

    def query(self, name: str, returns: str = "LeafClass", **parameters: str | Sequence[str]) -> Reply:
        """TD3.1; parameters: without `$`, values as they are written in the message."""
        slots = "".join(
            docs.slot(f"${key}", *([value] if isinstance(value, str) else value)) for key, value in parameters.items()
        )
        body = (
            f'<q:AdhocQueryRequest xmlns:q="{NS["query"]}" {docs.RIM}><q:ResponseOption returnComposedObjects="true" '
            f'returnType="{returns}"/><rim:AdhocQuery id="urn:uuid:{QUERIES.get(name, name)}">{slots}</rim:AdhocQuery>'
            "</q:AdhocQueryRequest>"
        )
        return self.send("registry", QUERY, body)

    def find(self, *statuses: str, **more: str) -> Reply:
        """FindDocuments."""
        listed = ",".join(f"'{one}'" for one in statuses or (docs.APPROVED,))
        patient = f"'{self.patient_id}'"
        return self.query(
            "FindDocuments", XDSDocumentEntryPatientId=patient, XDSDocumentEntryStatus=f"({listed})", **more
        )

    def found(self, *statuses: str, **more: str) -> set[str]:
        """The uniqueIds that FindDocuments gives."""
        reply = self.find(*statuses, **more)
        assert reply.outcome == "Success", reply.outcome
        scheme = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
        return {str(one) for one in reply.all(f"//rim:ExternalIdentifier[@identificationScheme='{scheme}']/@value")}

    def entry(self, unique_id: str) -> Any:
        """The last version of an entry, by TD3.1b."""
        return self.query("GetDocuments", XDSDocumentEntryUniqueId=f"('{unique_id}')").one("//rim:ExtrinsicObject")

    def retrieve(self, *unique_ids: str, repository: str = REPOSITORY) -> Reply:
        """TD3.2."""
        asked = "".join(
            f"<x:DocumentRequest><x:RepositoryUniqueId>{repository}</x:RepositoryUniqueId>"
            f"<x:DocumentUniqueId>{one}</x:DocumentUniqueId></x:DocumentRequest>"
            for one in unique_ids
        )
        body = f'<x:RetrieveDocumentSetRequest xmlns:x="{NS["x"]}">{asked}</x:RetrieveDocumentSetRequest>'
        return self.send("repository", RETRIEVE, body)

    def set_status(self, uuid_: str, old: str, new: str) -> Reply:
        """TD3.3c, TD3.3d."""
        kind = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
        change = docs.association(kind, "Lot01", uuid_, OriginalStatus=old, NewStatus=new)
        return self.send("registry", UPDATE, docs.submission(docs.lot(self.patient_id), change))

    def set_metadata(self, document: Document, lid: str, previous: int) -> Reply:
        """TD3.3a, TD3.3b."""
        member = docs.association(
            docs.HAS_MEMBER, "Lot01", document.symbol, SubmissionSetStatus="Original", PreviousVersion=str(previous)
        )
        objects = (docs.entry(document, lid=lid), docs.lot(self.patient_id), member)
        return self.send("registry", UPDATE, docs.submission(*objects))

    def td02(self) -> Reply:
        value = f'<value root="{docs.TEST_OID}" extension="{self.ins}"/>'
        return self.send(
            "patients",
            TD02,
            f'<PRPA_IN201307UV02 xmlns="{NS["h"]}" ITSVersion="XML_1.0"><id root="2.25.1" extension="m-1"/>'
            "<controlActProcess><queryByParameter><parameterList><patientIdentifier>"
            f"{value}</patientIdentifier></parameterList></queryByParameter></controlActProcess></PRPA_IN201307UV02>",
        )

    def td03(self, action: str = "AJOUT") -> Reply:
        return self.send("patients", TD03, td03_body(self.ins, action))


def td03_body(ins: str, action: str, code: str = "AUTORISATION") -> str:
    return (
        f'<PRPA_IN201314UV02 xmlns="{NS["h"]}"><controlActProcess><subject><registrationRequest><subject1><patient>'
        f'<id root="{docs.TEST_OID}" extension="{ins}"/><subjectOf><administrativeObservation>'
        f'<code code="{code}"/><value value="{escape(action)}"/></administrativeObservation></subjectOf></patient>'
        "</subject1></registrationRequest></subject></controlActProcess></PRPA_IN201314UV02>"
    )


def provided(submit: str, hrefs: Mapping[str, str]) -> str:
    """A ProvideAndRegisterDocumentSetRequest with includes. hrefs: Content-ID by document."""
    include = '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:{}"/>'
    attached = "".join(
        f'<xds:Document id="{name}">{include.format(href)}</xds:Document>' for name, href in hrefs.items()
    )
    return _request(submit + attached)


def _request(inner: str) -> str:
    root = "ProvideAndRegisterDocumentSetRequest"
    return f'<xds:{root} xmlns:xds="urn:ihe:iti:xds-b:2007">{inner}</xds:{root}>'


def mtom(envelope: bytes, attached: Mapping[str, bytes], boundary: str = "essai-0123456789") -> tuple[bytes, str]:
    """Body and Content-Type of an MTOM message."""
    parts = [("racine@essai", 'application/xop+xml; charset=UTF-8; type="application/soap+xml"', envelope)]
    parts += [(name, "text/xml", content) for name, content in attached.items()]
    head = "--{}\r\nContent-Type: {}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <{}>\r\n\r\n"
    body = b"".join(head.format(boundary, kind, name).encode() + content + b"\r\n" for name, kind, content in parts)
    kind = (
        f'multipart/related; boundary="{boundary}"; type="application/xop+xml"; start="<racine@essai>"; '
        f'start-info="application/soap+xml"; action="{PROVIDE}"'
    )
    return body + f"--{boundary}--\r\n".encode(), kind
