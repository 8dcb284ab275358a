"""Journeys of a usager who signs in to the portal by FranceConnect, and what must be seen of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from harness.actors.france_connect import FranceConnectActor
from harness.actors.person import Person
from harness.actors.sign_in import is_open
from harness.expectations import expect, expect_equal
from rules.traits import plain

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene

FOUND = ("automatique", "a_confirmer")


def session_of(scene: Scene, person: Person) -> Outcome:
    """What the portal says of the session that this usager's browser carries."""
    return session_in(scene, scene.browser(person).session())


def session_in(scene: Scene, session: Mapping[str, Any]) -> Outcome:
    """What the portal says of a session that was kept."""
    return scene.product.act("lire_session_usager", session=session)


def opened(scene: Scene, person: Person) -> Outcome:
    """Her session is open, with the pivot identity that FranceConnect gave; the session."""
    session = session_of(scene, person)
    expect(is_open(session), "une session ouverte", session.message if session.refused else dict(session))
    shown = {key: value for key, value in session.get("identite", {}).items() if key in ("nom", "date_naissance")}
    expect("nom" in shown, "le nom de l'usager dans sa session", shown)
    expect_equal("le nom de l'usager", plain(person.family_name), plain(str(shown["nom"])))
    if "date_naissance" in shown:
        expect_equal("la date de naissance de l'usager", person.birth_date.isoformat(), shown["date_naissance"])
    return session


def found_again(session: Outcome) -> None:
    """The portal knew the file for hers, or asks somebody; it made no other one."""
    expect(is_open(session), "une session ouverte", dict(session))
    seen = session.get("rapprochement")
    expect(seen in FOUND, "le dossier retrouvé, ou une question posée à un humain", seen or "rien")


def not_in_the_file_of(session: Outcome, file: str) -> None:
    """This session opens anything but that file."""
    expect(session.get("usager") != file, "un autre dossier que celui-là", dict(session))


def log_out(scene: Scene, person: Person) -> Mapping[str, Any]:
    """She signs out, and her browser goes where the portal sends it; the session that she had."""
    browser = scene.browser(person)
    session = browser.session()
    answer = scene.product.act("deconnecter_usager", session=session)
    if answer.get("url"):
        browser.get(str(answer["url"]))
    return session


def identified_once(scene: Scene, provider: FranceConnectActor) -> None:
    """She typed her credentials once at the provider, for all the services."""
    calls = scene.exchanges(operation=f"{provider.service}.page.connexion")
    typed = [call for call in calls if call.method == "POST" and call.context.get("decision") == "continuer"]
    expect_equal("le nombre d'identifications chez le fournisseur", 1, len(typed))


def asked_to_end(scene: Scene, provider: FranceConnectActor) -> None:
    """The provider received a request to end the session, with all that it asks for."""
    calls = scene.exchanges(operation=f"{provider.service}.oidc.end_session")
    expect(len(calls) == 1, "une demande de déconnexion", f"{len(calls)} demande(s)")
    seen = dict(calls[0].context.get("logout", {}))
    expect_equal("le jeton rendu à la déconnexion", "valid", seen.get("id_token_hint"))
    expect(bool(seen.get("registered")), "une adresse de retour déclarée", seen)
    expect(bool(seen.get("state_given")), "un état dans la demande de déconnexion", seen)
