"""A professional who signs in from a thick client and accepts on her telephone (CIBA, poll mode)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.actors import sign_in
from harness.actors.professional import Professional
from harness.expectations import expect, expect_equal

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene
    from rules import Exchange

GRANT = "urn:openid:params:grant-type:ciba"
TOO_LATE_S = 600  # beyond any expires_in
UNKNOWN = "899999999999"  # the form of a national identifier that nobody has


@dataclass(frozen=True)
class Asked:
    """A request that the product made. reference: its id in the product. code: the digits that the product shows."""

    professional: Professional
    reference: str
    code: str
    channel: str


def ask(scene: Scene, professional: Professional, channel: str) -> Asked:
    """She asks to sign in from her workstation. channel: `CARD` or `MOBILE`."""
    told = {"identifiant_national": professional.national_id, "canal": channel}
    made = scene.product.act("connecter_professionnel", moyen="psc_ciba", **told)
    return Asked(professional, str(made["demande"]), str(made.get("code_affiche", "")), channel)


def declare_nobody(scene: Scene) -> None:
    """The product has an account whose identifier Pro Santé Connect does not know."""
    scene.require("psc")
    scene.product.act("declarer_professionnel", nom="Inconnu", prenom="Camille", identifiant_national=UNKNOWN)


def ask_for_nobody(scene: Scene) -> Outcome:
    """That account asks to sign in."""
    return scene.product.act("connecter_professionnel", moyen="psc_ciba", identifiant_national=UNKNOWN, canal="MOBILE")


def read(scene: Scene, asked: Asked) -> Outcome:
    """Where the product says that the request is."""
    return scene.product.act("lire_session_professionnel", demande=asked.reference)


def read_often(scene: Scene, asked: Asked, times: int) -> None:
    """The workstation asks the product again and again, without a pause."""
    for _ in range(times):
        read(scene, asked)


def settled(scene: Scene, asked: Asked) -> Outcome:
    """The same, once the product has learnt what became of it: by itself, or because it is asked.

    Raises AssertionError (French) when it has not asked Pro Santé Connect again in time.
    """
    before = len(polls(scene))
    seen = read(scene, asked)
    if not seen.refused and seen["etat"] == "en_attente":
        scene.wait_for("psc.oidc.token", count=before + 1)
        seen = read(scene, asked)
    return seen


def polls(scene: Scene) -> list[Exchange]:
    """The calls by which the product asked what became of a request."""
    return sign_in.grants(scene, "psc", GRANT)


def shown_alike(scene: Scene, asked: Asked) -> None:
    """Her telephone, or her card reader, shows the two digits that the product shows."""
    waiting = scene.psc.ciba_requests(asked.professional)
    expect(len(waiting) == 1, "une demande en attente chez le professionnel", f"{len(waiting)} demande(s)")
    expect(len(asked.code) == 2 and asked.code.isdecimal(), "deux chiffres affichés par le produit", asked.code)
    expect_equal("le code montré au professionnel", asked.code, waiting[0]["binding_message"])


def on_channel(scene: Scene, channel: str) -> None:
    """The request went through this channel."""
    asked = scene.exchanges(operation="psc.oidc.ciba")
    expect_equal("le canal demandé", [channel], [call.context.get("ciba", {}).get("channel") for call in asked])


def is_in_state(seen: Outcome, state: str) -> None:
    """The product shows the request in this state, or refuses to go on with it."""
    expect(seen.refused or seen["etat"] == state, f"la demande {state}", dict(seen))


def asks_no_more(scene: Scene, asked: Asked) -> None:
    """Whoever reads the request again, the product does not call Pro Santé Connect."""
    with scene.silence(service="psc"):
        read(scene, asked)


def never_slowed_down(scene: Scene) -> None:
    """The product polled, and never faster than it was allowed to."""
    outcomes = [call.context["grant"].get("outcome") for call in polls(scene)]
    expect("slow_down" not in outcomes, "aucune demande de ralentir", outcomes)


def explains(seen: Outcome) -> None:
    """The product says why in a sentence, whether it refuses at once or shows the request refused."""
    message = seen.message if seen.refused else str(seen.get("message", ""))
    expect(len(message.split()) >= 3, "une phrase qui explique", message or dict(seen))
