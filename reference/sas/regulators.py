"""Accounts of the regulators of the SAS: the platform opens them, changes them, and takes a right away (INT_R02)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reference.defects import Defects
from reference.records import Record
from reference.refusal import Refusal
from reference.store import Store

PLATFORM = "urn:oid:1.2.250.1.213.3.6"
NATIONAL = "urn:oid:1.2.250.1.71.4.2.1"
TYPES = {NATIONAL: "IDNPS", PLATFORM: "INTRN"}
"""Type of the identifier that goes with each system (guide SAS 1.2.0, FrPractitionerRegul)."""

TYPE_SYSTEM = "http://interopsante.org/fhir/CodeSystem/fr-v2-0203"
_TURN = "regulateurs-sas"
_CONTROL = re.compile(r"[\x00-\x1f]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

Key = tuple[str, str]


class AccountError(Exception):
    """What the platform asks cannot be done: HTTP status, code of the OperationOutcome, sentence, place."""

    def __init__(self, status: int, code: str, says: str, *, at: str = "") -> None:
        super().__init__(says)
        self.status, self.code, self.says, self.at = status, code, says, at


@dataclass
class Regulator(Record, key="id"):
    """An account. identifiants: `system`, `value` of each. actif: whether the right of a regulator is held."""

    id: str
    identifiants: list[dict[str, str]]
    nom: str
    prenom: str
    courriel: str
    actif: bool
    source: dict[str, Any] = field(default_factory=dict)

    @property
    def keys(self) -> set[Key]:
        """(system, value) of each identifier."""
        return {(one["system"], one["value"]) for one in self.identifiants}


class Regulators:
    """All accounts of regulators. Writes take turns: two calls never make two accounts of one person."""

    def __init__(self, store: Store, defects: Defects) -> None:
        self._store, self._defects = store, defects

    def all(self) -> list[Regulator]:
        """The accounts, oldest first."""
        return self._store.all(Regulator)

    def of(self, system: str, value: str) -> Regulator | None:
        """The account of that identifier, one that is active rather than one that is not."""
        found = [one for one in self.all() if (system, value) in one.keys]
        return next((one for one in found if one.actif), found[0] if found else None)

    def allowed(self, system: str, value: str, *, from_sas: bool) -> Regulator:
        """The account that may book: active, and arrived from the SAS. Refusal otherwise."""
        found = self.of(system, value)
        if found is None:
            raise Refusal("regulateur_inconnu", "Aucun compte de régulateur n'a cet identifiant.")
        if not from_sas and not self._defects.has("sas_droit_hors_sas"):
            raise Refusal("hors_sas", "Le droit de régulateur ne sert qu'en arrivant de la plateforme du SAS.")
        if not found.actif and not self._defects.has("sas_droit_garde"):
            raise Refusal("droit_retire", "Le droit de régulateur de ce compte a été retiré.")
        return found

    def create(self, resource: Mapping[str, Any]) -> Regulator:
        """Open an account. Raises AccountError: 422 what the profile refuses, 409 an identifier that an account has."""
        read = self._read(resource)
        with self._store.turn(_TURN):
            if any(self.of(*key) for key in read.keys) and not self._defects.has("sas_compte_en_double"):
                raise AccountError(409, "duplicate", "Un compte a déjà cet identifiant.", at="Practitioner.identifier")
            self._store.save(read)
        return read

    def update(self, key: Key, resource: Mapping[str, Any]) -> tuple[Regulator, bool]:
        """Change the account of that identifier, or open one; whether it is new. Raises AccountError."""
        read = self._read(resource)
        with self._store.turn(_TURN):
            old = self.of(*key)
            new = old is None
            if new and self._defects.has("sas_inconnu_refuse"):
                raise AccountError(404, "not-found", "Aucun compte n'a cet identifiant.")
            self._make_room(read, old)
            if self._defects.has("sas_deux_comptes") and old is not None and key not in read.keys:
                old = None
            if self._defects.has("sas_compte_par_mise_a_jour"):
                old = None
            if old is not None:
                read.id = old.id
                if self._defects.has("sas_ancien_identifiant_garde"):
                    read.identifiants += [one for one in old.identifiants if one not in read.identifiants]
            self._saved(read, old)
        return read, new

    def _saved(self, read: Regulator, old: Regulator | None) -> None:
        if not read.actif and self._defects.has("sas_compte_supprime"):
            self._store.delete(read)
            return
        if old is not None and self._defects.has("sas_mise_a_jour_perdue"):
            read.nom, read.prenom, read.courriel = old.nom, old.prenom, old.courriel
        if old is not None and not old.actif and self._defects.has("sas_droit_jamais_rendu"):
            read.actif = False
        self._store.save(read)

    def _make_room(self, read: Regulator, own: Regulator | None) -> None:
        """A national identifier may pass to another account once the one that had it is disabled (FAQ SAS)."""
        for system, value in read.keys:
            other = self.of(system, value)
            if other is None or (own is not None and other.id == own.id):
                continue
            if other.actif or self._defects.has("sas_identifiant_non_reattribue"):
                raise AccountError(422, "business-rule", "Un autre compte actif a cet identifiant.")
            other.identifiants = [one for one in other.identifiants if one["value"] != value]
            self._store.save(other)

    def _read(self, resource: Mapping[str, Any]) -> Regulator:
        """The account that a Practitioner tells. Raises AccountError 422."""
        if self._defects.has("sas_nom_absent_casse"):
            resource["name"][0]["family"]
        wrong = [fault for fault in _faults(resource) if not self._defects.has(fault[0])]
        if wrong:
            _, at, says = wrong[0]
            raise AccountError(422, "required" if "manque" in says else "invalid", says, at=f"Practitioner.{at}")
        name = _first(resource.get("name"))
        mails = [one for one in _objects(resource.get("telecom")) if one.get("system") == "email"]
        return Regulator(
            id=f"regulateur-{secrets.token_hex(6)}",
            identifiants=[
                {"system": _text(one.get("system")), "value": _text(one.get("value"))}
                for one in _objects(resource.get("identifier"))
            ],
            nom=_text(name.get("family")),
            prenom=" ".join(_texts(name.get("given"))),
            courriel=_text(mails[0].get("value")) if mails else "",
            actif=resource.get("active") is not False,
            source=dict(_object(resource.get("meta"))),
        )


def _faults(resource: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(switch of the defect that lets it pass, place, sentence) of each fault."""
    identifiers = _objects(resource.get("identifier"))
    if not identifiers:
        yield "sas_identifiant_non_exige", "identifier", "L'identifiant manque."
    for one in identifiers:
        codes = [coding.get("code") for coding in _objects(_object(one.get("type")).get("coding"))]
        if not _text(one.get("value")).strip() or _text(one.get("system")) not in TYPES:
            yield "sas_identifiant_non_exige", "identifier", "Un système connu et une valeur sont attendus."
        elif codes != [TYPES[str(one["system"])]]:
            yield "sas_type_non_verifie", "identifier.type", "Le type de l'identifiant n'est pas celui du système."
    if not isinstance(resource.get("active"), bool):
        yield "sas_actif_non_exige", "active", "active manque, ou n'est pas un booléen."
    name = _first(resource.get("name"))
    if not _text(name.get("family")).strip() or not any(one.strip() for one in _texts(name.get("given"))):
        yield "sas_nom_non_exige", "name", "Le nom ou le prénom manque."
    mails = _objects(resource.get("telecom"))
    right = [m for m in mails if m.get("system") == "email" and _EMAIL.fullmatch(_text(m.get("value")))]
    if not mails or len(right) != len(mails):
        yield "sas_courriel_non_verifie", "telecom", "L'adresse électronique manque, ou n'en est pas une."


def _text(value: Any) -> str:
    """A string of FHIR; empty for what is none (another type, a control character)."""
    return value if isinstance(value, str) and not _CONTROL.search(value) else ""


def _texts(value: Any) -> list[str]:
    return [_text(item) for item in value] if isinstance(value, list) else []


def _objects(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(value: Any) -> Mapping[str, Any]:
    return next(iter(_objects(value)), {})
