"""Tables of rules/mes_pairing.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import (
    act,
    action,
    create,
    http,
    page,
    pairing_request,
    pairing_shown,
    refresh,
    search,
    token,
    valid,
)

OPEN = action("ouvrir_session", {"session": {}}, usager="u1")
CLOSE = action("fermer_session", usager="u1")
GOES_TO_MES = {"url": "https://banc.test/mes/oauth2/authorize?request_uri=urn:x"}
ASKS = action("apparier_mes", GOES_TO_MES, usager="u1")
NO_TOKEN: dict[str, Any] = {"token": {"state": "absent"}, "requested_idpe": "u-1"}
SIGN_IN = http("mes.page.connexion", "POST", "/mes/connexion", "identifiant=a&mot_de_passe=‹masqué:abc123›")
BACK = page("/retour?code=‹ac:c1›&state=" + "s" * 32)
BACK_WRONG = page("/retour?code=‹ac:c2›&state=autre")
DECLARED = action("declarer_usager", {"usager": "u1"}, nom="TEST", prenoms=["Ana", "Rose"], courriel="ana@exemple.test")
CATALOGUE = http("mes.page.catalogue", answer='<a href="https://produit.test/synchro?src=mes&amp;x=1">Synchroniser</a>')

CASES = [
    Case(
        "MES-01",
        accepted=[
            [create(status=503)],
            [create(**valid())],
            [create(**valid()), create(status=401, **NO_TOKEN | {"requested_idpe": "esms-u-00042"})],
        ],
        refused=[
            ([create(status=401, person=None, **NO_TOKEN)], ["1 en-tête Authorization"]),
            ([create(**valid()), search(status=401, **NO_TOKEN)], ["2 en-tête Authorization"]),
        ],
        # a paired usager is known, and the refused call says nothing of whom it is about
        silent=[[http("mes.fhir.capabilities", token={"state": "absent"})], [token()]],
    ),
    Case(
        "MES-02",
        accepted=[[OPEN, ASKS], [action("apparier_mes", {"erreur": "session"}, 422, usager="u1")]],
        refused=[([OPEN, CLOSE, ASKS], ["3 apparier_mes.url"]), ([ASKS], ["1 apparier_mes.url"])],
        silent=[[action("apparier_mes", {"url": "https://produit.test/connexion"}, usager="u1")], [OPEN]],
    ),
    Case(
        "MES-03",
        accepted=[[page(answer="<form action='/rendez-vous'>"), SIGN_IN]],
        refused=[
            ([SIGN_IN, page("/connexion", method="POST", body="secret=‹masqué:abc123›")], ["2 requête"]),
            ([page(answer='<iframe src="https://banc.test/mes/oauth2/authorize?a=1">')], ["1 page"]),
            ([page(answer="<form method=post action='/mes/connexion'>")], ["1 page"]),
        ],
        silent=[[page()], [http("mes.page.connexion")]],
    ),
    Case(
        "MES-04",
        accepted=[
            [pairing_request()],
            [http("mes.oauth.authorize", target="/mes/oauth2/authorize?state=a", status=302)],
        ],
        refused=[
            (
                [pairing_request(400, answer={"error": "invalid_request", "error_description": "redirect_uri"})],
                ["1 redirect_uri"],
            )
        ],
        silent=[
            [http("mes.oauth.authorize", target="/mes/oauth2/authorize?request_uri=urn:x")],
            [pairing_request(503)],
        ],
    ),
    Case(
        "MES-05",
        accepted=[
            [pairing_request(), pairing_request(state="t" * 32), BACK, token(code="c1")],
            [pairing_request(), BACK_WRONG],
            [
                pairing_request(),
                act("usager.appariement_autorise", person="child", autorise_par="p1"),
                token(code="c1", person="child"),
                BACK,
            ],
        ],
        refused=[
            ([pairing_request(), pairing_request(code_challenge="d" * 43)], ["2 state"]),
            ([pairing_request(state=None)], ["1 state (SHOULD)"]),
            ([pairing_request(state=None, code_challenge=None)], ["1 state"]),
            ([pairing_request(state="abc")], ["1 state (SHOULD)"]),
            ([pairing_request(), token(code="c2"), BACK_WRONG], ["2 code"]),
            # the return of somebody else, opened in the session of p1
            ([pairing_request(), token(code="c1", person="p2"), BACK], ["2 code"]),
        ],
        silent=[[BACK], [pairing_request(400)]],
    ),
    Case(
        "MES-06",
        accepted=[[pairing_request(), token(code="c1", form={"code_verifier": "‹masqué:1›"})]],
        refused=[
            ([pairing_request(code_challenge=None)], ["1 code_challenge_method"]),
            ([pairing_request(code_challenge_method="plain")], ["1 code_challenge_method"]),
            (
                [
                    token(code="c1", form={"code_verifier": "‹masqué:1›"}),
                    token(code="c2", form={"code_verifier": "‹masqué:1›"}),
                ],
                ["2 code_verifier"],
            ),
        ],
        silent=[[refresh()]],
    ),
    Case(
        "MES-07",
        accepted=[
            [token(code="c1"), token(code="c2")],
            [token(status=None, code="c1"), token(code="c1")],
        ],
        refused=[
            ([token(code="c1"), token(code="c1", status=400)], ["2 code"]),
            ([token(code="c1", headers=[("Origin", "https://produit.test")])], ["1 en-tête Origin"]),
        ],
        silent=[[refresh()]],
    ),
    Case(
        "MES-08",
        accepted=[[act("usager.appariement_refuse"), pairing_shown("non_apparie")]],
        refused=[
            ([act("usager.appariement_refuse"), pairing_shown("apparie")], ["2 lire_appariement.etat"]),
            (
                [act("usager.appariement_refuse"), pairing_shown("non_apparie", message="")],
                ["2 lire_appariement.message"],
            ),
        ],
        silent=[
            [pairing_shown("apparie")],
            [act("usager.appariement_refuse"), act("usager.appariement_autorise"), pairing_shown("apparie")],
        ],
    ),
    Case(
        "MES-70",
        accepted=[[action("configurer", avec_echange=False), http("mes.oauth.discovery")]],
        refused=[([action("configurer", avec_echange=False), pairing_request()], ["2 appel"])],
        silent=[[action("configurer"), pairing_request()], [create(**valid())]],
    ),
    Case(
        "MES-71",
        accepted=[[OPEN, action("lire_espace_usager", {"synthese": "…"}, usager="u1")]],
        refused=[
            (
                [action("lire_espace_usager", {"message": "Appariez d'abord votre compte."}, 422, usager="u1")],
                ["1 message"],
            ),
            (
                [action("lire_agenda", {"message": "Passez par Mon espace santé."}, 422, usager="u1", vue="portail")],
                ["1 message"],
            ),
        ],
        silent=[
            [act("usager.appariement_autorise"), action("lire_espace_usager", usager="u1")],
            [action("lire_espace_usager", {"message": "Session requise."}, 422, usager="u1")],
            [action("lire_agenda", vue="dui")],
        ],
    ),
    Case(
        "MES-75",
        accepted=[[CATALOGUE, page("/synchro?src=mes&x=1", status=302)]],
        refused=[([CATALOGUE, page("/synchro?src=mes&x=1", status=404)], ["2 page"])],
        silent=[[page("/synchro", status=404)], [CATALOGUE, page("/autre", status=404)], [CATALOGUE]],
    ),
    Case(
        "MES-77",
        accepted=[[DECLARED, pairing_request()], [pairing_request()]],
        refused=[
            ([DECLARED, pairing_request(user={"lastName": "AUTRE"})], ["2 external_user"]),
            ([pairing_request(user={"email": "", "login": None})], ["1 external_user.email", "1 external_user.login"]),
        ],
        silent=[[DECLARED]],
    ),
]
