"""Defects of the calls of an API connected to Pro Santé Connect."""

from __future__ import annotations

from reference.defects.changes import not_for_the_agenda
from reference.defects.kind import Defect
from reference.spoil import Outgoing, outgoing, switch

_EXCHANGE = outgoing("POST", "/api-psc/oauth2/token").only_if(not_for_the_agenda)
_TO_THE_API = outgoing("GET", "").only_if(lambda request: "/api-psc/cahier/" in request.path)


def _token_in_query(request: Outgoing) -> None:
    """The token is in the header too, so that the call succeeds."""
    request.query = "access_token=" + request.headers.get("Authorization", "").removeprefix("Bearer ")


DEFECTS = (
    Defect(
        "api-psc-jeton-dans-l-adresse",
        ("SEC-07",),
        "Le jeton de l'API Pro Santé Connectée est aussi écrit dans l'adresse de l'appel.",
        _TO_THE_API.and_then(_token_in_query),
    ),
    Defect(
        "api-psc-scope-vide",
        ("SEC-09",),
        "Refait après un refus, l'échange de jeton ne dit plus les droits demandés à l'API.",
        _EXCHANGE.only_if(lambda request: bool(request.about.get("nouvel_essai"))).form("scope", ""),
    ),
    Defect(
        "api-psc-secret-envoye",
        ("SEC-11",),
        "Un secret est envoyé au serveur d'autorisation de l'API, que le certificat remplace.",
        _EXCHANGE.form("client_secret", "secret-du-produit"),
    ),
    Defect(
        "api-psc-jeton-psc-direct",
        ("SEC-12",),
        "Après un 401 de l'API, le jeton de Pro Santé Connect lui est présenté sans échange.",
        switch("api_jeton_psc_direct"),
    ),
    Defect(
        "api-psc-jeton-psc-d-abord",
        ("SEC-12",),
        "Le jeton de Pro Santé Connect est d'abord présenté à l'API, et n'est échangé qu'après un refus.",
        switch("api_jeton_psc_d_abord"),
    ),
    Defect(
        "api-psc-fin-de-session-retenue",
        (),
        "Une session Pro Santé Connect terminée ferme l'API au professionnel, même quand il se reconnecte.",
        switch("api_fin_de_session_retenue"),
    ),
    Defect(
        "api-psc-panne-tue",
        (),
        "Quand l'API Pro Santé Connectée ne répond pas, le professionnel n'en est pas averti.",
        switch("api_panne_tue"),
    ),
    Defect(
        "api-psc-echange-a-chaque-appel",
        ("SEC-13",),
        "Le jeton de Pro Santé Connect est échangé à chaque appel de l'API.",
        switch("api_echange_a_chaque_appel"),
    ),
    Defect(
        "api-psc-401-sans-reprise",
        ("SEC-14",),
        "Un jeton d'API refusé n'est pas renouvelé : l'appel échoue.",
        switch("api_401_sans_reprise"),
    ),
    Defect(
        "api-psc-meme-jeton-apres-401",
        ("SEC-14",),
        "Après un 401, l'appel est rejoué avec le même jeton.",
        switch("api_meme_jeton_apres_401"),
    ),
    Defect(
        "api-psc-boucle-401",
        ("SEC-14",),
        "Un 401 de l'API est suivi d'appels répétés.",
        switch("api_boucle_401"),
    ),
    Defect(
        "api-psc-jeton-d-un-autre",
        ("SEC-15",),
        "Le jeton d'API d'un autre professionnel est présenté.",
        switch("api_jeton_d_un_autre"),
    ),
)
