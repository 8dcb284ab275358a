"""Tables of rules/fc_login.py and rules/fc_identity.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.identity import (
    OTHER_SESSION,
    SESSION,
    authorize,
    back,
    declared,
    end_session,
    identity,
    insi_call,
    redirected,
    retrieved,
    session,
    token,
    userinfo,
)
from tests.rules.journal import Entry, action, http, page

FC, PLUS = "franceconnect", "franceconnect-plus"
LOG_OUT = action("deconnecter_usager", {}, session=SESSION)
LOG_OUT_URL = action("deconnecter_usager", {"url": "https://fc.test/api/v2/session/end?x"}, session=SESSION)
ABANDON = f"/retour?error=access_denied&state={'s' * 40}"
OPEN = {"kind": "usager", "usager": "u1"}
ABROAD = {"birthplace": "", "birthcountry": "99352"}


def portal(etat: str = "ouverte", **more: Any) -> Entry:
    return session(etat, **{**OPEN, **more})


CASES = [
    Case(
        "FC-01",
        accepted=[
            [authorize(FC), redirected(FC), back(), token(FC, code="abc1")],
            [authorize(PLUS)],
            [token(FC, spoilt="mauvais_nonce"), portal("refusee")],
        ],
        refused=[
            ([authorize(FC, state="court", nonce=None)], ["1 state", "1 nonce"]),
            ([authorize(FC), authorize(FC, state="t" * 40)], ["2 nonce"]),
            ([authorize(FC), redirected(FC), back(state="z" * 40), token(FC, code="abc1")], ["4 code"]),
            ([token(FC, spoilt="mauvais_nonce"), portal()], ["2 lire_session_usager.etat"]),
        ],
        silent=[[authorize()], [portal()]],
    ),
    Case(
        "FC-02",
        accepted=[
            [authorize(FC)],
            [authorize(PLUS, acr_values="eidas3")],
            [token(PLUS, spoilt="niveau_inferieur"), portal("refusee")],
        ],
        refused=[
            ([authorize(FC, acr_values="eidas2")], ["1 acr_values"]),
            ([authorize(PLUS, acr_values="eidas1")], ["1 acr_values"]),
            ([authorize(FC, acr_values=None)], ["1 acr_values"]),
            ([token(PLUS, spoilt="niveau_inferieur"), portal()], ["2 lire_session_usager.etat"]),
        ],
        silent=[[authorize()], [token(FC), portal()]],
    ),
    Case(
        "FC-03",
        accepted=[[authorize(FC)], [authorize(FC, scope="openid profile birth email")]],
        refused=[
            ([authorize(FC, scope="openid identite_pivot phone address")], ["1 scope", "1 scope"]),
            ([authorize(FC, scope="openid email")], ["1 scope"]),
        ],
        silent=[[authorize()]],
    ),
    Case(
        "FC-04",
        accepted=[
            [token(FC, code="abc1", age_s=2)],
            [token(FC, code="abc1", age_s=45), back()],  # the browser was late, not the product
            [userinfo(FC)],
        ],
        refused=[
            ([back(), token(FC, code="abc1", age_s=31, status=400)], ["2 code"]),
            ([userinfo(FC, token={"state": "expired"}, status=400)], ["1 en-tête Authorization"]),
        ],
        silent=[[token(FC)], [token(age_s=99)], [userinfo(FC, token={"state": "unknown"}, status=400)]],
    ),
    Case(
        "FC-05",
        accepted=[[token(FC), userinfo(FC, fault="userinfo_autrui"), portal("refusee")]],
        refused=[
            ([token(FC), userinfo(FC, fault="userinfo_autrui"), portal()], ["3 lire_session_usager.etat"]),
            ([token(FC), userinfo(PLUS, fault="userinfo_mal_signe"), portal()], ["3 lire_session_usager.etat"]),
        ],
        silent=[[token(FC), userinfo(FC), portal()], [userinfo(fault="userinfo_autrui"), portal()]],
    ),
    Case(
        "FC-06",
        accepted=[
            [userinfo(FC, pivot=ABROAD), page(status=302)],
            [userinfo(FC, pivot={"birthplace": "2B033"}), portal()],
        ],
        refused=[
            ([userinfo(FC, pivot=ABROAD), page(status=500)], ["2 connexion"]),
            ([userinfo(FC, pivot={"birthplace": "2A004"}), portal("refusee")], ["2 connexion"]),
        ],
        silent=[[userinfo(FC), page(status=500)], [userinfo(FC, pivot=ABROAD)]],
    ),
    Case(
        "FC-07",
        accepted=[
            [declared(), userinfo(FC), portal(rapprochement="automatique")],
            [declared(nom="Tèsteur", prenoms=["Marie", "Jeanne"]), userinfo(FC), portal(rapprochement="automatique")],
            [declared(date_naissance="1948-02-02"), userinfo(FC), portal(rapprochement="a_confirmer")],
            [userinfo(FC), portal(usager="u8", rapprochement="nouveau")],
        ],
        refused=[
            (
                [declared(), userinfo(FC), portal(usager="u8", rapprochement="nouveau")],
                ["3 lire_session_usager.rapprochement"],
            ),
            (
                [declared(date_naissance="1948-02-02"), userinfo(FC), portal(rapprochement="automatique")],
                ["3 lire_session_usager.rapprochement"],
            ),
        ],
        silent=[[declared(), userinfo(FC), portal()], [userinfo(FC), userinfo(FC), portal(rapprochement="nouveau")]],
    ),
    Case(
        "FC-08",
        accepted=[
            [userinfo(FC), portal(), userinfo(FC), portal(of=OTHER_SESSION)],
            [userinfo(FC), portal(), userinfo(FC, sub="sub2"), portal(of=OTHER_SESSION)],  # a change of civil status
            [userinfo(FC), portal(), userinfo(PLUS, sub="sub2"), portal(of=OTHER_SESSION)],
        ],
        refused=[
            (
                [userinfo(FC), portal(), userinfo(FC), portal(of=OTHER_SESSION, usager="u2")],
                ["4 lire_session_usager.usager"],
            ),
            (
                [
                    userinfo(FC),
                    portal(),
                    userinfo(FC, sub="sub2", pivot={"given_name": "Paul"}),
                    portal(of=OTHER_SESSION),
                ],
                ["4 lire_session_usager.usager"],
            ),
        ],
        silent=[[portal()], [userinfo(FC), portal("refusee")], [userinfo(), session()]],
    ),
    Case(
        "FC-09",
        accepted=[[authorize(FC), http("navigateur.page", target=ABANDON, status=302)]],
        refused=[([authorize(PLUS), http("navigateur.page", target=ABANDON, status=500)], ["2 page de retour"])],
        silent=[[authorize(), http("navigateur.page", target=ABANDON, status=500)], [authorize(FC), back(status=500)]],
    ),
    Case(
        "FC-10",
        accepted=[[token(FC), LOG_OUT_URL, end_session(FC)], [end_session(PLUS)]],
        refused=[
            ([end_session(FC, id_token_hint="absent", state_given=False)], ["1 id_token_hint", "1 state"]),
            ([end_session(FC, registered=False)], ["1 post_logout_redirect_uri"]),
            ([token(FC), LOG_OUT], ["2 deconnecter_usager.url"]),
        ],
        silent=[[LOG_OUT], [end_session()], [token(FC)]],
    ),
    Case(
        "FC-12",
        accepted=[[portal(), identity()], [declared(), userinfo(FC), identity("validee")]],
        refused=[
            ([portal(), identity("qualifiee")], ["2 lire_identite.statut"]),
            ([portal(), identity(matricule="248022A00412325")], ["2 lire_identite.matricule"]),
        ],
        silent=[
            [userinfo(FC), identity("qualifiee")],
            [declared(), identity("qualifiee")],
            [portal(), insi_call(), retrieved(), identity("recuperee")],
            [declared(ins={"matricule": "x", "oid": "y"}), portal(), identity("qualifiee")],
        ],
    ),
]
