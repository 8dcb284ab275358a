"""What rules read of the exchanges with the DMP (docs/contracts/dmp.md §4): VIHF, lot, entries, CDA. Nothing raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from profiles.keys import INS_OIDS
from rules.exchange import Exchange
from rules.reading import dig, text
from rules.selectors import On, http

TRANS = "CI-SIS, Transmission de documents CDA R2 (HL7v2), correspondance VIHF et XDS"
PARTAGE = "CI-SIS, Partage de documents de santé, métadonnées XDS (modèles logiques publiés par l'ANS)"
CDA_HEADER = "CI-SIS, Structuration minimale de documents, en-tête CDA R2 (schématron de l'ANS)"
TDDUI = "CI-SIS, TDDUI 1.0.1, en-tête CDA"
HOMO = "Exigences d'homologation DMP citées par des éditeurs"
P4D = "ANS, PDSm4DMP 0.1.0 (projet de guide)"
IHE = "IHE ITI TF, XDS.b"

DEPOSITS = http("dmp.xds.provide_and_register")
QUERIES = http("dmp.xds.registry_stored_query")
RETRIEVES = http("dmp.xds.retrieve_document_set")
UPDATES = http("dmp.xds.update_document_set")
TD02 = http("dmp.hl7v3.td02")
TD03 = http("dmp.hl7v3.td03")
KNOWN_CALLS = DEPOSITS | QUERIES | RETRIEVES | UPDATES | TD02 | TD03
CALLS = KNOWN_CALLS | http("dmp.inconnue")
SUBMISSIONS = DEPOSITS | UPDATES
CONSULTATIONS = RETRIEVES | (QUERIES & On(lambda e: e.context.get("transaction") == "TD3.1a"))
WITH_VIHF = CALLS & On(lambda e: bool(vihf(e)))
WITH_LOT = SUBMISSIONS & On(lambda e: bool(lot(e)))
WITH_ENTRIES = SUBMISSIONS & On(lambda e: any(True for _ in entries(e)))
WITH_CDA = DEPOSITS & On(lambda e: any(True for _ in documents(e)))
SUCCEEDED = On(lambda e: e.status == 200 and e.context.get("response_status") == "Success")

VISIBILITY_SYSTEM = "1.2.250.1.213.1.1.4.13"
MASKED, HIDDEN_FROM_PATIENT, HIDDEN_FROM_REPRESENTATIVES = (
    "MASQUE_PS",
    "INVISIBLE_PATIENT",
    "INVISIBLE_REPRESENTANTS_LEGAUX",
)
APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"
RPLC = "urn:ihe:iti:2007:AssociationType:RPLC"
_SIGNATURE = "E1762"
Facts = Mapping[str, Any]
Ins = tuple[str, str]  # matricule, OID


@dataclass(frozen=True)
class Document:
    """One entry of a submission, with the document it came with. cda: empty when there is none."""

    name: str
    entry: Facts
    cda: Facts
    raw: Facts

    @property
    def unique_id(self) -> str:
        return text(self.entry.get("unique_id"))

    @property
    def is_signature(self) -> bool:
        return self.raw.get("mime") == "signature" or code(self.entry.get("type"))[0] == _SIGNATURE

    def at(self, metadata: str) -> str:
        """Where a metadata of the entry is: "entrée Document01, typeCode"."""
        return f"entrée {self.name}, {metadata}" if self.name else f"entrée, {metadata}"

    def in_cda(self, path: str) -> str:
        """Where an element of the CDA is: "CDA de Document01, ClinicalDocument/title"."""
        return f"CDA de {self.name}, ClinicalDocument/{path}" if self.name else f"CDA, ClinicalDocument/{path}"


def mapping(value: Any) -> Facts:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def listed(value: Any) -> list[Any]:
    """The value when it is an array, else an empty one."""
    return value if isinstance(value, list) else []


def texts(value: Any) -> list[str]:
    """The texts of an array."""
    return [one for one in listed(value) if isinstance(one, str)]


def vihf(exchange: Exchange) -> Facts:
    """What the assertion of a call says; empty when there is none."""
    return mapping(exchange.context.get("vihf"))


def lot(exchange: Exchange) -> Facts:
    """The lot of a submission."""
    return mapping(exchange.context.get("lot"))


def entries(exchange: Exchange) -> Iterator[Document]:
    """The entries of a submission, without that of the signature of the lot."""
    for one in map(mapping, listed(exchange.context.get("documents"))):
        found = Document(text(one.get("id")), mapping(one.get("entry")), mapping(one.get("cda")), one)
        if found.entry and not found.is_signature:
            yield found


def documents(exchange: Exchange) -> Iterator[Document]:
    """The entries that came with a CDA."""
    yield from (one for one in entries(exchange) if one.cda)


def associations(exchange: Exchange, kind: str) -> list[Facts]:
    """The associations of a type that a submission carries."""
    return [one for one in map(mapping, listed(exchange.context.get("associations"))) if one.get("type") == kind]


def code(value: Any) -> tuple[str, str]:
    """Code and system of a coded value."""
    return text(dig(value, "code")), text(dig(value, "system"))


def codes(document: Document) -> list[tuple[str, str]]:
    """Confidentiality codes of an entry, with their systems."""
    return [code(one) for one in listed(document.entry.get("confidentiality"))]


def parts(value: Any, number: int) -> list[str]:
    """The components of a value of HL7 v2 (`a^b^c`), at least `number` of them."""
    found = text(value).split("^")
    return found + [""] * (number - len(found))


def authority(component: str) -> str:
    """The universal id of an HD (`&oid&ISO`)."""
    return [*component.split("&"), "", ""][1]


def cx(value: Any) -> Ins | None:
    """Identifier and OID of a CX; None when it has not both."""
    found = parts(value, 5)
    oid = authority(found[3])
    return (found[0].strip(), oid) if found[0].strip() and oid else None


def sent_ins(exchange: Exchange) -> Iterator[tuple[str, Ins]]:
    """Every patient that a call names as the holder of the DMP, with its place: VIHF, lot, entries, CDA."""
    named = [
        ("VIHF, resource-id", dig(vihf(exchange), "ins", "raw")),
        ("lot, patientId", lot(exchange).get("patient_id")),
    ]
    named += [(one.at("patientId"), one.entry.get("patient_id")) for one in entries(exchange)]
    for at, value in named:
        found = cx(value)
        if found is not None:
            yield at, found
    for one in documents(exchange):
        for found in cda_ins(one):
            yield one.in_cda("recordTarget/patientRole/id"), found


def cda_ins(document: Document) -> list[Ins]:
    """The INS of the patient of a CDA."""
    ids = map(mapping, listed(dig(document.cda, "patient", "ids")))
    return [(text(one.get("extension")), text(one.get("root"))) for one in ids if text(one.get("root")) in INS_OIDS]


def holder(exchange: Exchange) -> str:
    """Who the authorisation of a call is given to: the structure in indirect mode, else the professional."""
    said = vihf(exchange)
    return text(said.get("structure" if said.get("mode") == "INDIRECTE" else "name_id"))
