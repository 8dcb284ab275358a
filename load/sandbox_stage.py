"""The sandbox of a load: a process of its own, a tenant, and the people and agendas that the load needs there."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from harness.sandbox_client import SandboxClient, TenantClient
from harness.target import Target
from load.profile import Profile
from load.servers import free_port, granian, program

OID = "1.2.250.1.999.12"
FINALITIES = ["AGENDA_ECRITURE", "AGENDA_LECTURE"]
TOKEN_LIFE_S = 86_400  # the generator has no refresh: it is not what is measured
RACE_DAYS = 3


@dataclass(frozen=True)
class Place:
    """A sandbox in service. pid: of its first process on this machine, 0 when it is elsewhere. workers: processes."""

    client: SandboxClient
    tenant: TenantClient
    pid: int
    workers: int


def open_sandbox(
    target: Target | None, profile: Profile, stack: ExitStack, folder: Path, *, store: str = "", workers: int = 1
) -> Place:
    """The sandbox that `cible.toml` names in mode `distant`, else one of our own until the stack closes.

    store: SQLAlchemy URL, a file of the folder by default. workers: processes of our own sandbox; one only when the
    profile cuts connections, which the server of several processes cannot do.
    """
    if target is not None and target.sandbox.mode == "distant":
        client = SandboxClient(target.sandbox.url, token=target.sandbox.token)
        stack.callback(client.close)
        tenant = client.open_tenant()
        stack.callback(tenant.close)
        return Place(client, tenant, 0, 1)
    store = store or f"sqlite:///{folder / 'bac-a-sable.sqlite'}"
    if any(str(one["nature"]).startswith("coupure") for one in profile.disturbances):
        port = free_port()
        command = [sys.executable, "-m", "harness.cli", "serve", "--port", str(port), "--base", store]
        running, workers = stack.enter_context(program(command, port, log=folder / "bac-a-sable.log")), 1
    else:
        serving = granian("mocks.servers.workers:make", {"BANC_BASE": store}, workers=workers)
        running = stack.enter_context(serving)
    client = SandboxClient(running.url)
    stack.callback(client.close)
    return Place(client, client.open_tenant(), running.pid, workers)


def mes_scene(tenant: TenantClient, people: int) -> dict[str, Any]:
    """A service of the catalogue and this many persons paired with it: how the generator calls MES by itself."""
    tenant.change_settings(mes__access_token_lifetime_s=TOKEN_LIFE_S)
    service = {
        "oid": OID,
        "nom": "Générateur de charge",
        "editeur": "banc",
        "client_id": "charge",
        "client_secret": "banc-cs-generateur-de-charge",
        "redirect_uris": ["https://charge.test/retour"],
        "url_synchronisation": "https://charge.test/",
        "statut": "EN_LIGNE",
    }
    tenant.call("POST", "/mes/services", service)
    return {"base": f"{tenant.bases['mes']}/fhir", "people": [_paired(tenant) for _ in range(people)]}


def _paired(tenant: TenantClient) -> dict[str, Any]:
    person = tenant.new_person()["id"]
    asked = {"finalites": FINALITIES, "base": tenant.bases["mes"]}
    tokens = tenant.call("POST", f"/mes/usagers/{person}/appariements", asked)
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "ID_TOKEN": tokens["id_token"]}
    patient = {"system": f"urn:oid:{tokens['assign_auth']}", "value": tokens["idpe"]}
    return {"person": person, "patient": patient, "headers": headers}


def gap_scene(tenant: TenantClient, profile: Profile) -> dict[str, Any]:
    """Agendas of fictitious professionals at the agenda manager, and a client of it; the slots of a race if any."""
    token = tenant.call("POST", "/gap/clients", {"client_id": "charge"})["jeton"]
    fought = profile.arrivals.shape == "vagues"
    agendas = [_agenda(tenant, race=fought) for _ in range(max(1, profile.professionals))]
    scene: dict[str, Any] = {
        "base": f"{tenant.bases['gap']}/fhir",
        "headers": {"Authorization": f"Bearer {token}"},
        "agendas": agendas,
        "people": [ins(tenant.new_person()) for _ in range(max(1, profile.people))],
    }
    if fought:
        scene["rounds"] = _rounds(scene, profile.arrivals.rounds)
    return scene


def _agenda(tenant: TenantClient, *, race: bool) -> dict[str, str]:
    start = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(days=1)
    if race:
        open_at = {"debut": start.isoformat(), "fin": (start + timedelta(days=RACE_DAYS)).isoformat()}
    else:
        until = (start + timedelta(days=7)).isoformat()
        end = (start + timedelta(hours=4)).isoformat()
        open_at = {"debut": start.isoformat(), "fin": end, "frequence": "DAILY", "jusqu_au": until}
    made = tenant.call("POST", "/gap/agendas", {"disponibilites": [open_at], "durees_min": [30]})
    return {
        "identifier": made["identifiant_national"],
        "schedule": made["schedule"],
        "practitioner": made["practitioner"],
    }


def ins(person: Mapping[str, Any]) -> dict[str, str]:
    """Identifier of a fictitious person (admin API): the INS."""
    return {"system": f"urn:oid:{person['ins']['oid']}", "value": person["ins"]["matricule"]}


def _rounds(scene: Mapping[str, Any], rounds: int) -> list[list[dict[str, str]]]:
    """The slots of each round: one of each agenda, at the same hour."""
    offered = [_slots(scene, agenda) for agenda in scene["agendas"]]
    return [[slots[turn] for slots in offered] for turn in range(rounds)]


def _slots(scene: Mapping[str, Any], agenda: Mapping[str, str]) -> Sequence[dict[str, str]]:
    query = f"schedule=Schedule/{agenda['schedule']}&status=free&_count=200"
    answer = httpx.get(f"{scene['base']}/Slot?{query}", headers=scene["headers"], timeout=60, trust_env=False)
    answer.raise_for_status()
    found = [entry["resource"] for entry in answer.json()["entry"]]
    return [
        {"id": slot["id"], "start": slot["start"], "end": slot["end"], **agenda}
        for slot in sorted(found, key=lambda slot: datetime.fromisoformat(slot["start"]))
    ]


def disturb(tenant: TenantClient, profile: Profile) -> None:
    """Ask the sandbox for the limit of rate of the profile, for the whole run."""
    if profile.throttle:
        tenant.add_fault(nature="debit", fois=0, **profile.throttle)
