"""Slots that the SAS may see, and what regulators book on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from harness.actors import sas_aggregator
from harness.actors.sas_platform import Held, Regulator
from harness.dates import PARIS, asked, instant, said
from harness.expectations import expect, expect_equal
from rules.instants import parse_instant
from rules.sas_announced import told_of

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene

SUMMER, WINTER = 7, 1
_PLACE = {"nom": "Cabinet des Essais", "voie": "1 rue de l'Exemple", "code_postal": "59000", "commune": "Lille"}
_SIRET = "99999000900011"
_LENGTH = 15


@dataclass(frozen=True)
class Offer:
    """A slot of the product. reference: its id there; start: when it begins; holder: national id, empty for SOS."""

    reference: str
    start: datetime
    zone: str
    holder: str


@dataclass(frozen=True)
class Booking:
    """What a regulator booked. reference: its id in the product. patient: for whom."""

    reference: str
    regulator: Regulator
    offer: Offer
    start: datetime
    patient: Mapping[str, str]
    told: str


def next_in(scene: Scene, month: int, hour: int = 14) -> datetime:
    """The wall clock of the next sixth of that month, more than a day from now."""
    soon = scene.now().replace(tzinfo=None) + timedelta(days=2)
    wanted = datetime(soon.year, month, 6, hour)
    return wanted if wanted > soon else wanted.replace(year=soon.year + 1)


def open_slot(scene: Scene, wall: datetime, *, zone: str = PARIS, sos: bool = False) -> Offer:
    """A slot open to regulators at `wall`, of a fresh practitioner, or of an association SOS Médecins.

    Raises ServiceNotClaimed, and UseNotServed where the product has nothing to do with SOS Médecins.
    """
    scene.require("sas")
    if sos:
        sas_aggregator.require_variant(scene, "sos")
    slot = {"lieu": 0, "debut": asked(wall), "duree_minutes": _LENGTH, "publics": ["SNP"], "consultations": ["AMB"]}
    place = {**_PLACE, **({} if zone == PARIS else {"fuseau": zone})}
    whose: dict[str, Any] = {"association": {"nom": "SOS Médecins des Essais", "siret": _SIRET}}
    holder = ""
    if not sos:
        professional = scene.tenant.call("POST", "/professionnels", {})
        holder = professional["identifiant_national"]
        whose = {"praticien": {"nom": professional["nom"], "prenom": professional["prenom"], "identifiant": holder}}
    opened = scene.product.act("ouvrir_creneaux_sas", lieux=[place], creneaux=[slot], **whose)
    return Offer(opened["creneaux"][0], instant(wall, zone), zone, holder)


def try_to_book(scene: Scene, regulator: Regulator, offer: Offer, *, origin: str = "sas") -> Outcome:
    """Ask the product to have this regulator book that slot for a fictitious patient."""
    patient = scene.person()
    told = {"nom": patient.family_name, "prenom": patient.given_names[0], "telephone": patient.phone}
    return scene.product.act(
        "reserver_creneau_sas", creneau=offer.reference, regulateur=regulator.named, origine=origin, patient=told
    )


def book(scene: Scene, regulator: Regulator, offer: Offer) -> Booking:
    """The same, done. Raises AssertionError when the product refuses."""
    done = try_to_book(scene, regulator, offer)
    reference, told = str(done["rendez_vous"]), str(done["envoi"]["etat"])
    return Booking(reference, regulator, offer, offer.start, done.params["patient"], told)


def move(scene: Scene, booking: Booking) -> Booking:
    """The booking once the product has moved it to the day after, an hour later."""
    wall = booking.start.replace(tzinfo=None) + timedelta(days=1, hours=1)
    done = scene.product.act("deplacer_rendez_vous", rendez_vous=booking.reference, debut=asked(wall))
    expect(not done.refused, "un déplacement accepté", done.message)
    return replace(booking, start=instant(wall, booking.offer.zone))


def record(scene: Scene, booking: Booking, action: str, **params: Any) -> None:
    """An action of the vocabulary on this booking. Raises AssertionError when the product refuses."""
    done = scene.product.act(action, rendez_vous=booking.reference, **params)
    expect(not done.refused, f"l'action « {action} » acceptée", done.message)


# -- what must be seen


def only_one(scene: Scene, booking: Booking) -> Held:
    """The one appointment that the platform holds, at the instant of this booking; a product may tell it a bit late."""
    return scene.eventually(lambda: _only_one(scene, booking), service="sas")


def _only_one(scene: Scene, booking: Booking) -> Held:
    found = scene.sas.held()
    expect(len(found) == 1, "un seul rendez-vous sur la plateforme", [one.identifiers for one in found])
    seen = parse_instant(found[0].resource.get("start"))
    expect(seen == booking.start, f"un début le {said(booking.start)}", str(found[0].resource.get("start")))
    return found[0]


def holds(scene: Scene, booking: Booking, status: str) -> Held:
    """The platform holds this booking once, with this status and both times; a product may tell it a bit late."""

    def check() -> Held:
        held = _only_one(scene, booking)
        expect_equal("le statut du rendez-vous", status, held.status)
        expect(bool(held.resource.get("end")), "une fin", "aucune")
        return held

    return scene.eventually(check, service="sas")


def operator_of(held: Held) -> tuple[str, str]:
    """(system, value) of the regulator named by an appointment."""
    for extension in held.resource.get("extension", []):
        identifier = (extension.get("valueReference") or {}).get("identifier") or {}
        if identifier:
            return str(identifier.get("system")), str(identifier.get("value"))
    return "", ""


def effector_of(held: Held) -> str:
    """National identifier of the practitioner named by an appointment, empty when there is none."""
    actors = [item.get("actor") or {} for item in held.resource.get("participant", [])]
    return next((str(actor["identifier"].get("value")) for actor in actors if actor.get("identifier")), "")


def went_through(held: Held, *statuses: str) -> None:
    """The platform was told these statuses, in this order, the same one perhaps again."""
    seen = [status for place, status in enumerate(held.history) if place == 0 or held.history[place - 1] != status]
    expect_equal("les statuts annoncés, dans l'ordre", list(statuses), seen)


def nothing_of_the_patient(scene: Scene, booking: Booking) -> None:
    """Neither the name nor the telephone of the patient is in what the product sent for this booking."""
    only_one(scene, booking)
    writes = [e for e in scene.exchanges(service="sas") if e.operation.startswith("sas.fhir.appointment.")]
    expect(bool(writes), "une annonce à la plateforme", "aucune")
    seen = [at for write in writes for at, _ in told_of(write, booking.patient)]
    expect(not seen, "rien du patient", seen)
