"""The SAS platform as scenarios play it: its regulators, what it asks of the product (INT_R02), what it was told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from harness.actors.product_api import ProductApi
from harness.expectations import expect, expect_equal

if TYPE_CHECKING:
    from harness.sandbox_client import TenantClient
    from harness.scene import Scene
    from rules import Exchange

NATIONAL = "urn:oid:1.2.250.1.71.4.2.1"
TECHNICAL = "urn:oid:1.2.250.1.213.3.6"
CODES = {NATIONAL: "IDNPS", TECHNICAL: "INTRN"}
PROFILE = "https://interop.esante.gouv.fr/ig/fhir/sas/StructureDefinition/FrPractitionerRegul"
TYPE_SYSTEM = "http://interopsante.org/fhir/CodeSystem/fr-v2-0203"
# As the page of the guide prints it; the name registered for FHIR R4 is application/fhir+json.
ACCEPT = "application/json+fhir"


@dataclass(frozen=True)
class Regulator:
    """Who regulates. identifier: (system, value) by which the platform names her to the product."""

    id: str
    family_name: str
    given_name: str
    email: str
    identifier: tuple[str, str]
    active: bool = True

    def as_resource(self, **changes: Any) -> dict[str, Any]:
        """The Practitioner of INT_R02. changes: elements that replace those, or None to leave them out."""
        system, value = self.identifier
        made = {
            "resourceType": "Practitioner",
            "meta": {"source": TECHNICAL, "profile": [PROFILE]},
            "identifier": [numbered(CODES[system], system, value)],
            "active": self.active,
            "name": [{"family": self.family_name, "given": [self.given_name]}],
            "telecom": [{"system": "email", "value": self.email}],
            **changes,
        }
        return {name: element for name, element in made.items() if element is not None}

    @property
    def named(self) -> dict[str, str]:
        """As actions of the vocabulary name her."""
        return dict(zip(("system", "value"), self.identifier, strict=True))


def numbered(code: str, system: str, value: str) -> dict[str, Any]:
    """An Identifier with its type."""
    return {"type": {"coding": [{"system": TYPE_SYSTEM, "code": code}]}, "system": system, "value": value}


@dataclass(frozen=True)
class Held:
    """An appointment as the platform holds it. history: its statuses, oldest first."""

    start: datetime
    status: str
    identifiers: tuple[str, ...]
    history: tuple[str, ...]
    resource: Mapping[str, Any]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Held:
        """From an answer of the admin API."""
        start = datetime.fromisoformat(data["debut"])
        return cls(start, data["statut"], tuple(data["identifiants"]), tuple(data["histoire"]), data["resource"])


class SasPlatform:
    """The platform, for one scenario. api: the accounts of regulators in the product."""

    def __init__(self, tenant: TenantClient, api: ProductApi) -> None:
        self._tenant, self._api = tenant, api
        self._before = frozenset(one["id"] for one in self._told())  # by other scenarios

    # -- regulators

    def regulator(self, identifier: str = "technique") -> Regulator:
        """A fresh fictitious regulator. identifier: `technique` (UUID), `national` (with a slash) or `rpps`."""
        made = self._tenant.call("POST", "/sas/regulateurs", {"identifiant": identifier})
        national = made["identifiant_national"]
        known = (NATIONAL, national) if national else (TECHNICAL, made["identifiant_technique"])
        return Regulator(made["id"], made["nom"], made["prenom"], made["courriel"], known)

    def given_national_id(self, regulator: Regulator) -> Regulator:
        """The same regulator, whose national identifier the platform now has."""
        told = self._tenant.call("PATCH", f"/sas/regulateurs/{regulator.id}", {"identifiant_national": True})
        return replace(regulator, identifier=(NATIONAL, told["identifiant_national"]))

    # -- INT_R02

    def open_account(self, regulator: Regulator, **changes: Any) -> Exchange:
        """POST Practitioner. changes: elements sent otherwise, or left out (None)."""
        return self._create(regulator.as_resource(**changes))

    def open_accounts_at_once(self, regulator: Regulator, times: int) -> list[Exchange]:
        """The same account, asked for several times together."""
        with ThreadPoolExecutor(times) as pool:
            return list(pool.map(lambda _: self.open_account(regulator), range(times)))

    def send_garbage(self) -> Exchange:
        """POST Practitioner with what is no JSON."""
        return self._create('{"resourceType": "Practitioner", ')

    def update_account(self, regulator: Regulator, known_as: tuple[str, str] | None = None, **more: Any) -> Exchange:
        """PUT Practitioner?identifier=. known_as: identifier that the product has, the present one unless given."""
        key = quote("|".join(known_as or regulator.identifier), safe=":")
        target = f"/Practitioner?identifier={key}"
        headers = {"Accept": ACCEPT}
        return self._api.call("practitioner.update", "PUT", target, body=regulator.as_resource(**more), headers=headers)

    def _create(self, body: Any) -> Exchange:
        return self._api.call("practitioner.create", "POST", "/Practitioner", body=body, headers={"Accept": ACCEPT})

    # -- INT_R03

    def held(self) -> list[Held]:
        """The appointments that the platform was told in this scenario, in the order of their arrival."""
        return [Held.from_json(one) for one in self._told() if one["id"] not in self._before]

    def _told(self) -> list[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = self._tenant.call("GET", "/sas/rendez-vous")["rendez_vous"]
        return found

    def creates_by_post_only(self) -> None:
        """An update of an appointment that the platform does not know is refused: the guide does not say."""
        self._tenant.change_settings(sas__rendez_vous_inconnu="refuser")


# -- what must be seen


def taken(answer: Exchange) -> None:
    """Done, whatever else the answer lacks: the scene can go on."""
    _status(answer, (200, 201))


def created(answer: Exchange) -> None:
    """201 with the address of the account."""
    _status(answer, (201,))
    _located(answer)


def updated(answer: Exchange) -> None:
    """200 with the address of the account."""
    _status(answer, (200,))
    _located(answer)


def accepted(answer: Exchange) -> None:
    """Done: 200 or 201, with the address of the account."""
    _status(answer, (200, 201))
    _located(answer)


def refused(answer: Exchange, statuses: Iterable[int] = (400, 422)) -> None:
    """Refused with one of these statuses, and an OperationOutcome that says why."""
    _status(answer, tuple(statuses))
    kind = answer.answer_resource.get("resourceType")
    expect_equal("la ressource de la réponse", "OperationOutcome", kind)
    expect(bool(answer.answer_resource.get("issue")), "au moins un motif (issue)", dict(answer.answer_resource))


def _status(answer: Exchange, wanted: tuple[int, ...]) -> None:
    expected = " ou ".join(map(str, wanted))
    expect(answer.status in wanted, f"le statut HTTP {expected}", f"{answer.status} {answer.answer_body[:200]}")


def _located(answer: Exchange) -> None:
    expect(bool(answer.answer_header("Location")), "l'en-tête Location", "rien")


def accounts_of(scene: Scene, *identifiers: tuple[str, str]) -> list[Mapping[str, Any]]:
    """The accounts of the product that bear one of these identifiers."""
    found: list[Mapping[str, Any]] = scene.product.act("lire_comptes_regulateurs")["comptes"]
    return [one for one in found if set(identifiers) & {(key["system"], key["value"]) for key in one["identifiants"]}]


def only_account(scene: Scene, regulator: Regulator) -> Mapping[str, Any]:
    """The one account of this regulator."""
    found = accounts_of(scene, regulator.identifier)
    expect(len(found) == 1, "un seul compte pour ce régulateur", found)
    return found[0]


def account_says(scene: Scene, regulator: Regulator) -> None:
    """The one account of this regulator says what the platform says."""
    account = only_account(scene, regulator)
    seen = {key: account[key] for key in ("nom", "prenom", "courriel", "actif")}
    wanted = (regulator.family_name, regulator.given_name, regulator.email, regulator.active)
    expect_equal("le compte", dict(zip(seen, wanted, strict=True)), seen)


def no_account(scene: Scene, regulator: Regulator) -> None:
    """No account bears the identifier of this regulator."""
    found = accounts_of(scene, regulator.identifier)
    expect(not found, "aucun compte de cet identifiant", found)


def now_names(scene: Scene, identifier: tuple[str, str], regulator: Regulator) -> None:
    """The active accounts of that identifier are one, and it is that of this regulator."""
    found = [one for one in accounts_of(scene, identifier) if one["actif"]]
    expect([one["nom"] for one in found] == [regulator.family_name], "le compte de l'autre régulateur", found)


def renamed(regulator: Regulator) -> Regulator:
    """The same, under another name and e-mail address."""
    return replace(regulator, family_name="Renommée", email=f"nouvelle-{regulator.email}")


def fault(regulator: Regulator, name: str) -> dict[str, Any]:
    """Elements of the Practitioner that make this fault (names: `steps/words.py`)."""
    system, value = regulator.identifier
    other = next(code for known, code in CODES.items() if known != system)
    faults: dict[str, dict[str, Any]] = {
        "sans_identifiant": {"identifier": None},
        "sans_nom": {"name": None},
        "sans_droit": {"active": None},
        "sans_courriel": {"telecom": None},
        "nom_vide": {"name": [{"family": "   ", "given": [regulator.given_name]}]},
        "courriel_vide": {"telecom": [{"system": "email", "value": "   "}]},
        "telephone": {"telecom": [{"system": "phone", "value": "+33199000042"}]},
        "type_faux": {"identifier": [numbered(other, system, value)]},
    }
    return faults[name]
