"""Changing mailboxes in the directory: FHIRPath Patch as the guide shows it, in its several spellings (sheet §6.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from mocks.fhir.outcome import FhirError
from mocks.mssante.directory import BOX_SYSTEM, EMAIL_TYPE, MAIL_SYSTEM, METADATA, Carrier, outcome
from mocks.mssante.model_mailboxes import CITIZENS, PERSONAL, Mailbox, domain_of
from profiles.directory import ADDRESS

MOST_OPERATIONS = 50
# Which types of mailbox each value may be changed on; the draft disagrees with itself on `responsible` of CAB.
EDITABLE = {
    "listeRouge": ("PER", "ORG", "APP", "CAB"),
    "description": ("ORG", "APP", "CAB"),
    "service": ("ORG", "APP"),
    "responsible": ("ORG", "APP"),
    "rank": ("PER", "ORG", "APP", "CAB"),
}
_FIELDS = {
    "listeRouge": "red_list",
    "description": "description",
    "service": "service",
    "responsible": "responsible",
    "rank": "rank",
}
_OF_TYPE = {"Practitioner": ("PER", "CAB"), "PractitionerRole": ("PER",), "Organization": ("ORG", "APP")}
_WHERE = re.compile(r"(?P<type>\w+)\.telecom\.where\(\s*value\s*=\s*'(?P<address>[^']+)'\s*\)(?P<rest>.*)", re.DOTALL)
_IN_METADATA = re.compile(r"\.extension\('(listeRouge|description|service|responsible|type)'\)\.value\w*$")
_LONGEST_PATH, _LONGEST_TEXT = 1_000, 500
Part = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """The mailboxes of a carrier once some operations are done. removed, added: addresses."""

    boxes: tuple[Mailbox, ...]
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass
class Patch:
    """Operations on the mailboxes of one resource, in order, all or nothing.

    strict: only the spelling of the profile. taken: whether an address is somebody else's. note: told of each other
    spelling that is met. told: what was asked, for the journal.
    """

    carrier: Carrier
    strict: bool
    domains: tuple[str, ...]
    taken: Callable[[str], bool]
    note: Callable[[str, str], None]

    def apply(self, body: Any, boxes: tuple[Mailbox, ...]) -> tuple[Change, list[dict[str, Any]]]:
        """The mailboxes once all is done, and what was asked. Raises FhirError."""
        change, told = Change(boxes), []
        for operation in _operations(body):
            verb, path = _code(operation, "type"), _text(operation, "path")
            told.append({"type": verb, "path": path[:200]})
            change = self._one(change, verb, path, operation)
        return change, told

    def _one(self, change: Change, verb: str, path: str, operation: Part) -> Change:
        if verb == "insert" and path == f"{self.carrier.type}.telecom":
            return self._insert(change, operation)
        found = _WHERE.fullmatch(path)
        if found is None or found["type"] != self.carrier.type or verb not in ("replace", "delete"):
            raise _unreadable(f"Opération « {verb} » sur « {path[:100]} » : le guide n'en montre pas de telle.")
        held = next((one for one in change.boxes if one.address == found["address"].lower()), None)
        if held is None:
            raise FhirError(
                404, f"« {found['address'][:100]} » n'est pas une boîte de cette ressource.",
                details=outcome("MSG_NO_EXIST"),
            )  # fmt: skip
        others = tuple(one for one in change.boxes if one is not held)
        if verb == "delete" and not found["rest"]:
            return replace(change, boxes=others, removed=(*change.removed, held.address))
        if verb == "delete":
            raise _unreadable("« delete » n'ôte qu'une boîte entière.")
        changed = self._replaced(held, found["rest"], operation)
        return replace(change, boxes=tuple(changed if one is held else one for one in change.boxes))

    def _replaced(self, held: Mailbox, rest: str, operation: Part) -> Mailbox:
        inside = _IN_METADATA.search(rest)
        name = inside[1] if inside else rest.removeprefix(".") if rest in (".rank", ".value", ".system") else ""
        if name in ("value", "system", "type"):
            raise FhirError(422, "L'adresse et le type d'une boîte ne changent pas après sa création.", at=name)
        if not name:
            raise _unreadable(f"Chemin « {rest[:100]} » : le guide n'en montre pas de tel.")
        allowed = held.kind in EDITABLE[name]
        if not allowed and name == "responsible" and held.kind == "CAB" and not self.strict:
            self.note("variante-responsable", "responsible d'une boîte CAB : l'openapi l'admet, les pages non")
            allowed = True
        if not allowed:
            raise FhirError(422, f"« {name} » ne se change pas sur une boîte {held.kind}.", at=name)
        return replace(held, **{_FIELDS[name]: _value(name, operation)})

    def _insert(self, change: Change, operation: Part) -> Change:
        point = _valued(operation).get("valueContactPoint")
        if not isinstance(point, Mapping) or not isinstance(point.get("value"), str):
            raise _unreadable("« insert » porte un valueContactPoint avec son adresse.")
        made = self._mailbox(point)
        if any(one.address == made.address for one in change.boxes) or self.taken(made.address):
            raise FhirError(
                422, f"« {made.address} » est déjà dans l'annuaire.", code="conflict",
                details=outcome("MSG_PARAM_NO_REPEAT"),
            )  # fmt: skip
        return replace(change, boxes=(*change.boxes, made), added=(*change.added, made.address))

    def _mailbox(self, point: Mapping[str, Any]) -> Mailbox:
        address = str(point["value"]).lower()
        if not ADDRESS.fullmatch(address) or domain_of(address) not in self.domains or domain_of(address) == CITIZENS:
            raise FhirError(422, f"« {address[:100]} » n'est pas une adresse MSSanté d'un domaine connu.", at="value")
        extensions = [one for one in point.get("extension", ()) if isinstance(one, Mapping)]
        self._check_email_type(extensions)
        metadata = next((one for one in extensions if one.get("url") == METADATA), {})
        parts = {one.get("url"): one for one in metadata.get("extension", ()) if isinstance(one, Mapping)}
        kind = self._kind(parts.get("type", {}))
        rank = point.get("rank", 0)
        return Mailbox(
            address,
            kind,
            (self.carrier.holder,) if kind in PERSONAL and self.carrier.holder else (),
            self.carrier.structure,
            red_list=parts.get("listeRouge", {}).get("valueBoolean") is True,
            rank=rank if isinstance(rank, int) and 0 <= rank <= 100 else 0,
            description=_string(parts.get("description", {})),
            service=_string(parts.get("service", {})),
            responsible=_string(parts.get("responsible", {})),
        )

    def _check_email_type(self, extensions: list[Mapping[str, Any]]) -> None:
        coding = next((one.get("valueCoding") for one in extensions if one.get("url") == EMAIL_TYPE), None)
        right = isinstance(coding, Mapping) and (coding.get("system"), coding.get("code")) == (MAIL_SYSTEM, "MSSANTE")
        if right:
            return
        if self.strict or coding is not None:
            raise FhirError(422, "L'extension emailType (MSSANTE) manque, ou est autre.", at="extension")
        self.note("variante-email-type", "sans emailType, que le profil demande et que les exemples du guide omettent")

    def _kind(self, part: Mapping[str, Any]) -> str:
        """The type of the mailbox, in one of the four spellings of the guide."""
        code: Any = part.get("valueCode")
        system: Any = BOX_SYSTEM
        if code is None:
            concept = part.get("valueCodeableConcept")
            codings = concept.get("coding") if isinstance(concept, Mapping) else None
            coding = codings[0] if isinstance(codings, list) and codings and isinstance(codings[0], Mapping) else {}
            code, system = coding.get("code"), coding.get("system")
        elif self.strict:
            raise FhirError(422, "Le type d'une boîte est un valueCodeableConcept.", at="type")
        else:
            self.note("variante-type-code", "type en valueCode : exemples du guide ; le profil : valueCodeableConcept")
        if system == MAIL_SYSTEM and not self.strict:
            self.note("variante-type-systeme", "type de TRE_R256 : openapi ; les ressources du guide : TRE_R257")
        elif system != BOX_SYSTEM:
            raise FhirError(422, f"Le type d'une boîte est de {BOX_SYSTEM}.", at="type")
        if code not in _OF_TYPE[self.carrier.type]:
            raise FhirError(422, f"Une boîte « {code} » n'est pas portée par {self.carrier.type}.", at="type")
        return str(code)


def _operations(body: Any) -> list[Part]:
    """The operations of a Parameters, each by its parts. Raises FhirError 400."""
    right = isinstance(body, Mapping) and body.get("resourceType") == "Parameters"
    listed = body.get("parameter") if right else None
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_OPERATIONS:
        raise _unreadable(f"Le corps est un Parameters d'une à {MOST_OPERATIONS} opérations (FHIRPath Patch).")
    found: list[Part] = []
    for one in listed:
        parts = one.get("part") if isinstance(one, Mapping) else None
        if not isinstance(parts, list) or one.get("name") != "operation":
            raise _unreadable("Chaque paramètre est une « operation » avec ses « part ».")
        found.append({str(part.get("name")): part for part in parts if isinstance(part, Mapping)})
    return found


def _code(operation: Part, name: str) -> str:
    return str(operation.get(name, {}).get("valueCode", ""))


def _text(operation: Part, name: str) -> str:
    text = str(operation.get(name, {}).get("valueString", ""))
    if len(text) > _LONGEST_PATH:
        raise _unreadable("Le chemin est trop long.")
    return text


def _valued(operation: Part) -> Mapping[str, Any]:
    value = operation.get("value")
    return value if isinstance(value, Mapping) else {}


def _value(name: str, operation: Part) -> Any:
    """The value of a replace, of the type that the element has."""
    given = _valued(operation)
    if name == "listeRouge" and isinstance(given.get("valueBoolean"), bool):
        return given["valueBoolean"]
    rank = given.get("valuePositiveInt", given.get("valueInteger"))
    if name == "rank" and isinstance(rank, int) and not isinstance(rank, bool) and 0 < rank <= 100:
        return rank
    if name in ("description", "service", "responsible") and isinstance(given.get("valueString"), str):
        return _string(given)
    raise _unreadable(f"La valeur de « {name} » manque, ou n'est pas du bon type.")


def _string(part: Mapping[str, Any]) -> str:
    text = part.get("valueString", "")
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT or "\x00" in text:
        raise _unreadable("Un texte est trop long, ou n'en est pas un.")
    return text


def _unreadable(text: str) -> FhirError:
    return FhirError(400, text, code="structure", details=outcome("MSG_BAD_FORMAT"))
