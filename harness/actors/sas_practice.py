"""Practitioners and associations who open slots to the SAS in the product, for one scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from harness.actors.professional import Professional
from harness.dates import PARIS, Soon, asked, instant
from rules.sas_searches import Variant

if TYPE_CHECKING:
    from harness.scene import Scene

MINUTES = 20
Key = tuple[str, datetime, datetime]
_ADDRESS = {"voie": "1 rue des Essais", "code_postal": "99100", "commune": "Essai-Ville"}


@dataclass(frozen=True)
class Offer:
    """A slot to open. wall: on the clock of the place (naive). place: its rank. communities: FINESS with prefix."""

    wall: datetime
    minutes: int = MINUTES
    publics: tuple[str, ...] = ("PUBLIC",)
    consultations: tuple[str, ...] = ("AMB",)
    place: int = 0
    reserved: bool = False
    communities: tuple[str, ...] = ()
    bookable: bool = True
    zone: str = PARIS

    @property
    def start(self) -> datetime:
        return instant(self.wall, self.zone)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.minutes)

    def shown_to(self, variant: Variant) -> bool:
        """Whether the platform may see it in this search, while it is free."""
        return not self.reserved and (variant == "cpts" or self.publics != ("CPTS",))

    def told(self) -> dict[str, Any]:
        """As `ouvrir_creneaux_sas` takes it."""
        more = {"cpts": list(self.communities)} if self.communities else {}
        return {
            "lieu": self.place,
            "debut": asked(self.wall),
            "duree_minutes": self.minutes,
            "publics": list(self.publics),
            "consultations": list(self.consultations),
            "reserve_patientele": self.reserved,
            "reservable": self.bookable,
            **more,
        }


@dataclass(frozen=True)
class Holder:
    """Who holds the slots: a practitioner, or an association.

    number: national identifier, prefixed. told: as the action takes it, the number in the form that the product keeps.
    places: as the action takes them. offers, references: slots opened, and their ids in the product.
    """

    number: str
    told: Mapping[str, Any]
    places: Sequence[Mapping[str, Any]]
    offers: tuple[Offer, ...] = ()
    references: tuple[str, ...] = ()
    association: bool = False
    communities: Sequence[Mapping[str, str]] = field(default_factory=tuple)

    def expected(self, variant: Variant) -> set[Key]:
        """Slots that the platform must see: whose, from, to."""
        number = "" if self.association else self.number
        return {(number, offer.start, offer.end) for offer in self.offers if offer.shown_to(variant)}

    @property
    def family(self) -> str:
        return str(self.told["nom"])


def doctor(
    scene: Scene, *, form: str = "rpps", structure: str = "finess", places: int = 1, zone: str = PARIS, phone: str = ""
) -> Holder:
    """A fresh practitioner, without slots yet.

    form: how the product keeps the number: `rpps`, `adeli`, or the same without prefix (`rpps_nu`, `adeli_nu`).
    structure: kind of number of the places, `finess`, `siret` or `rang`.
    """
    made = Professional.from_json(scene.tenant.call("POST", "/professionnels", {"activites": places}))
    number = made.national_id if form.startswith("rpps") else f"099{made.national_id[-7:]}"
    kept = number[1:] if form.endswith("_nu") else number
    told = {"nom": made.family_name, "prenom": made.given_name, "identifiant": kept, "specialites": ["SM54"]}
    activities = made.practices[0]["activites"]
    where = [_place(made, structure, one, rank, zone) for rank, one in enumerate(activities)]
    return Holder(number, {**told, **({"telephone": phone} if phone else {})}, where)


def association(scene: Scene, *, sites: int = 1) -> Holder:
    """A fresh association (SOS Médecins) of fixed sites, without slots yet."""
    made = Professional.from_json(scene.tenant.call("POST", "/professionnels", {}))
    siret = made.practices[0]["activites"][0]["siret"]
    told = {"nom": f"SOS Médecins fictif {siret[-5:]}", "siret": siret}
    where = [{**_ADDRESS, "nom": f"Centre de consultation n° {rank + 1}"} for rank in range(sites)]
    return Holder(f"3{siret}", told, where, association=True)


def communities(scene: Scene, count: int) -> list[dict[str, str]]:
    """Fresh communities (CPTS), as the action takes them."""
    found = [Professional.from_json(scene.tenant.call("POST", "/professionnels", {})) for _ in range(count)]
    finess = [one.practices[0]["activites"][0]["finess"] for one in found]
    return [{"nom": f"CPTS fictive {one}", "finess": f"1{one}"} for one in finess]


def opened(scene: Scene, holder: Holder, *offers: Offer) -> Holder:
    """The holder, once the product has opened these slots. Raises AssertionError (French) when it refuses."""
    whose = "association" if holder.association else "praticien"
    asked_ = {whose: dict(holder.told), "lieux": list(holder.places), "creneaux": [offer.told() for offer in offers]}
    more = {"cpts": list(holder.communities)} if holder.communities else {}
    outcome = scene.product.act("ouvrir_creneaux_sas", **asked_, **more)
    references = tuple(outcome["creneaux"])
    return replace(holder, offers=holder.offers + offers, references=holder.references + references)


def soon(scene: Scene, when: Soon, zone: str = PARIS) -> datetime:
    """« demain à 09:00 » on the clock of a place (naive)."""
    today = scene.now().astimezone(ZoneInfo(zone)).date()
    return datetime.combine(today + timedelta(days=when.days), when.at)


def next_change_of_hour(scene: Scene, zone: str = PARIS) -> datetime:
    """Midnight (naive) of the next day whose hours are not twenty-four, tomorrow at the earliest."""
    day = soon(scene, Soon(1, time()), zone)
    while instant(day, zone).utcoffset() == instant(day + timedelta(days=1), zone).utcoffset():
        day += timedelta(days=1)
    return day


def _place(made: Professional, structure: str, activity: Mapping[str, str], rank: int, zone: str) -> dict[str, Any]:
    numbers = {"finess": activity["finess"], "siret": activity["siret"], "rang": f"{made.national_id[1:]}00{rank + 1}"}
    told = {"nom": f"{activity['raison_sociale']}, cabinet {rank + 1}", **_ADDRESS, "fuseau": zone}
    return {**told, "structure": {"type": structure, "numero": numbers[structure]}}
