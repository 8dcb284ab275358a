"""Calls of a PSC-connected API on behalf of a professional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.actors.professional import Professional
from harness.expectations import expect, expect_equal, expect_none

if TYPE_CHECKING:
    from harness.product import Outcome
    from harness.scene import Scene
    from rules import Exchange

DOCUMENT = "cahier-1"
BUSINESS = "api-psc.metier.lecture"
EXCHANGE = "api-psc.oauth.token"


def consult(scene: Scene, professional: Professional) -> Outcome:
    """She reads a `cahier` through the product, in the session of her browser."""
    scene.require("api_psc")
    session = scene.professional_browser(professional).session()
    return scene.product.act("appeler_api_psc", session=session, cahier=DOCUMENT)


def answered(answer: Outcome) -> None:
    """The API gave what was asked."""
    expect_equal("la réponse de l'API", 200, answer["statut"])


def failed(answer: Outcome) -> None:
    """The product says that it did not succeed, in a sentence."""
    told = answer.message if answer.refused else str(answer.get("message", ""))
    expect(answer.refused or answer["statut"] >= 400, "une consultation sans succès", dict(answer))
    expect(len(told.split()) >= 3, "une phrase qui le dit", told or dict(answer))


def sent_back_to_login(answer: Outcome) -> None:
    """The product refuses and says why; it does not call this an error of its own."""
    failed(answer)
    expect(answer.refused or answer["statut"] in (401, 403), "un refus qui demande de se reconnecter", dict(answer))


def consulted(scene: Scene, times: int) -> None:
    """The API received so many business calls."""
    expect_equal("le nombre de consultations de l'API", times, len(scene.exchanges(operation=BUSINESS)))


def exchanged(scene: Scene, times: int) -> None:
    """The authorization server gave so many tokens."""
    expect_equal("le nombre d'échanges de jeton", times, len(scene.exchanges(operation=EXCHANGE)))


def only_its_tokens(scene: Scene) -> None:
    """Every business call bears a token that the authorization server of the API gave."""
    calls = scene.exchanges(operation=BUSINESS)
    expect(bool(calls), "une consultation de l'API", "aucune")
    foreign = [f"échange {call.id} : {_token(call)}" for call in calls if _token(call).get("state") != "valid"]
    expect_none("jetons étrangers à l'API", foreign)


def each_its_own(scene: Scene, count: int) -> None:
    """The API received this number of different tokens, made of as many different tokens of Pro Santé Connect."""
    business = {_token(call).get("fingerprint") for call in scene.exchanges(operation=BUSINESS)}
    subjects = {call.form.get("subject_token") for call in scene.exchanges(operation=EXCHANGE)}
    expect_equal("le nombre de jetons reçus par l'API", count, len(business))
    expect_equal("le nombre de jetons Pro Santé Connect échangés", count, len(subjects))


def _token(call: Exchange) -> dict[str, object]:
    return dict(call.context.get("token", {}))
