"""The booking block as the bench sees it, the professionals of other structures, and the meetings of the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from harness.actors.person import Person
from harness.actors.professional import Professional
from harness.dates import PARIS, asked, said
from harness.expectations import expect, expect_equal, expect_none

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.sandbox_client import TenantClient
    from harness.scene import Scene

ELSEWHERE = {
    "client_id": "autre-structure",
    "nom": "DUI d'une autre structure",
    "jeton": "banc-at-autre-structure-0001",
}
TITLE, REASON = "Réunion de synthèse", "Préparer le retour à domicile"
LENGTH = timedelta(minutes=30)
CODES = {"acceptee": "accepted", "refusee": "declined", "autre_horaire": "tentative"}
"""What the block keeps of each answer that a product shows."""
WRITING = "serveur.rdv.appointment.update"


@dataclass(frozen=True, slots=True)
class Day:
    """A day to come, counted from that of the clock of the services: « dans 10 jours »."""

    days: int

    def at(self, scene: Scene, hour: time) -> datetime:
        """That hour of that day, on the clock of Paris, without zone."""
        today = scene.now().astimezone(ZoneInfo(PARIS)).date()
        return datetime.combine(today + timedelta(days=self.days), hour)


class BlockActor:
    """The block, by the admin API: what it holds, and what others do there."""

    def __init__(self, tenant: TenantClient) -> None:
        self._tenant = tenant

    def professional(self) -> Professional:
        """A fresh fictitious professional."""
        return Professional.from_json(self._tenant.call("POST", "/professionnels", {}))

    def neighbour(self, start: datetime, end: datetime) -> Professional:
        """A professional of another structure, whose agenda at the block is open then (instants)."""
        made = self.professional()
        self._tenant.call("POST", "/rdv/logiciels", ELSEWHERE)
        opening = {"debut": start.isoformat(), "fin": end.isoformat()}
        wanted = {"professionnel": made.id, "logiciel": ELSEWHERE["client_id"], "disponibilites": [opening]}
        self._tenant.call("POST", "/rdv/agendas", wanted)
        return made

    def free(self, professional: Professional) -> list[datetime]:
        """When the free slots of a professional begin."""
        found = self._tenant.call("GET", "/rdv/creneaux", query={"professionnel": professional.national_id})["creneaux"]
        return [datetime.fromisoformat(slot["debut"]) for slot in found if slot["statut"] == "free"]

    def requests_to(self, professional: Professional) -> list[Mapping[str, Any]]:
        """The requests in which a professional takes part."""
        found = self._tenant.call("GET", "/rdv/demandes")["demandes"]
        return [one for one in found if professional.national_id in one["reponses"]]

    def request_to(self, professional: Professional) -> Mapping[str, Any]:
        """The only one."""
        found = self.requests_to(professional)
        expect(len(found) == 1, "une seule demande reçue par le bloc", f"{len(found)}")
        return found[0]

    def reply(self, professional: Professional, reply: str, **more: Any) -> None:
        """A professional of another structure answers the only request to her. more: `debut`, `fin`, `motif`."""
        body = {"professionnel": professional.national_id, "reponse": reply, **more}
        self._tenant.call("POST", f"/rdv/demandes/{self.request_to(professional)['id']}/reponses", body)

    def ask(self, asker: Professional, guest: Professional, start: datetime, person: Person | None = None) -> None:
        """A professional of another structure asks."""
        body = {
            "demandeur": asker.national_id,
            "invites": [guest.national_id],
            "debut": start.isoformat(),
            "fin": (start + LENGTH).isoformat(),
            "intitule": TITLE,
            "motif": REASON,
            **({} if person is None else {"personne": person.id}),
        }
        self._tenant.call("POST", "/rdv/demandes", body)

    def agreement(self, person: Person, *, given: bool) -> None:
        """The usager lets the block read and feed her agenda, or does not."""
        self._tenant.call("POST", f"/rdv/usagers/{person.id}/accord", {"accord": given})

    def write_on_demand(self) -> None:
        """The block writes in the agendas when a scenario says so, and not while another begins."""
        self._tenant.change_settings(rdv__envoi="sur_demande")

    def write(self, *, again: bool = False) -> None:
        """Have the block write what is left to be written, or all of it once more."""
        self._tenant.call("POST", "/rdv/envois", {"refaire": again})

    def answer_within(self, hours: int) -> None:
        """From now on requests must be answered within that time."""
        self._tenant.change_settings(rdv__delai_reponse_h=hours)


@dataclass(frozen=True)
class Meeting:
    """A meeting as the product shows it."""

    reference: str
    start: datetime
    status: str
    in_agenda: bool
    answers: Mapping[str, str]
    told: Mapping[str, Any]


def publish(scene: Scene, professional: Professional, start: datetime, end: datetime) -> Outcome:
    """Have the product publish an opening (wall clock of Paris) of one of its professionals."""
    opening = {"debut": asked(start), "fin": asked(end)}
    return scene.product.act("publier_disponibilites", professionnel=professional, disponibilites=[opening])


def ask(scene: Scene, asker: Professional, guests: Sequence[Professional], **when: Any) -> Outcome:
    """Have the product ask for a meeting. when: `debut`, or `periode`; `usager`; other `intitule`, `motif`."""
    told = {"intitule": TITLE, "motif": REASON, **when}
    invited = [as_guest(one) for one in guests]
    return scene.product.act("demander_rendez_vous_pro", professionnel=asker, invites=invited, **told)


def as_guest(professional: Professional) -> dict[str, str]:
    """A professional, as one who is invited is named."""
    return {
        "identifiant_national": professional.national_id,
        "nom": professional.family_name,
        "prenom": professional.given_name,
    }


def meetings(scene: Scene, professional: Professional) -> list[Meeting]:
    """The meetings that the product shows to one of its professionals."""
    found = scene.product.act("lire_rendez_vous_pro", professionnel=professional)["rendez_vous"]
    return [
        Meeting(
            one["demande"],
            datetime.fromisoformat(one["debut"]),
            one["statut"],
            one["a_l_agenda"],
            {answer["identifiant_national"]: answer["reponse"] for answer in one["reponses"]},
            one,
        )
        for one in found
    ]


def meeting(scene: Scene, professional: Professional) -> Meeting:
    """The only one."""
    found = meetings(scene, professional)
    expect(len(found) == 1, "un seul rendez-vous entre professionnels montré", f"{len(found)}")
    return found[0]


def reply(scene: Scene, professional: Professional, answer: str, **more: Any) -> Outcome:
    """Have one of the product's professionals answer the only meeting that is shown to her."""
    seen = meeting(scene, professional)
    return scene.product.act(
        "repondre_rendez_vous_pro", professionnel=professional, demande=seen.reference, reponse=answer, **more
    )


def written(scene: Scene, *, again: bool = False) -> None:
    """Have the block write in the agendas of the product. Raises ApiNotExposed when it has none."""
    scene.require_api("rdv")
    scene.block.write(again=again)
    scene.wait_for(WRITING)


def names_everybody(request: Mapping[str, Any], professionals: Sequence[Professional], reason: str) -> None:
    """A request invites these professionals and nobody else, and gives its reason."""
    expect_equal(
        "Les professionnels de la demande",
        sorted(one.national_id for one in professionals),
        sorted(request["reponses"]),
    )
    said_there = str(request["resource"].get("reasonCode"))
    expect(reason in said_there, f"le motif « {reason} » dans la demande", said_there)


def free_at(scene: Scene, professional: Professional, expected: Sequence[datetime]) -> None:
    """The block offers these slots of a professional, and no other."""
    seen = scene.block.free(professional)
    expect_equal("Les créneaux offerts par le bloc", list(map(said, expected)), list(map(said, seen)))


def no_notice(scene: Scene, professional: Professional) -> None:
    """The product tells her nothing."""
    expect_none("avertissements", notices(scene, professional))


def notices(scene: Scene, professional: Professional) -> list[str]:
    """What the product has told one of its professionals since she last looked."""
    found = scene.product.act("lire_notifications", professionnel=professional)["notifications"]
    return [str(one["texte"]) for one in found]
