"""The product under load: reached at the address of `cible.toml`, or the bench's own, started for the run."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import httpx

from harness.actors.sas_practice import Offer, doctor, opened, soon
from harness.dates import Soon
from harness.environment import Environment, open_environment
from harness.errors import ProductUnreachable, SetUpError
from harness.scene import Scene
from harness.target import Target
from harness.target_sections import DriverSettings, SandboxSettings
from load.agenda_side import NEEDED, SECTION, agenda_scene
from load.ledger import same_instant
from load.profile import Profile
from load.reconcile import Seen
from load.servers import ServerStartError, free_port, program

DRIVER_PATH = "/_pilote"  # of the bench's own product
SAS_DAYS, SAS_SLOTS = 3, 12  # free slots of each practitioner


@dataclass
class Driven:
    """A product that acts when asked, its usagers paired with the sandbox's MES. usagers: id there, by person.

    sas, agenda: what it serves to the SAS platform, and to a third-party agenda, as the generator is told.
    """

    environment: Environment
    url: str
    actions: frozenset[str]
    usagers: Mapping[str, str]
    sas: Mapping[str, Any] = field(default_factory=dict)
    agenda: Mapping[str, Any] = field(default_factory=dict)

    def scene(self) -> dict[str, Any]:
        """What the generator is told, by service."""
        told = [{"person": person, "usager": usager} for person, usager in self.usagers.items()]
        driver = {"url": self.url, "actions": sorted(self.actions), "usagers": told}
        parts = {"pilote": driver if told else {}, "sas": self.sas, "agenda": self.agenda}
        return {service: part for service, part in parts.items() if part}

    def drain(self) -> int:
        """Ask the product to send what it kept; how many it still keeps. 0 when it offers no such action."""
        if "reprendre_envois" not in self.actions:
            return 0
        answer = self.environment.driver.perform("reprendre_envois", {})
        return int(answer.result.get("en_attente", 0))

    def shown(self, first: str, last: str) -> list[Seen] | None:
        """Appointments of its own that the product shows between two days; None when it offers no reading."""
        if "lire_agenda" not in self.actions:
            return None
        found: list[Seen] = []
        for person, usager in self.usagers.items():
            asked = {"usager": usager, "vue": "dui", "du": first, "au": last}
            answer = self.environment.driver.perform("lire_agenda", asked)
            found += [_seen(event, person) for event in answer.result.get("evenements", ()) if _own(event)]
        return found


def started(target: Target, defect: str, stack: ExitStack, folder: Path) -> str:
    """Address of the product's driver; the product named by `reference.processus` is started, with this defect.

    Raises SetUpError when the product runs in the bench's own process, where it could not be measured, or when a
    defect is asked of another product than the bench's own; ProductUnreachable.
    """
    module = _module(target.path)
    if module:
        port = free_port()
        command = [sys.executable, "-m", module, "--port", str(port), *(["--defaut", defect] if defect else [])]
        log = folder / "produit.log"
        try:
            return stack.enter_context(program(command, port, log=log)).url + DRIVER_PATH
        except ServerStartError as error:
            raise SetUpError(f"le produit de référence ne démarre pas : {log.read_text('utf-8')[-500:]}") from error
    if defect:
        raise SetUpError("--defaut ne vaut que pour le produit de référence (clé reference.processus).")
    if target.driver.kind != "http":
        raise SetUpError(
            "la charge demande un produit dans un processus à lui : pilote.type = « http ». "
            f"Vu dans {target.path} : « {target.driver.kind} »."
        )
    return target.driver.url


def drive(
    target: Target, url: str, sandbox_url: str, profile: Profile, services: Collection[str], stack: ExitStack
) -> Driven:
    """Register the product at the sandbox, and set its part of the stage: paired usagers, slots shown, agendas opened.

    services: those that the mix calls. Raises HarnessError (French): nothing here is a verdict on the product.
    """
    reached = replace(
        target,
        driver=DriverSettings("http", url, timeout_s=target.driver.timeout_s),
        sandbox=SandboxSettings("distant", sandbox_url, target.sandbox.token_env, target.sandbox.tenant),
        psc=None,
        franceconnect=None,
        franceconnect_plus=None,
        insi=None,
        api_psc=None,
        rdv=None,
        agenda=None,
        dmp=None,
    )
    environment = stack.enter_context(open_environment(reached))
    scene = stack.enter_context(environment.scene())
    driven = Driven(environment, url, _actions(url, target), {})
    try:
        if "pilote" in services and "mes" in environment.registrations:
            driven.usagers = dict(_paired(scene) for _ in range(profile.people))
        if "sas" in services and "sas" in environment.registrations:
            driven.sas = _sas(scene, environment, profile)
        if "agenda" in services and SECTION in environment.registrations and driven.actions >= NEEDED:
            driven.agenda = agenda_scene(scene, environment.registrations[SECTION], profile)
    except (AssertionError, KeyError) as error:
        raise SetUpError(f"le produit n'a pas pu être préparé avant la charge : {error}") from error
    return driven


def _paired(scene: Scene) -> tuple[str, str]:
    """A fresh person, known to the product and paired; her id, and the one she has there."""
    person = scene.person()
    usager = scene.usager(person)
    scene.mes.pair(person)
    return person.id, usager


def _sas(scene: Scene, environment: Environment, profile: Profile) -> dict[str, Any]:
    """Where the SAS platform calls, with which certificate, and the practitioners whose slots it will find."""
    registration = environment.registrations["sas"]
    days = [soon(scene, Soon(rank, time(9))) for rank in range(1, SAS_DAYS + 1)]
    offers = [Offer(day + timedelta(minutes=20 * rank)) for day in days for rank in range(SAS_SLOTS)]
    numbers = [opened(scene, doctor(scene), *offers).number for _ in range(max(1, profile.professionals))]
    folder = str(registration.facts.get("certificats", ""))
    named = [f"{folder}/sas-plateforme.pem", f"{folder}/sas-plateforme.key.pem", f"{folder}/autorites.pem"]
    return {"base": registration.api, "practitioners": numbers, "certificate": named if folder else []}


def _actions(url: str, target: Target) -> frozenset[str]:
    try:
        answer = httpx.get(f"{url}/actions", timeout=30, trust_env=False)
        return frozenset(answer.raise_for_status().json()["actions"]) - target.absent_actions
    except httpx.HTTPError as error:
        raise ProductUnreachable(f"Personne ne répond à l'adresse du pilote, {url} : {error}.") from error


def _module(path: Path) -> str:
    """Key `reference.processus`: module of the bench's own product, run as `python -m`."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return str(document.get("reference", {}).get("processus", ""))


def _own(event: Mapping[str, Any]) -> bool:
    return event.get("origine") == "produit"


def _seen(event: Mapping[str, Any], person: str) -> Seen:
    named = event.get("identifiant") or {}
    key = f"{named['system']}|{named['value']}" if named else ""
    return Seen(key, person, same_instant(event["debut"]), str(event["statut"]))


__all__ = ["Driven", "drive", "started"]
