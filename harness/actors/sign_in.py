"""Journeys of a professional who signs in to the DUI, and what must be seen of them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from harness.actors.journeys import at_most_once, return_address
from harness.actors.login import LoginPage
from harness.actors.pages import Page
from harness.actors.professional import Professional
from harness.expectations import expect, expect_equal, expect_none

if TYPE_CHECKING:
    from harness.actors.browser import Browser
    from harness.product import Outcome
    from harness.scene import Scene
    from rules import Exchange

RIGHTS = ("dossier", "ins")
CRASH = 500
OUTAGE = re.compile(r"indisponib|répond|réessa|plus tard|pour le moment|panne|échou|erreur|impossible|pas pu", re.I)
"""How a page says that something does not work now."""
MAX_KEY_READINGS = 4
"""At the start, then once for the unknown key; twice as many is still not endless."""


def known(scene: Scene, rights: Collection[str] = RIGHTS, **wishes: Any) -> Professional:
    """A professional who has an account in the product, with these rights. wishes: see `PscActor.professional`."""
    professional = scene.psc.professional(**wishes)
    scene.account(professional, droits=list(rights))
    return professional


def connected(scene: Scene, rights: Collection[str] = RIGHTS) -> Professional:
    """The same, signed in by Pro Santé Connect."""
    professional = known(scene, rights)
    scene.psc.log_in(professional)
    opened(scene, professional)
    return professional


def session_of(scene: Scene, professional: Professional) -> Outcome:
    """What the product says of the session that this professional's browser carries."""
    session = scene.professional_browser(professional).session()
    return scene.product.act("lire_session_professionnel", session=session)


def session_in(scene: Scene, session: Mapping[str, Any]) -> Outcome:
    """What the product says of a session that was kept."""
    return scene.product.act("lire_session_professionnel", session=session)


def is_open(session: Outcome) -> bool:
    """Whether the product holds this session for open; a refusal says no."""
    return not session.refused and session["etat"] == "ouverte"


def opened(scene: Scene, professional: Professional) -> Outcome:
    """Her session is open, in her name and for her national identifier; the session."""
    return in_her_name(scene, professional, session_of(scene, professional))


def in_her_name(scene: Scene, professional: Professional, session: Outcome) -> Outcome:
    """The same of a session read otherwise."""
    expect(is_open(session), "une session ouverte", _said(session))
    expect_equal("l'identifiant national", professional.national_id, session.get("identifiant_national"))
    expect_equal("le compte du produit", scene.account(professional), session.get("professionnel"))
    return session


def not_opened(session: Outcome) -> None:
    """No session is open."""
    expect(not is_open(session), "aucune session ouverte", _said(session))


def log_in_locally(scene: Scene, professional: Professional) -> Outcome:
    """She signs in with the account of the product; the session it opens."""
    answer = scene.product.act("connecter_professionnel", moyen="local", professionnel=professional)
    return session_in(scene, answer["session"])


def log_out(scene: Scene, professional: Professional) -> Mapping[str, Any]:
    """She signs out, and her browser goes where the product sends it; the session that she had."""
    browser = scene.professional_browser(professional)
    session = browser.session()
    answer = scene.product.act("deconnecter_professionnel", session=session)
    if answer.get("url"):
        browser.get(str(answer["url"]))
    return session


def intercept(scene: Scene, login: LoginPage, browser: Browser) -> str:
    """Sign in as far as the return to the product, and stop before it: the address, still fresh."""
    with browser.held_before_the_product():
        page = login.accept()
    return return_address(scene, page)


def readable(page: Page) -> None:
    """The browser ended on a page that a person can read, and not on a crash (503 may be the right answer)."""
    expect(page.status != CRASH, "une page, sans panne du produit", f"{page.status} à {page.url}")
    expect(len(page.text.split()) >= 3, "une page qui dit quelque chose", page.text or "une page vide")


def outage_told(session: Outcome, page: Page) -> None:
    """The product says that the provider does not answer: in the page, or in what it shows of the session."""
    readable(page)
    told = session.message if session.refused else str(session.get("message", ""))
    expect(bool(OUTAGE.search(f"{page.text} {told}")), "une phrase qui dit la panne", page.text[:300])


# -- what was exchanged with a provider (prefix: `psc`, `franceconnect`, `franceconnect-plus`)


def requests(scene: Scene, service: str) -> list[Exchange]:
    """Requests of authorization that reached the provider."""
    return scene.exchanges(operation=f"{service}.oidc.authorize")


def asked_once(scene: Scene, service: str) -> None:
    """The browser went to the provider once."""
    expect_equal("le nombre de passages chez le fournisseur d'identité", 1, len(requests(scene, service)))


def asked_level(scene: Scene, service: str, level: str) -> None:
    """Every request asks for this level, by `acr_values`."""
    asked = [dict(call.context.get("authorization", {})).get("acr_values") for call in requests(scene, service)]
    expect_equal("le niveau demandé", [level] * max(len(asked), 1), asked)


def nothing_in_common(scene: Scene, service: str) -> None:
    """No two requests have the same state or the same nonce."""
    for key, name in (("state", "l'état"), ("nonce", "le nonce")):
        marks = [dict(call.context.get("authorization", {})).get(key) for call in requests(scene, service)]
        expect(len(marks) >= 2 and None not in marks, f"deux demandes avec {name}", marks)
        expect_equal(f"le nombre de valeurs de {name}", len(marks), len(set(marks)))


def grants(scene: Scene, service: str, kind: str) -> list[Exchange]:
    """Calls to the token endpoint with this grant_type."""
    calls = scene.exchanges(operation=f"{service}.oidc.token")
    return [call for call in calls if call.context.get("grant", {}).get("type") == kind]


def no_code_exchanged(scene: Scene, service: str) -> None:
    """The product redeemed no code."""
    expect_none("codes échangés", [f"échange {call.id}" for call in grants(scene, service, "authorization_code")])


def one_code_exchanged(scene: Scene, service: str) -> None:
    """The product redeemed a code once, and only once."""
    calls = grants(scene, service, "authorization_code")
    expect(len(calls) == 1, "un seul échange du code", f"{len(calls)} échanges")


def keys_not_read_for_ever(scene: Scene, service: str) -> None:
    """The keys of the provider were not read again and again."""
    calls = scene.exchanges(operation=f"{service}.oidc.jwks")
    expect(len(calls) <= MAX_KEY_READINGS, f"{MAX_KEY_READINGS} lectures des clés au plus", f"{len(calls)} lectures")


def refreshes_once_at_most(scene: Scene) -> None:
    """The product did not insist on a refresh that was refused."""
    at_most_once("un renouvellement", grants(scene, "psc", "refresh_token"))


def no_refresh_token_twice(scene: Scene) -> None:
    """Each refresh presents a token of its own."""
    used = [call.context["grant"].get("refresh") for call in grants(scene, "psc", "refresh_token")]
    expect(len(used) >= 2, "deux renouvellements", f"{len(used)}")
    expect_equal("le nombre de jetons de renouvellement présentés", len(used), len(set(used)))


def foreign_address(scene: Scene, scheme: bool) -> str:
    """A page that is not the product's, and that exists: the index of the sandbox. scheme: with its protocol."""
    root = f"{scene.tenant.sandbox.url}/"
    return root if scheme else root.partition(":")[2]


def not_led_to(page: Page, foreign: str) -> None:
    """The browser did not go to this address."""
    wanted = urlsplit(urljoin("https://", foreign))
    seen = [url for url in page.visited if (urlsplit(url).netloc, urlsplit(url).path) == (wanted.netloc, wanted.path)]
    expect_none("passages par l'adresse étrangère", seen)


# -- situations


def situations(session: Outcome) -> Sequence[Mapping[str, Any]]:
    """The situations that the product offers."""
    found: Sequence[Mapping[str, Any]] = session.get("situations", [])
    return found


def offers_each(session: Outcome, professional: Professional) -> None:
    """One situation per activity, none of them taken yet."""
    places = _places(professional)
    expect(len(situations(session)) == len(places), f"{len(places)} situations proposées", situations(session))
    expect(not session.get("situation"), "aucune situation choisie d'office", session.get("situation"))


def choose(scene: Scene, professional: Professional, rank: int) -> Mapping[str, Any]:
    """She chooses the situation of that rank, from 0; the situation."""
    session = session_of(scene, professional)
    chosen = situations(session)[rank]
    carried = scene.professional_browser(professional).session()
    answer = scene.product.act("choisir_situation", session=carried, situation=chosen["id"])
    expect(not answer.refused, "la situation choisie acceptée", answer.message)
    return chosen


def lends_no_structure(session: Outcome, professional: Professional) -> None:
    """Every structure that the product shows for her is one of hers, by FINESS, SIRET or name."""
    hers = {str(place.get(key)) for place in _places(professional) for key in ("finess", "siret", "raison_sociale")}
    shown = [one.get("structure") for one in situations(session)] + [session.get("structure")]
    lent = [name for name in shown if name and not any(own and own in name for own in hers)]
    expect_none("structures qui ne sont pas les siennes", lent)


def _places(professional: Professional) -> list[Mapping[str, Any]]:
    return [place for practice in professional.practices for place in practice["activites"]]


def _said(session: Outcome) -> str:
    return session.message if session.refused else f"{session['etat']} {session.get('message', '')}".strip()
