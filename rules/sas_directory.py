"""Practitioners, places and structures that the product gives the SAS platform: their numbers, their ties."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.reading import dig, objects, shown, text
from rules.sas_bundle import Answer, Json, Slot
from rules.sas_opened import Opened, matching, opened
from rules.sas_searches import ANSWERS, PRACTITIONERS, SAS, SLOTS_FOUND, STRUCTURES, variant
from rules.selectors import On

_FINESS = r"1\d[0-9AB]\d{7}"
_PRACTITIONER = re.compile(r"8\d{11}|0\d[0-9AB]\d{7}")
_STRUCTURE = re.compile(rf"{_FINESS}|3\d{{14}}|4\d{{13,14}}|0[0-9AB]{{9,13}}")
_ORGANIZATION = {"cpts": re.compile(_FINESS), "sos": re.compile(r"3\d{14}")}
_NUMBERS = {"cpts": "1 et le FINESS (10 caractères)", "sos": "3 et le SIRET (15 chiffres)"}
# KIT: metropolitan and overseas prefixes, then nine digits; the other overseas territories are of R4's liberty.
_PHONE = re.compile(r"\+(33|262|590|594|596)\d{9}|\+(508|681|687|689)\d{6,9}")


@rule(
    "AGD-071",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, FAQ et profils, identifiants nationaux",
    title="Les identifiants sont rendus avec leur préfixe, quelle que soit la forme où le produit les garde.",
    on=ANSWERS,
)
def numbers_are_prefixed(search: Exchange) -> Iterator[Finding]:
    answer = Answer.of(search)
    for at, practitioner in answer.of_type("Practitioner"):
        expected = f"8 et le RPPS (12 chiffres) ou 0 et l'ADELI (10), sous {PRACTITIONERS}"
        yield from _numbered(at, practitioner, PRACTITIONERS, _PRACTITIONER, expected)
    for at, role in answer.of_type("PractitionerRole"):
        identifier = dig(role, "organization", "identifier")
        value = text(dig(identifier, "value"))
        if identifier is not None and not _STRUCTURE.fullmatch(value):
            expected = "1 et le FINESS, 3 et le SIRET, 4 et le RPPS-rang, ou 0 et l'ADELI-rang"
            yield Finding(f"{at}.organization.identifier.value", expected, shown(value))
    which = variant(search)
    if which != "ps":
        for at, organization in answer.of_type("Organization"):
            yield from _numbered(at, organization, STRUCTURES, _ORGANIZATION[which], _NUMBERS[which])


@rule(
    "AGD-073",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, FAQ et profils de Schedule et de PractitionerRole",
    title="Un agenda par lieu d'exercice désigne le praticien et son exercice ; le lieu est contenu dans l'exercice.",
    on=SLOTS_FOUND,
)
def one_schedule_per_place(search: Exchange) -> Iterator[Finding]:
    answer = Answer.of(search)
    # References are followed where the search asked for what they lead to.
    if _asked(search, "Schedule:actor"):
        yield from _agendas(answer)
    for at, role in answer.of_type("PractitionerRole"):
        yield from _place_inside(at, role)
    for at, location in answer.of_type("Location"):
        message = "Le lieu est contenu dans PractitionerRole, jamais une entrée de la réponse."
        yield Finding(at, "un lieu dans PractitionerRole.contained", shown(location.get("id")), message)
    for slot in answer.slots if _asked(search, "Slot:schedule") else ():
        if answer.resolve(slot.resource.get("schedule"), "Schedule") is None:
            expected = "une référence à un Schedule de la réponse"
            yield Finding(f"{slot.at}.schedule", expected, shown(dig(slot.resource, "schedule", "reference")))


@rule(
    "AGD-075",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, FAQ, téléphone et éléments vides",
    title="Un téléphone est rendu avec l'indicatif du pays (+33…), ou pas du tout ; aucun élément n'est vide.",
    on=ANSWERS,
)
def telephones_are_whole_and_nothing_is_empty(search: Exchange) -> Iterator[Finding]:
    for at, resource, _ in Answer.of(search).entries:
        for index, telecom in objects(resource.get("telecom")):
            value = telecom.get("value")
            if telecom.get("system") == "phone" and value and not _PHONE.fullmatch(text(value)):
                expected = "+33 (ou l'indicatif d'outre-mer) et neuf chiffres, ou rien"
                yield Finding(f"{at}.telecom[{index}].value", expected, shown(value))
    for at in _empty(search.answer_resource, "Bundle"):
        yield Finding(at, "une valeur, ou pas d'élément", "un élément vide")


@rule(
    "AGD-076",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{SAS}, FAQ et profils de Slot, HealthcareService et Organization, CPTS",
    title="Un créneau ouvert à des CPTS porte le code 604 et la référence de chacune ; un autre, rien.",
    over="scenario",
)
def communities_are_each_referred_to(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    known = opened(exchanges)
    for search in filter(SLOTS_FOUND & On(lambda e: variant(e) == "cpts"), exchanges):
        answer = Answer.of(search)
        for slot in answer.slots:
            wrong = list(_communities(answer, slot, matching(slot, answer, known)))
            yield from (replace(finding, exchange=search.id) for finding in wrong)
            if not wrong:
                yield Examined(search.id)


def _asked(search: Exchange, include: str) -> bool:
    return include in (*search.values("_include"), *search.values("_include:iterate"))


def _numbered(at: str, resource: Json, system: str, form: re.Pattern[str], expected: str) -> Iterator[Finding]:
    ours = [(i, one) for i, one in objects(resource.get("identifier")) if one.get("system") == system]
    if not ours:
        yield Finding(f"{at}.identifier", expected, shown(resource.get("identifier")))
    for index, identifier in ours:
        value = text(identifier.get("value"))
        if not form.fullmatch(value):
            yield Finding(f"{at}.identifier[{index}].value", expected, shown(value))


def _agendas(answer: Answer) -> Iterator[Finding]:
    """Each agenda names a practitioner and an exercise of the answer, and no two the same exercise."""
    roles: dict[str, str] = {}
    for at, schedule in answer.of_type("Schedule"):
        actors = [actor for _, actor in objects(schedule.get("actor"))]
        for kind in ("Practitioner", "PractitionerRole"):
            if not any(answer.resolve(actor, kind) for actor in actors):
                seen = [dig(actor, "reference") for actor in actors]
                yield Finding(f"{at}.actor", f"une référence à un {kind} de la réponse", shown(seen))
        for role in (text(dig(actor, "reference")) for actor in actors if answer.resolve(actor, "PractitionerRole")):
            if roles.setdefault(role, at) != at:
                message = "Deux agendas sont rendus pour un même lieu d'exercice."
                yield Finding(f"{at}.actor", "un agenda par exercice", role, message)


def _place_inside(at: str, role: Json) -> Iterator[Finding]:
    contained = [one for _, one in objects(role.get("contained")) if one.get("resourceType") == "Location"]
    inside = {f"#{text(one.get('id'))}" for one in contained}
    named = [text(dig(one, "reference")) for _, one in objects(role.get("location"))]
    if len(named) != 1 or named[0] not in inside:
        yield Finding(f"{at}.location", "une référence « #id » au lieu contenu", shown(named))


def _communities(answer: Answer, slot: Slot, made: Opened | None) -> Iterator[Finding]:
    found = slot.communities
    if "CPTS" not in slot.publics:
        for at, _ in found:
            yield Finding(at, "rien sur un créneau que n'ouvre aucune CPTS", "604")
        return
    if not found:
        yield Finding(f"{slot.at}.serviceType", "le code 604 et la référence de chaque CPTS", "rien")
    finess = [finess_of(answer, reference) for _, reference in found]
    for (at, reference), number in zip(found, finess, strict=True):
        if number is None:
            expected = "une référence à un HealthcareService de la réponse, dont providedBy en est une Organization"
            yield Finding(f"{at}.extension", expected, shown(reference))
    told = frozenset(filter(None, finess))
    if made is not None and None not in finess and (told != made.communities or len(finess) != len(told)):
        expected, seen = (", ".join(sorted(some)) or "aucune" for some in (made.communities, [*filter(None, finess)]))
        yield Finding(f"{slot.at}.serviceType", f"une référence par CPTS : {expected}", seen)


def finess_of(answer: Answer, reference: str) -> str | None:
    """Number of the structure behind the service of a community; None when it is not in the answer."""
    service = answer.resolve({"reference": reference}, "HealthcareService")
    organization = answer.resolve(dig(service, "providedBy"), "Organization")
    identifiers = objects((organization or {}).get("identifier"))
    values = (text(one.get("value")) for _, one in identifiers if one.get("system") == STRUCTURES)
    return next(filter(None, values), None)


def _empty(value: Any, at: str) -> Iterator[str]:
    """FHIRPath of each element that says nothing: "", [], {}."""
    if value in ("", [], {}):
        yield at
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _empty(item, f"{at}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _empty(item, f"{at}[{index}]")
