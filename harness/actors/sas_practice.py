"""Practitioners and associations who open slots to the SAS in the product, for one scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from harness.actors.professional import Professional
from harness.actors.sas_queries import Span
from harness.dates import PARIS, Soon, asked, instant
from harness.expectations import expect
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

    def span(self) -> Span:
        """A search that holds the slots, to the minute."""
        starts = [offer.start for offer in self.offers]
        minute = timedelta(minutes=1)
        return Span(min(starts) - minute, max(starts) + minute, self.offers[0].zone)

    def next_day(self) -> Span:
        """A search of the day after the last slot, in which nothing begins."""
        last = max(offer.end for offer in self.offers)
        return Span(last + timedelta(days=1), last + timedelta(days=2))


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


def opened_soon(scene: Scene, holder: Holder, when: Soon, *, zone: str = PARIS, **offer: Any) -> Holder:
    """The holder with one more slot, of one of the coming days (offer: fields of `Offer`)."""
    return opened(scene, holder, Offer(soon(scene, when, zone), zone=zone, **offer))


def opened_in_each_place(scene: Scene, holder: Holder, when: Soon) -> Holder:
    """The holder with a slot in each of its places, at the same time."""
    wall, publics = soon(scene, when), ("PUBLIC", "SNP")
    return opened(scene, holder, *(Offer(wall, place=rank, publics=publics) for rank in range(len(holder.places))))


def opened_to_communities(scene: Scene, holder: Holder, when: Soon, count: int) -> Holder:
    """The holder with one more slot, open to so many communities that none other is open to."""
    found = communities(scene, count)
    holder = replace(holder, communities=found)
    numbers = tuple(one["finess"] for one in found)
    return opened(scene, holder, Offer(soon(scene, when), publics=("CPTS",), communities=numbers))


def opened_around_the_change_of_hour(scene: Scene, holder: Holder) -> Holder:
    """The holder with slots at nine of the clock, the day of the next change of hour and the days around it."""
    nine = next_change_of_hour(scene) + timedelta(hours=9)
    return opened(scene, holder, *(Offer(nine + timedelta(days=day)) for day in (-1, 0, 1)))


def opened_in_the_past(scene: Scene, holder: Holder) -> Holder:
    """The holder, after a slot that began half an hour ago was opened: it is none that the platform must see."""
    begun = scene.now().astimezone(ZoneInfo(PARIS)).replace(tzinfo=None, second=0, microsecond=0)
    opened(scene, holder, Offer(begun - timedelta(minutes=30), minutes=120))
    return holder


def opened_far_away(scene: Scene, holder: Holder) -> Holder:
    """The holder with a slot of its first place, in ten days."""
    return opened(scene, holder, Offer(soon(scene, Soon(10, time(9)))))


def first_taken(scene: Scene, holder: Holder) -> Holder:
    """The holder, once the product has given its first slot to a patient. Raises AssertionError (French)."""
    outcome = scene.product.act("occuper_creneau_sas", creneau=holder.references[0])
    expect(not outcome.refused, "le créneau donné au patient", outcome.message)
    return replace(holder, offers=holder.offers[1:], references=holder.references[1:])


def soon(scene: Scene, when: Soon, zone: str = PARIS) -> datetime:
    """« demain à 09:00 » on the clock of a place (naive)."""
    today = scene.now().astimezone(ZoneInfo(zone)).date()
    return datetime.combine(today + timedelta(days=when.days), when.at)


def next_change_of_hour(scene: Scene) -> datetime:
    """Midnight (naive, Paris) of the next day that has not twenty-four hours, in two days at the earliest."""
    day = soon(scene, Soon(2, time()))
    while instant(day).utcoffset() == instant(day + timedelta(days=1)).utcoffset():
        day += timedelta(days=1)
    return day


def _place(made: Professional, structure: str, activity: Mapping[str, str], rank: int, zone: str) -> dict[str, Any]:
    numbers = {"finess": activity["finess"], "siret": activity["siret"], "rang": f"{made.national_id[1:]}00{rank + 1}"}
    told = {"nom": f"{activity['raison_sociale']}, cabinet {rank + 1}", **_ADDRESS, "fuseau": zone}
    return {**told, "structure": {"type": structure, "numero": numbers[structure]}}
