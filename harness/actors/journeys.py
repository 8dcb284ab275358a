"""Journeys of the usager between the portal and Mon espace santé, beside the plain pairing of `MesActor`."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from harness.actors.browser import origin
from harness.actors.mes import PairingPage
from harness.actors.pages import Page
from harness.actors.person import Person
from harness.expectations import expect, expect_equal, expect_none

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene
    from rules import Exchange


def open_from_catalogue(scene: Scene, person: Person) -> PairingPage:
    """From the page of the service in the catalogue to the consent page, the usager being signed in on the portal.

    Raises AssertionError (French) when the address declared for synchronisation does not lead there.
    """
    browser = scene.browser(person)
    session = scene.product.act("ouvrir_session", usager=person)["session"]
    browser.open_session(session)
    page = browser.get(f"{scene.tenant.bases['mes']}/catalogue/{scene.mes.oid}")
    links = page.tree.xpath("//a[@id='synchroniser']/@href")
    expect(bool(links), "un lien de synchronisation dans la page du catalogue", page.text[:200])
    return scene.mes.sign_in(person, browser.get(str(links[0])))


def ask_without_session(scene: Scene, person: Person) -> Outcome:
    """Ask the product to pair a usager who has not signed in to the portal."""
    return scene.product.act("apparier_mes", usager=person)


def return_address(scene: Scene, page: Page) -> str:
    """The address of the product to which Mon espace santé sent the browser back, on the way to this page."""
    mine = origin(scene.tenant.sandbox.url)
    back = [url for url in page.visited if origin(url) != mine]
    expect(bool(back), "un retour vers le produit", " -> ".join(page.visited))
    return back[0]


def intercept_return(scene: Scene, person: Person) -> str:
    """Pair as far as the return to the product, and stop before it: the address, still fresh."""
    consent = scene.mes.start_pairing(person)
    with scene.browser(person).held_before_the_product():
        page = consent.accept(*consent.finalities)
    return return_address(scene, page)


def open_in_session(scene: Scene, person: Person, address: str) -> Page:
    """Open an address in this person's own session on the portal."""
    browser = scene.browser(person)
    browser.open_session(scene.product.act("ouvrir_session", usager=person)["session"])
    return browser.get(address)


def with_invented_state(address: str) -> str:
    """The same return, with a state that nobody asked for."""
    split = urlsplit(address)
    pairs = [(name, "etat-invente-par-le-banc" if name == "state" else value) for name, value in parse_qsl(split.query)]
    return urlunsplit(split._replace(query=urlencode(pairs)))


def pair_child(scene: Scene, parent: Person, child: Person, *finalities: str) -> None:
    """The legal representative pairs the profile of the child, from an own portal session."""
    scene.mes.pair(parent, *finalities, for_=child)


def without_finality(scene: Scene, finality: str) -> None:
    """The service as it is referenced does not ask for this finality."""
    kept = [code for code in _finalities(scene) if code != finality]
    scene.tenant.call("PATCH", f"/mes/services/{scene.mes.oid}", {"finalites": kept})


def announce_version(scene: Scene, finality: str) -> None:
    """Mon espace santé announces a new version of the service, which asks for one more finality."""
    scene.mes.new_version([*_finalities(scene), finality])


def _finalities(scene: Scene) -> list[str]:
    asked = scene.tenant.call("GET", f"/mes/services/{scene.mes.oid}")["finalites"]
    return [one if isinstance(one, str) else one["codeFinalite"] for one in asked]


def restore_agenda(scene: Scene) -> None:
    """Mon espace santé answers again as it should: no fault is left."""
    scene.tenant.call("DELETE", "/pannes")


def cut_after_commit(scene: Scene, person: Person) -> None:
    """The connection is cut once after a write of the agenda was kept, whether it is a create or an update."""
    for operation in ("mes.fhir.appointment.create", "mes.fhir.appointment.update"):
        scene.fault(operation, "coupure_apres", person=person)


def presented(scene: Scene, person: Person, page: PairingPage) -> None:
    """The consent page names the service and the account of this usager at the product."""
    expect(bool(page.service_name), "le nom du service sur la page de consentement", page.page.text[:200])
    for part in (person.family_name, person.given_names[0], person.email):
        expect(part in page.external_identity, f"« {part} » dans l'identité présentée", page.external_identity)


def status_is(scene: Scene, person: Person, state: str) -> None:
    """The product shows the pairing of this usager in this state (vocabulary, `lire_appariement`)."""
    expect_equal("état de l'appariement montré par le produit", state, pairing_shown(scene, person)["etat"])


def pairing_shown(scene: Scene, person: Person) -> Outcome:
    """What the product shows of this usager's pairing."""
    return scene.product.act("lire_appariement", usager=person)


def explains(scene: Scene, person: Person) -> None:
    """The product has a sentence for the usager about the state of the pairing."""
    shown = pairing_shown(scene, person)
    expect(len(shown["message"].split()) >= 3, "une phrase pour l'usager sur l'état de l'appariement", shown["message"])


def misses_consent(scene: Scene, person: Person, finality: str) -> None:
    """The product names the consent that is missing."""
    seen = pairing_shown(scene, person).get("consentements_manquants", [])
    expect(finality in seen, f"{finality} parmi les accords que le produit dit manquants", seen)


def alerts_operator(scene: Scene, person: Person) -> None:
    """The product raises an alert meant for who runs it."""
    shown = pairing_shown(scene, person)
    expect(bool(shown.get("alerte_configuration")), "une alerte de configuration pour l'exploitant", dict(shown))


def code_exchanges(scene: Scene) -> list[Exchange]:
    """The calls in which the product tried to exchange an authorization code."""
    calls = scene.exchanges(operation="mes.oauth.token")
    return [call for call in calls if call.context.get("grant", {}).get("type") == "authorization_code"]


def refreshes(scene: Scene) -> list[Exchange]:
    """The calls in which the product asked for a new access token."""
    calls = scene.exchanges(operation="mes.oauth.token")
    return [call for call in calls if call.context.get("grant", {}).get("type") == "refresh_token"]


def calls_of(scene: Scene, *prefixes: str) -> list[Exchange]:
    """The calls received by Mon espace santé whose operation starts with one of these prefixes."""
    calls = [call for call in scene.exchanges(service="mes") if call.protocol == "http"]
    return [call for call in calls if call.operation.startswith(prefixes)]


def refusals(scene: Scene, status: int) -> list[Exchange]:
    """The business calls that Mon espace santé refused with this status (422: content, 403: consent)."""
    return [call for call in calls_of(scene, "mes.fhir.") if call.status == status]


def nothing_called(scene: Scene, prefix: str = "mes.") -> None:
    """Mon espace santé received no call whose operation starts so (`mes.fhir.`; every call by default)."""
    expect_none("appels à Mon espace santé", _named(calls_of(scene, prefix)))


def nothing_written(scene: Scene, resource: str) -> None:
    """No write of that kind of resource reached Mon espace santé (`mes.fhir.appointment`, `mes.fhir.`)."""
    writes = [call for call in calls_of(scene, resource) if call.method != "GET"]
    expect_none("écritures dans Mon espace santé", _named(writes))


def at_most_once(what: str, calls: Sequence[Exchange]) -> None:
    """No more than one of these calls. `what` names one of them, with its article: « un échange du code »."""
    expect(len(calls) <= 1, f"{what} au plus", f"{len(calls)} : {', '.join(_named(calls))}")


def _named(calls: Sequence[Exchange]) -> list[str]:
    return [f"{call.operation} (échange {call.id})" for call in calls]


def shows_no_token(whose: str, text: str) -> None:
    """No token of the bench, clear or masked by the journal, in this text. `whose`: « les pages du portail »."""
    marks = ("banc-at-", "banc-rt-", "banc-ac-", "banc-cs-", "‹at:", "‹rt:", "‹jwt:", "eyJ")
    seen = [mark for mark in marks if mark in text]
    expect(not seen, f"aucun jeton dans {whose}", seen)


def pages_of_product(scene: Scene) -> str:
    """Everything the usager's browser received from the product, as text."""
    pages = scene.exchanges(operation="navigateur.page")
    expect(bool(pages), "au moins une page du portail vue par l'usager", "aucune")
    return "\n".join(unescape(str(page.answer.get("body", ""))) for page in pages)
