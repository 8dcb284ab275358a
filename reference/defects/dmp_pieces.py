"""Changes of pieces of the messages to the DMP: an assertion, an entry, a lot, a query, the header of a CDA."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from lxml import etree

from reference.spoil import REMOVE

Change = Callable[[Any], None]
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"
LCM = "{urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0}"
HL7 = "{urn:hl7-org:v3}"
RESOURCE_ID = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
_SCHEMES = {
    "class": "urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a",
    "confidentiality": "urn:uuid:f4f85eac-e6cb-4883-b524-f2705394840f",
    "format": "urn:uuid:a09d5840-386c-46f2-b5ad-9c3699a4309d",
    "type": "urn:uuid:f0306f51-975f-434e-a61c-c59651d33983",
    "practice": "urn:uuid:cccf5598-8b07-4b77-a05e-ae952c785ead",
    "patient": "urn:uuid:58a6f841-87b3-4a3e-92fd-a8ffeff98427",
    "lot patient": "urn:uuid:6b5aea1a-874d-4603-a4bc-96a0a7b38446",
    "lot source": "urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832",
}
_SIGNATURE = "E1762"


def _set(element: Any, value: Any) -> None:
    """Give an element a text; `value` may be a function of the text it has, or REMOVE."""
    if value is REMOVE:
        element.getparent().remove(element)
    else:
        element.text = value(element.text or "") if callable(value) else value


# -- assertions (Written VIHF): `xml` is the assertion


def attribute(name: str, value: Any) -> Change:
    """An attribute of the assertion has another value, or is not there."""

    def change(piece: Any) -> None:
        for one in piece.xml.iter(f"{SAML}Attribute"):
            if one.get("Name") == name:
                _set(one if value is REMOVE else one.find(f"{SAML}AttributeValue"), value)

    return change


def root_attribute(name: str, value: Callable[[str], str]) -> Change:
    """An attribute of the assertion itself has another value, made of the one it has."""
    return lambda piece: piece.xml.set(name, value(piece.xml.get(name)))


def attribute_name(old: str, new: str) -> Change:
    """An attribute has another name."""

    def change(piece: Any) -> None:
        for one in piece.xml.iter(f"{SAML}Attribute"):
            if one.get("Name") == old:
                one.set("Name", new)

    return change


def audience(piece: Any) -> None:
    """The assertion is for one audience only."""
    conditions = etree.Element(f"{SAML}Conditions")
    etree.SubElement(etree.SubElement(conditions, f"{SAML}AudienceRestriction"), f"{SAML}Audience").text = "urn:dmp"
    piece.xml.find(f"{SAML}Subject").addnext(conditions)


def secret(piece: Any) -> None:
    """The connection is said secret."""
    statement = piece.xml.find(f"{SAML}AttributeStatement")
    name = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
    added = etree.SubElement(statement, f"{SAML}Attribute", {"Name": name})
    etree.SubElement(added, f"{SAML}AttributeValue").text = "secrete"


def second_role(piece: Any) -> None:
    """A second role, whatever the profession."""
    [roles] = [one for one in piece.xml.iter(f"{SAML}Attribute") if str(one.get("Name")).endswith("subject:role")]
    roles.append(deepcopy(roles[0]))


def role_code(piece: Any) -> None:
    """The profession is a code of the product."""
    for role in piece.xml.iter(f"{HL7}Role"):
        role.set("codeSystem", "1.2.250.1.999.5")


def one_role(piece: Any) -> bool:
    """True for an assertion whose speaker has one role."""
    return len(list(piece.xml.iter(f"{HL7}Role"))) == 1


def in_emergency(piece: Any) -> bool:
    """True for an assertion made in an emergency."""
    return any(one.get("code") != "normal" for one in piece.xml.iter(f"{HL7}PurposeOfUse"))


def prefix_3(number: str) -> str:
    """The FINESS of a structure with the prefix of a person."""
    return f"3{number[1:]}"


def wrong_key(cx: str) -> str:
    """The matricule with another key."""
    key = int(cx[13:15])
    return f"{cx[:13]}{key % 97 + 1:02d}{cx[15:]}"


def corsican_digits(cx: str) -> str:
    """The letter of Corsica becomes digits."""
    return cx[:5] + {"2A": "19", "2B": "18"}.get(cx[5:7], cx[5:7]) + cx[7:]


def somebody_else(cx: str) -> str:
    """The INS of somebody else."""
    return f"279035121518989{cx[15:]}"


def purpose_normal(piece: Any) -> None:
    """The purpose is always the ordinary one."""
    for one in piece.xml.iter(f"{HL7}PurposeOfUse"):
        one.set("code", "normal")


# -- messages (Outgoing): `xml` is the envelope


def entries(request: Any) -> list[Any]:
    """The entries of documents that a submission carries, the signature of the lot apart."""
    found = request.xml.iter(f"{RIM}ExtrinsicObject")
    return [one for one in found if not any(c.get("nodeRepresentation") == _SIGNATURE for c in one)]


def lots(request: Any) -> list[Any]:
    """The lots that a submission carries."""
    return list(request.xml.iter(f"{RIM}RegistryPackage"))


def updates(request: Any) -> bool:
    """True for a change of a document (ITI-57)."""
    return any(True for _ in request.xml.iter(f"{LCM}SubmitObjectsRequest"))


def archives(request: Any) -> bool:
    """True for a document that is archived."""
    wanted = "urn:asip:ci-sis:2010:StatusType:Archived"
    slots = (one for one in request.xml.iter(f"{RIM}Slot") if one.get("name") == "NewStatus")
    return any(told.text == wanted for one in slots for told in one.iter(f"{RIM}Value"))


def soap_11(request: Any) -> None:
    """The envelope is of SOAP 1.1."""
    old, new = "http://www.w3.org/2003/05/soap-envelope", "http://schemas.xmlsoap.org/soap/envelope/"
    request.xml = etree.fromstring(etree.tostring(request.xml).replace(old.encode(), new.encode()))


def slot(name: str, value: Any, where: Callable[[Any], list[Any]] = entries) -> Change:
    """A slot of each entry (or lot) has another value, or is not there; also inside the author."""

    def change(request: Any) -> None:
        for holder in where(request):
            for one in list(holder.iter(f"{RIM}Slot")):
                if one.get("name") == name and value is REMOVE:
                    one.getparent().remove(one)
                elif one.get("name") == name:
                    _set(one.find(f"{RIM}ValueList/{RIM}Value"), value)

    return change


def coded(scheme: str, code: str, system: str = "") -> Change:
    """A coded metadata of each entry has another code."""

    def change(request: Any) -> None:
        for one in _classified(request, scheme):
            one.set("nodeRepresentation", code)
            if system:
                one.find(f"{RIM}Slot/{RIM}ValueList/{RIM}Value").text = system

    return change


def uncoded(scheme: str, code: str = "") -> Change:
    """A coded metadata of each entry is not there; code: that one only."""

    def change(request: Any) -> None:
        for one in _classified(request, scheme):
            if code in ("", one.get("nodeRepresentation")):
                one.getparent().remove(one)

    return change


def _classified(request: Any, scheme: str) -> list[Any]:
    return [
        one
        for entry in entries(request)
        for one in entry.findall(f"{RIM}Classification")
        if one.get("classificationScheme") == _SCHEMES[scheme]
    ]


def hidden_twice(request: Any) -> None:
    """What is hidden from the patient is hidden from professionals too."""
    for one in _classified(request, "confidentiality"):
        if one.get("nodeRepresentation") == "INVISIBLE_PATIENT":
            more = deepcopy(one)
            more.set("nodeRepresentation", "MASQUE_PS")
            more.set("id", f"{one.get('id')}0")
            one.addnext(more)


def holds(code: str) -> Callable[[Any], bool]:
    """True for a submission that has an entry of that code."""
    return lambda request: any(
        one.get("nodeRepresentation") == code
        for entry in entries(request)
        for one in entry.findall(f"{RIM}Classification")
    )


def external(kind: str, value: Any, where: Callable[[Any], list[Any]] = entries) -> Change:
    """An external identifier of each entry (or lot) is another, or is not there."""

    def change(request: Any) -> None:
        for holder in where(request):
            for one in holder.findall(f"{RIM}ExternalIdentifier"):
                if one.get("identificationScheme") == _SCHEMES[kind] and value is REMOVE:
                    holder.remove(one)
                elif one.get("identificationScheme") == _SCHEMES[kind]:
                    one.set("value", value(one.get("value")))

    return change


def approved(request: Any) -> None:
    """Entries are sent with a status."""
    for one in entries(request):
        one.set("status", "urn:oasis:names:tc:ebxml-regrep:StatusType:Approved")


def title(request: Any) -> None:
    """The title of an entry is not that of its document."""
    for one in entries(request):
        one.find(f"{RIM}Name/{RIM}LocalizedString").set("value", "Document du DUI")


def media_type(value: str) -> Change:
    """The media type of each entry."""

    def change(request: Any) -> None:
        for one in entries(request):
            one.set("mimeType", value)

    return change


def sent_time(request: Any) -> None:
    """The act is dated of the sending."""
    for lot in lots(request):
        for one in lot.iter(f"{RIM}Slot"):
            if one.get("name") == "submissionTime":
                slot("serviceStartTime", one.findtext(f"{RIM}ValueList/{RIM}Value"))(request)


def asks(query: str) -> Callable[[Any], bool]:
    """True for a stored query of that id."""
    wanted = f"urn:uuid:{query}"
    return lambda request: any(one.get("id") == wanted for one in request.xml.iter(f"{RIM}AdhocQuery"))


def parameter(name: str, value: Any) -> Change:
    """A parameter of a stored query has another value (a function of the old one), or is not there."""

    def change(request: Any) -> None:
        for one in list(request.xml.iter(f"{RIM}Slot")):
            if one.get("name") == f"${name}" and value is REMOVE:
                one.getparent().remove(one)
            elif one.get("name") == f"${name}":
                for told in one.iter(f"{RIM}Value"):
                    _set(told, value)

    return change


def has_parameter(name: str) -> Callable[[Any], bool]:
    """True for a stored query with that parameter."""
    return lambda request: any(one.get("name") == f"${name}" for one in request.xml.iter(f"{RIM}Slot"))


def repeated(name: str, times: int) -> Change:
    """The first value of a parameter, so many times."""

    def change(request: Any) -> None:
        for one in request.xml.iter(f"{RIM}Slot"):
            if one.get("name") == f"${name}":
                told = next(one.iter(f"{RIM}Value"))
                for _ in range(times):
                    told.addnext(deepcopy(told))

    return change


def years_before(years: int) -> Callable[[str], str]:
    """The same time, so many years before."""
    return lambda written: f"{int(written[:4]) - years}{written[4:]}"


# -- documents (Written CDA): `xml` is the ClinicalDocument


def without(path: str) -> Change:
    """Elements of that path (local names, under the root) are not there."""

    def change(piece: Any) -> None:
        for one in piece.xml.findall("/".join(f"{HL7}{name}" for name in path.split("/"))):
            one.getparent().remove(one)

    return change


def changed(path: str, name: str, value: str | None) -> Change:
    """An attribute of the elements of that path; None takes it away."""

    def change(piece: Any) -> None:
        for one in piece.xml.findall("/".join(f"{HL7}{part}" for part in path.split("/"))):
            if value is None:
                one.attrib.pop(name, None)
            else:
                one.set(name, value)

    return change


def religion(piece: Any) -> None:
    """The CDA tells a religion."""
    person = piece.xml.find(f"{HL7}recordTarget/{HL7}patientRole/{HL7}patient")
    birth = person.find(f"{HL7}birthTime")
    told = {"code": "1013", "codeSystem": "2.16.840.1.113883.5.1076"}
    birth.addnext(etree.Element(f"{HL7}religiousAffiliationCode", told))


def first_name_only(piece: Any) -> None:
    """The list of given names is not there."""
    for one in piece.xml.findall(f"{HL7}recordTarget/{HL7}patientRole/{HL7}patient/{HL7}name/{HL7}given"):
        if one.get("qualifier") is None:
            one.getparent().remove(one)


def replaces(piece: Any) -> bool:
    """True for a document that takes the place of another."""
    return piece.xml.find(f"{HL7}relatedDocument") is not None


def own_series(piece: Any) -> None:
    """The series of a document is its own identifier."""
    piece.xml.find(f"{HL7}setId").set("root", piece.xml.find(f"{HL7}id").get("root"))


def wrong_key_in_cda(piece: Any) -> None:
    """The matricule of the patient has another key."""
    first = piece.xml.find(f"{HL7}recordTarget/{HL7}patientRole/{HL7}id")
    first.set("extension", wrong_key(first.get("extension")))
