"""Names of the messages: namespaces, actions, operations, statuses (sheet DMP §4; IHE ITI TF vol. 2 and 3)."""

from __future__ import annotations

from dataclasses import dataclass

LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
RS = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0"
QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
XDS_B = "urn:ihe:iti:xds-b:2007"
HL7 = "urn:hl7-org:v3"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DS = "http://www.w3.org/2000/09/xmldsig#"
BANC = "urn:banc:dmp"

SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
FAILURE = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
PARTIAL_SUCCESS = "urn:ihe:iti:2007:ResponseStatusType:PartialSuccess"
SEVERITY = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:"

APPROVED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved"
DEPRECATED = "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated"
ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
DELETED = "urn:asip:ci-sis:2010:StatusType:Deleted"
STATUSES = (APPROVED, DEPRECATED, ARCHIVED, DELETED)

HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
RPLC = "urn:ihe:iti:2007:AssociationType:RPLC"
UPDATE_STATUS = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"

MASKED = "MASQUE_PS"
HIDDEN_FROM_PATIENT = "INVISIBLE_PATIENT"
HIDDEN_FROM_REPRESENTATIVES = "INVISIBLE_REPRESENTANTS_LEGAUX"
VISIBILITY = (MASKED, HIDDEN_FROM_PATIENT, HIDDEN_FROM_REPRESENTATIVES)
VISIBILITY_SYSTEM = "1.2.250.1.213.1.1.4.13"
CONFIDENTIALITY = ("N", "R", "V")
CONFIDENTIALITY_SYSTEM = "2.16.840.1.113883.5.25"

PS_OID = "1.2.250.1.71.4.2.1"
STRUCTURE_OID = "1.2.250.1.71.4.2.2"

# Interactions of HL7 v3 whose name is no setting.
TD02_ANSWER = "PRPA_IN201308UV02"
TD03_ACCEPTED = "PRPA_IN201315UV02"
TD03_REFUSED = "PRPA_IN201316UV02"

WAYS = ("repository", "registry", "patients")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. name: in the journal. way: last part of its address. answer: action of the answer."""

    name: str
    way: str
    action: str
    body: str
    answer: str


_IHE = "urn:ihe:iti:2007:"
_UPDATE = "urn:ihe:iti:2010:UpdateDocumentSet"
PROVIDE = Operation(
    "dmp.xds.provide_and_register",
    "repository",
    f"{_IHE}ProvideAndRegisterDocumentSet-b",
    f"{{{XDS_B}}}ProvideAndRegisterDocumentSetRequest",
    f"{_IHE}ProvideAndRegisterDocumentSet-bResponse",
)
RETRIEVE = Operation(
    "dmp.xds.retrieve_document_set",
    "repository",
    f"{_IHE}RetrieveDocumentSet",
    f"{{{XDS_B}}}RetrieveDocumentSetRequest",
    f"{_IHE}RetrieveDocumentSetResponse",
)
STORED_QUERY = Operation(
    "dmp.xds.registry_stored_query",
    "registry",
    f"{_IHE}RegistryStoredQuery",
    f"{{{QUERY}}}AdhocQueryRequest",
    f"{_IHE}RegistryStoredQueryResponse",
)
UPDATE = Operation(
    "dmp.xds.update_document_set",
    "registry",
    _UPDATE,
    f"{{{LCM}}}SubmitObjectsRequest",
    f"{_UPDATE}Response",
)
TD02, TD03 = "dmp.hl7v3.td02", "dmp.hl7v3.td03"
_XDS = (PROVIDE, RETRIEVE, STORED_QUERY, UPDATE)


def operations(td02: str, td03: str) -> dict[str, Operation]:
    """Every operation by its action. td02, td03: interactions of HL7 v3, which are settings."""
    made = {operation.action: operation for operation in _XDS}
    for name, interaction, answer in ((TD02, td02, TD02_ANSWER), (TD03, td03, TD03_ACCEPTED)):
        action = f"{HL7}:{interaction}"
        made[action] = Operation(name, "patients", action, f"{{{HL7}}}{interaction}", f"{HL7}:{answer}")
    return made


def rim(name: str) -> str:
    """A name of ebRIM."""
    return f"{{{RIM}}}{name}"


def hl7(name: str) -> str:
    """A name of HL7 v3 (CDA too)."""
    return f"{{{HL7}}}{name}"
