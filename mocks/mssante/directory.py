"""The Annuaire Santé as far as mailboxes go: which resource carries which, and how it is shown (sheet §6.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mocks import world
from mocks.call import Call
from mocks.fhir.outcome import FhirError
from mocks.mssante import model_mailboxes
from mocks.mssante.model_mailboxes import APPLICATION, CITIZEN, Mailbox
from mocks.world.professionals import Professional

TYPES = ("Practitioner", "PractitionerRole", "Organization")
IDNAT, RPPS, IDNAT_STRUCTURE = (
    "urn:oid:1.2.250.1.71.4.2.1", "https://rpps.esante.gouv.fr", "urn:oid:1.2.250.1.71.4.2.2",
)  # fmt: skip
FINESS = ("https://finess.esante.gouv.fr", "http://finess.sante.gouv.fr", "http://finess.esante.gouv.fr")
EMAIL_TYPE = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type"
METADATA = "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-mailbox-mss-metadata"
MAIL_SYSTEM = "https://mos.esante.gouv.fr/NOS/TRE_R256-TypeMessagerie/FHIR/TRE-R256-TypeMessagerie"
BOX_SYSTEM = "https://mos.esante.gouv.fr/NOS/TRE_R257-TypeBAL/FHIR/TRE-R257-TypeBAL"
SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}
Resource = dict[str, Any]
# What a string parameter does, by its modifier (FHIR R4, search.html#string).
MODIFIERS: Mapping[str, Callable[[str, str], bool]] = {
    "": lambda held, wanted: held.lower().startswith(wanted.lower()),
    "contains": lambda held, wanted: wanted.lower() in held.lower(),
    "exact": lambda held, wanted: held == wanted,
}


@dataclass(frozen=True, slots=True)
class Carrier:
    """A resource that may carry mailboxes. body: without them. holder: id of its professional, or empty."""

    type: str
    id: str
    body: Resource
    structure: str = ""
    holder: str = ""

    def takes(self, mailbox: Mailbox) -> bool:
        """Whether this resource carries that mailbox (sheet §1)."""
        if not mailbox.listed or mailbox.kind == CITIZEN:
            return False
        if mailbox.kind in ("ORG", APPLICATION):
            return self.type == "Organization" and self.structure == mailbox.structure
        owner = self.holder and mailbox.holders[:1] == (self.holder,)
        if mailbox.kind == "PER" and mailbox.structure:
            return bool(owner) and self.type == "PractitionerRole" and self.structure == mailbox.structure
        return bool(owner) and self.type == "Practitioner"


def carriers(call: Call) -> list[Carrier]:
    """All the resources of the tenant's directory, by type and id."""
    people = world.professionals.of_tenant(call.session, call.tenant.name)
    boxes = model_mailboxes.everybody(call.session, call.tenant.name)
    return [
        *(_practitioner(one) for one in people),
        *(role for one in people for role in _roles(one)),
        *_organizations(people, boxes),
    ]


def mailboxes(call: Call, carrier: Carrier) -> list[Mailbox]:
    """The mailboxes of a resource: preferred first, then by address."""
    found = [one for one in model_mailboxes.everybody(call.session, call.tenant.name) if carrier.takes(one)]
    return sorted(found, key=lambda one: (one.rank or 1000, one.address))


def shown(call: Call, carrier: Carrier, boxes: Iterable[Mailbox]) -> Resource:
    """The resource with these mailboxes, as its reader may see it."""
    free = call.setting("acces_annuaire") == "libre"
    telecom = [contact(one, free=free) for one in boxes if not (free and one.red_list)]
    return {**carrier.body, **({"telecom": telecom} if telecom else {})}


def visible(call: Call, boxes: Iterable[Mailbox]) -> list[Mailbox]:
    """Those of these mailboxes that the reader may see."""
    free = call.setting("acces_annuaire") == "libre"
    return [one for one in boxes if not (free and one.red_list)]


def contact(mailbox: Mailbox, *, free: bool = False) -> Resource:
    """A mailbox as a ContactPoint (profile as-mailbox-mss). free: for a reader in open access."""
    coding = {"system": BOX_SYSTEM, "code": mailbox.kind}
    parts: list[Resource] = [_part("type", "CodeableConcept", {"coding": [coding]})]
    texts = {"description": mailbox.description, "service": mailbox.service}
    if not free:
        texts["responsible"] = mailbox.responsible
    parts += [_part(name, "String", text) for name, text in texts.items() if text]
    if not free:
        parts.append(_part("listeRouge", "Boolean", mailbox.red_list))
    made: Resource = {
        "extension": [
            {"url": EMAIL_TYPE, "valueCoding": {"system": MAIL_SYSTEM, "code": "MSSANTE"}},
            {"url": METADATA, "extension": parts},
        ],
        "system": "email",
        "value": mailbox.address,
    }
    return {**made, **({"rank": mailbox.rank} if mailbox.rank else {})}


def found_by(carrier: Carrier, token: str) -> bool:
    """Whether an identifier (`system|value`, or a value) names this resource, whatever the spelling of FINESS."""
    system, bar, value = token.partition("|")
    if not bar:
        system, value = "", system
    held = [(one.get("system"), one.get("value")) for one in carrier.body.get("identifier", ())]
    systems = FINESS if system in FINESS else (system,)
    return any(value == known and (not system or kind in systems) for kind, known in held)


def subset(resource: Resource, elements: Iterable[str]) -> Resource:
    """The resource with only these elements, and the tag that says so."""
    kept = {"resourceType", "id", *elements}
    made = {name: value for name, value in resource.items() if name in kept}
    return {**made, "meta": {**resource.get("meta", {}), "tag": [SUBSETTED]}}


def one_of(all_: Iterable[Carrier], type_: str, id_: str) -> Carrier:
    """The resource of that id. Raises FhirError 404."""
    found = next((one for one in all_ if (one.type, one.id) == (type_, id_)), None)
    if found is None:
        raise FhirError(404, f"{type_}/{id_} n'existe pas dans l'annuaire.", details=outcome("MSG_NO_EXIST"))
    return found


def outcome(code: str) -> tuple[str, str]:
    """A code of the list of FHIR's own outcomes."""
    return "http://hl7.org/fhir/operation-outcome", code


def _practitioner(who: Professional) -> Carrier:
    rpps = [{"system": RPPS, "value": who.national_id[1:]}] if who.national_id.startswith("8") else []
    body: Resource = {
        "resourceType": "Practitioner",
        "id": who.id,
        "identifier": [{"system": IDNAT, "value": who.national_id}, *rpps],
        "active": True,
        "name": [{"family": who.family, "given": [who.given]}],
    }
    return Carrier("Practitioner", who.id, body, holder=who.id)


def _roles(who: Professional) -> Iterator[Carrier]:
    """One per place where she works."""
    for rank, place in enumerate((one for practice in who.practices for one in practice.activities), 1):
        structure, id_ = f"1{place['finess']}", f"{who.id}-{rank}"
        body: Resource = {
            "resourceType": "PractitionerRole",
            "id": id_,
            "identifier": [{"system": "https://rppsrang.esante.gouv.fr", "value": f"{who.national_id}-{rank}"}],
            "active": True,
            "practitioner": {"reference": f"Practitioner/{who.id}"},
            "organization": {"reference": f"Organization/{place['finess']}"},
        }
        yield Carrier("PractitionerRole", id_, body, structure, who.id)


def _organizations(people: Iterable[Professional], boxes: Iterable[Mailbox]) -> Iterator[Carrier]:
    """Structures where somebody works, and those that have a mailbox."""
    places = [one for who in people for practice in who.practices for one in practice.activities]
    names = {f"1{place['finess']}": place["raison_sociale"] for place in places}
    for box in boxes:
        if box.structure and box.kind in ("ORG", APPLICATION):
            names.setdefault(box.structure, box.label or "Structure fictive")
    for structure, name in sorted(names.items()):
        body: Resource = {
            "resourceType": "Organization",
            "id": structure[1:],
            "identifier": [
                {"system": IDNAT_STRUCTURE, "value": structure},
                *([{"system": FINESS[0], "value": structure[1:]}] if structure.startswith("1") else []),
            ],
            "active": True,
            "name": name,
        }
        yield Carrier("Organization", structure[1:], body, structure)


def _part(url: str, kind: str, value: Any) -> Resource:
    return {"url": url, f"value{kind}": value}
