"""INT_R03: what the platform does with an appointment taken in the product of an editor (guide SAS 1.2.0)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import profiles
from mocks.agendas.model_status import may_become
from mocks.call import Call
from mocks.fhir import (
    CONDITIONAL_UPDATE,
    CREATE,
    Demand,
    FhirEndpoint,
    FhirError,
    FhirServer,
    OutcomeIssue,
    Resource,
    Scope,
    token,
)
from mocks.sas import model_regulators

INDIVIDUAL = "http://sas.fr/fhir/StructureDefinition/FrAppointmentSAS"
SOS = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/sas-sos-appointment"
OPERATOR = "http://interopsante.org/fhir/StructureDefinition/FrAppointmentOperator"
# pending: of SOS Médecins, whose association then accepts.
STATUSES = ("booked", "fulfilled", "noshow", "cancelled")
SOS_STATUSES = ("pending", *STATUSES)
_CAPITAL = "Identifier"
# As the page of the flow writes it; names of parameters are case-sensitive in R4.
_AS_PRINTED = replace(
    token(_CAPITAL, "identifier", selective=True),
    documentation="Orthographe de la page du guide ; en R4 le nom est « identifier ».",
)


def variant_of(resource: Mapping[str, Any]) -> str:
    """Canonical of the profile that an appointment is judged by: the one it claims, else by its participants."""
    meta = resource.get("meta")
    claimed = meta.get("profile") if isinstance(meta, dict) else None
    known = [url for url in claimed if url in (INDIVIDUAL, SOS)] if isinstance(claimed, list) else []
    participants = [item for item in _list(resource.get("participant")) if isinstance(item, dict)]
    nobody = bool(participants) and all("actor" not in item and item.get("type") for item in participants)
    return str(known[0]) if known else SOS if nobody else INDIVIDUAL


def _admit(call: Call, demand: Demand) -> Scope:
    """Everybody whom the mutual TLS lets in may write; see the contract on certificates."""
    if any(name == _CAPITAL for name, _ in demand.query):
        if call.setting("parametre_majuscule") == "refuser":
            raise FhirError(400, f"Le paramètre « {_CAPITAL} » n'existe pas : en FHIR R4 son nom est « identifier ».")
        call.note("parametre-majuscule", f"« {_CAPITAL} » lu comme « identifier » : la page du guide l'écrit ainsi")
    return Scope()


def _judge(call: Call, resource: Resource) -> list[OutcomeIssue]:
    call.context["variante"] = "sos" if variant_of(resource) == SOS else "ps"
    issues = [
        OutcomeIssue(issue.code, issue.message, issue.severity, issue.expression)
        for issue in profiles.validate(resource, variant_of(resource))
    ]
    # A body that is not a FHIR resource cannot be kept, whatever the setting.
    if call.setting("profil") == "refuser" or any(issue.code == "structure" for issue in issues):
        return issues
    for issue in issues:
        if issue.severity in ("error", "fatal"):
            call.note("profil-non-respecte", f"{issue.at} : {issue.text}")
    return []


def _write(call: Call, old: Resource | None, new: Resource) -> None:
    if old is None and call.operation.endswith(".update") and call.setting("rendez_vous_inconnu") == "refuser":
        raise FhirError(404, "La plateforme n'a aucun rendez-vous de cet identifiant.")
    _check_identifier(call, old, new)
    _check_status(call, old, new)
    _check_regulator(call, new)


def _check_identifier(call: Call, old: Resource | None, new: Resource) -> None:
    before, after = _keys(old or {}), _keys(new)
    if old is not None and before != after:
        call.note("identifiant-change", f"le rendez-vous {', '.join(before)} devient {', '.join(after)}")


def _check_status(call: Call, old: Resource | None, new: Resource) -> None:
    before, after = str((old or {}).get("status", "")), str(new.get("status"))
    used = after in (SOS_STATUSES if call.context.get("variante") == "sos" else STATUSES)
    allowed = used and may_become(before, after)
    call.context["transition"] = {"from": before or None, "to": after, "allowed": allowed}
    if not used:
        _refuse_or_note(call, "statuts", "strict", "statut-hors-flux", f"Le flux INT_R03 n'emploie pas « {after} ».")
    elif not allowed:
        text = f"Un rendez-vous « {before} » ne peut pas devenir « {after} »."
        _refuse_or_note(call, "statuts", "strict", "transition-interdite", text)


def _check_regulator(call: Call, new: Resource) -> None:
    system, value = operator_of(new)
    found = model_regulators.named(call.session, call.tenant.name, system, value)
    call.context["regulateur"] = None if found is None else found.id
    if found is None:
        text = f"Aucun régulateur de la plateforme n'a l'identifiant {system}|{value}."
        _refuse_or_note(call, "regulateur_inconnu", "refuser", "regulateur-inconnu", text)


def _refuse_or_note(call: Call, setting: str, refusing: str, code: str, text: str) -> None:
    if call.setting(setting) == refusing:
        call.context["refusal"] = code
        raise FhirError(422, text, code="business-rule")
    call.note(code, text)


def operator_of(resource: Mapping[str, Any]) -> tuple[str, str]:
    """System and value of the identifier of the regulator, empty when there is none."""
    for extension in _list(resource.get("extension")):
        if isinstance(extension, dict) and extension.get("url") == OPERATOR:
            reference = extension.get("valueReference")
            identifier = reference.get("identifier") if isinstance(reference, dict) else None
            if isinstance(identifier, dict):
                return str(identifier.get("system", "")), str(identifier.get("value", ""))
    return "", ""


def _keys(resource: Mapping[str, Any]) -> list[str]:
    return list(keys_of(resource))


def keys_of(resource: Mapping[str, Any]) -> Iterator[str]:
    """`system|value` of each identifier of an appointment."""
    for item in _list(resource.get("identifier")):
        if isinstance(item, dict):
            yield f"{item.get('system', '')}|{item.get('value', '')}"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


_POLICIES = {"refuser": "reject", "fusionner": "merge", "accepter": "accept"}


def _on_same_identifier(call: Call) -> str:
    return _POLICIES[call.setting("rendez_vous_deja_connu")]


FHIR = FhirServer(
    "sas",
    [
        FhirEndpoint(
            "Appointment",
            profile=INDIVIDUAL,
            interactions=(CREATE, CONDITIONAL_UPDATE),
            search=(token("identifier"), _AS_PRINTED),
            guard=_admit,
            validate=_judge,
            on_write=_write,
            duplicates=_on_same_identifier,
        )
    ],
    title="Plateforme SAS, INT_R03 (banc)",
    version="1.2.0",
    media_types=("application/json+fhir",),
)
