"""Mon espace santé as scenarios play it: the usager in front of its pages, and what the usager sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harness.actors.browser import Browser, origin
from harness.actors.pages import Page
from harness.actors.person import Person
from harness.errors import ServiceNotClaimed
from harness.product import Product
from harness.sandbox_client import TenantClient


@dataclass(frozen=True)
class Event:
    """One event of the consolidated agenda of the usager.

    start and end: aware instants. source: OID of the service, or "" when the usager typed it. author: PATIENT or
    EDITOR_SOLUTION. identifier: `{system, value}` or None. resource: the FHIR Appointment.
    """

    id: str
    start: datetime
    end: datetime | None
    status: str
    label: str
    source: str
    author: str
    identifier: Mapping[str, str] | None
    probable_duplicate: bool
    resource: Mapping[str, Any]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Event:
        return cls(
            id=str(data["id"]),
            start=datetime.fromisoformat(data["debut"]),
            end=datetime.fromisoformat(data["fin"]) if data.get("fin") else None,
            status=data["statut"],
            label=data.get("libelle") or "",
            source=data.get("source") or "",
            author=data["auteur"],
            identifier=data.get("identifiant"),
            probable_duplicate=bool(data.get("doublon_probable")),
            resource=data.get("resource") or {},
        )


class PairingPage:
    """The consent page, where the usager stands after having signed in to Mon espace santé."""

    def __init__(self, browser: Browser, page: Page, profile: str) -> None:
        self._browser = browser
        self._profile = profile
        self.page = page

    @property
    def service_name(self) -> str:
        """Name of the service as the usager reads it."""
        return self.page.text_at("//*[@id='service']")

    @property
    def external_identity(self) -> str:
        """The account at the product, as the usager is asked to confirm it: first name, name, e-mail, login."""
        found = self.page.tree.xpath("//*[starts-with(@id, 'externe-') and @id != 'externe-absent']")
        return ", ".join(" ".join(part.text_content().split()) for part in found)

    @property
    def finalities(self) -> Mapping[str, bool]:
        """Finalities proposed, by code, and whether the page has them ticked."""
        boxes = self.page.tree.xpath("//input[@name='finalite']")
        return {box.get("value"): "checked" in box.attrib for box in boxes}

    def accept(self, *codes: str) -> Page:
        """Tick exactly these finalities and authorise; the page of the product where the browser comes back."""
        return self._answer("autoriser", codes)

    def refuse(self) -> Page:
        """Refuse; the page of the product where the browser comes back."""
        return self._answer("refuser", ())

    def _answer(self, decision: str, codes: Sequence[str]) -> Page:
        values: dict[str, str | Sequence[str]] = {"decision": decision, "finalite": codes}
        if self.page.has_field("profil"):
            values["profil"] = self._profile
        return self._browser.submit(self.page.fill("decision", values))


class MesActor:
    """The national side, for one scenario.

    oid: of the product as it is registered, empty when it is not. usager_of: declares a person to the product.
    browser_of: browser of a person.
    """

    def __init__(
        self,
        tenant: TenantClient,
        product: Product,
        *,
        oid: str,
        usager_of: Callable[[Person], str],
        browser_of: Callable[[Person], Browser],
    ) -> None:
        self._oid = oid
        self._tenant = tenant
        self._product = product
        self._usager_of = usager_of
        self._browser_of = browser_of

    @property
    def oid(self) -> str:
        """OID of the product. Raises ServiceNotClaimed when `cible.toml` has no section [mes]."""
        if not self._oid:
            raise ServiceNotClaimed("mes")
        return self._oid

    # -- pairing, through real pages

    def pair(
        self, person: Person, *finalities: str, session_of: Person | None = None, for_: Person | None = None
    ) -> Page:
        """The whole journey of pairing; the page of the product on which it ends.

        person: who signs in at Mon espace santé. finalities: codes to tick, all those proposed when none is given.
        session_of: whose portal session asks for it (person's own by default). for_: the child for whom person acts.
        Raises AssertionError (French) when the product does not carry the journey to its end.
        """
        consent = self.start_pairing(person, session_of=session_of, for_=for_)
        page = consent.accept(*(finalities or consent.finalities))
        if page.status >= 400 or origin(page.url) == origin(self._tenant.sandbox.url):
            raise AssertionError(
                f"L'appariement ne revient pas au produit : la dernière page est {page.url} ({page.status}), "
                f"« {page.text[:300]} »."
            )
        return page

    def start_pairing(
        self, person: Person, *, session_of: Person | None = None, for_: Person | None = None
    ) -> PairingPage:
        """The journey as far as the consent page, on which it stops (arguments of `pair`)."""
        _ = self.oid  # without [mes] the product has nothing to pair with: it is not asked
        usager = self._usager_of(session_of or person)
        browser = self._browser_of(person)
        session = self._open_session(usager)
        browser.open_session(session)
        asked = {"usager": usager, "session": session}
        if for_ is not None:
            asked["pour"] = self._usager_of(for_)
        answer = self._product.act("apparier_mes", **asked)
        browser.open_session(answer.get("session", {}))
        return self.sign_in(person, browser.get(str(answer["url"])), for_=for_)

    def sign_in(self, person: Person, page: Page, *, for_: Person | None = None) -> PairingPage:
        """Sign in on the login page of Mon espace santé and reach the consent page.

        A browser that is already signed in is shown the consent page at once.
        """
        browser = self._browser_of(person)
        if page.has_field("mot_de_passe"):
            identity = {"identifiant": person.login, "mot_de_passe": person.password}
            page = browser.submit(page.fill("mot_de_passe", identity))
        if not page.has_field("decision"):
            raise AssertionError(
                f"La page de consentement de Mon espace santé n'est pas atteinte : {page.url} ({page.status}) "
                f"dit « {page.text[:300]} »."
            )
        return PairingPage(browser, page, (for_ or person).id)

    def _open_session(self, usager: str) -> Mapping[str, Any]:
        session: Mapping[str, Any] = self._product.act("ouvrir_session", usager=usager)["session"]
        return session

    # -- what the usager sees

    def agenda_of(self, person: Person) -> list[Event]:
        """Consolidated agenda of the usager: all sources, cancelled events included, by instant."""
        answer = self._call("GET", person, "/agenda")
        return sorted(map(Event.from_json, answer["evenements"]), key=lambda event: event.start)

    def pairings_of(self, person: Person) -> list[Mapping[str, Any]]:
        answer: list[Mapping[str, Any]] = self._call("GET", person, "/appariements")["appariements"]
        return answer

    def activity_of(self, person: Person) -> list[Mapping[str, Any]]:
        """Trace of the exchanges, as shown to the usager."""
        answer: list[Mapping[str, Any]] = self._call("GET", person, "/activite")["activite"]
        return answer

    # -- what the usager, or another service, does

    def add_event(
        self,
        person: Person,
        start: datetime,
        label: str,
        *,
        source: str | None = None,
        identifier: str = "",
        structure: Mapping[str, str] | None = None,
    ) -> Event:
        """An event typed by the usager, or by another service. start: aware.

        source: OID of the service, identifier: there. structure: `finess`, `nom` of the one that feeds by the BSP.
        """
        body: dict[str, Any] = {"debut": start.isoformat(), "libelle": label}
        body |= {"source": source} if source else {}
        body |= {"structure": dict(structure)} if structure else {}
        if identifier:
            body["identifiant"] = identifier
        return Event.from_json(self._call("POST", person, "/evenements", body))

    def change_event(self, person: Person, event: Event, **changes: Any) -> Event:
        """Change an event of the usager or of another service (keys of the admin API: debut, libelle, statut)."""
        return Event.from_json(self._call("PATCH", person, f"/evenements/{event.id}", changes))

    def remove_event(self, person: Person, event: Event) -> None:
        self._call("DELETE", person, f"/evenements/{event.id}")

    def add_measure(self, person: Person, code: str, value: float, unit: str, instant: datetime) -> None:
        """A measure typed by the usager: LOINC or MED code, value, UCUM unit, aware instant."""
        body = {"code": code, "valeur": value, "unite": unit, "instant": instant.isoformat()}
        self._call("POST", person, "/mesures", body)

    def withdraw(self, person: Person, finality: str) -> None:
        """The usager withdraws the consent to one finality (codeFinalite)."""
        self._act(person, "consentement_retire", finalite=finality)

    def grant(self, person: Person, finality: str) -> None:
        """The usager consents to one finality."""
        self._act(person, "consentement_donne", finalite=finality)

    def unpair(self, person: Person) -> None:
        self._act(person, "desappariement")

    def acknowledge(self, person: Person) -> None:
        """The usager acknowledges the new version of the service."""
        self._act(person, "version_reconnue")

    def reapprove(self, person: Person) -> None:
        """A child turned adult confirms what the representative had authorised."""
        self._act(person, "reapprobation_confirmee")

    def come_of_age(self, person: Person) -> None:
        self._act(person, "majorite")

    # -- what the operator of Mon espace santé does

    def set_status(self, statut: str) -> None:
        """Status of the service: PRESERIE, EN_LIGNE, SUSPENDUE, HORS_LIGNE or DEREFERENCEE."""
        self._tenant.call("PATCH", f"/mes/services/{self.oid}", {"statut": statut})

    def new_version(self, finalities: Iterable[str | Mapping[str, Any]]) -> None:
        """A new version of the service, with these finalities (codes, or as the admin API shows them).

        Usagers must acknowledge it before anything new is exchanged.
        """
        current = self._tenant.call("GET", f"/mes/services/{self.oid}")
        codes = [one if isinstance(one, str) else one["codeFinalite"] for one in finalities]
        body = {"version": current["version"] + 1, "finalites": codes}
        self._tenant.call("PATCH", f"/mes/services/{self.oid}", body)

    def deregister(self) -> None:
        """The service leaves the catalogue."""
        self.set_status("DEREFERENCEE")

    def _act(self, person: Person, act: str, **details: str) -> None:
        self._call("POST", person, "/actes", {"acte": act, "oid": self.oid, **details})

    def _call(self, method: str, person: Person, path: str, body: Mapping[str, Any] | None = None) -> Any:
        return self._tenant.call(method, f"/mes/usagers/{person.id}{path}", body)
