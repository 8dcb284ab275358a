"""Tables of rules/psc_login.py and rules/psc_ciba.py."""

from tests.rules.cases import Case
from tests.rules.identity import authorize, back, ciba, poll, redirected, session, token
from tests.rules.journal import action, http, page

RETURNED = [authorize(), redirected(), back()]
JWKS = http("psc.oidc.jwks")
NEW_KEY = token(spoilt="kid_inconnu")
OTHER_STATE = "z" * 40
RETURNED_WRONG = [redirected(), back(state=OTHER_STATE), token(code="abc1")]


def asks_ciba(displayed: str | None = "42", **more: str) -> dict[str, object]:
    result = {"demande": "d1"} | ({"code_affiche": displayed} if displayed else {})
    return action("connecter_professionnel", result, **{"moyen": "psc_ciba", **more})


CASES = [
    Case(
        "PSC-01",
        accepted=[[authorize()]],
        refused=[
            ([authorize(response_type="token")], ["1 response_type"]),
            ([authorize(registered=False)], ["1 redirect_uri"]),
            ([authorize(redirect_uri=None, state=None, nonce="")], ["1 redirect_uri", "1 state", "1 nonce"]),
        ],
        silent=[[authorize("franceconnect")], [token()]],
    ),
    Case(
        "PSC-02",
        accepted=[[authorize()], [ciba()]],
        refused=[
            ([authorize(scope="openid")], ["1 scope"]),
            ([ciba(scope="scope_all")], ["1 scope"]),
            ([authorize(scope="openid scope_all rpps")], ["1 scope (SHOULD)"]),
        ],
        silent=[[authorize("franceconnect")]],
    ),
    Case(
        "PSC-03",
        accepted=[[authorize()], [ciba()]],
        refused=[
            ([authorize(acr_values=None, acr="eidas1")], ["1 acr_values"]),
            ([authorize(acr_values="eidas2")], ["1 acr_values"]),
            ([ciba(acr_values=None)], ["1 acr_values (deduite)"]),
        ],
        silent=[[authorize("franceconnect")]],
    ),
    Case(
        "PSC-04",
        accepted=[
            [*RETURNED, token(code="abc1")],
            [authorize(), authorize(state="t" * 40)],
            [authorize(), authorize()],
            [authorize(), redirected(), back(state=OTHER_STATE)],
            [*RETURNED, token(code="abc1"), back(state=OTHER_STATE)],
        ],
        refused=[
            ([authorize(), authorize(nonce="m" * 40)], ["2 state"]),
            ([authorize(state="court")], ["1 state (SHOULD)"]),
            ([authorize(), *RETURNED_WRONG], ["4 code"]),
            (  # the state of another request of the same product
                [authorize(), authorize(state=OTHER_STATE, request="req2"), *RETURNED_WRONG],
                ["5 code"],
            ),
        ],
        silent=[[authorize(state=None)], [page()], [authorize("franceconnect")]],
    ),
    Case(
        "PSC-05",
        accepted=[
            [token(spoilt="alg_none"), session("refusee")],
            [token(spoilt="mauvais_nonce"), session("fermee"), token(), session()],
        ],
        refused=[
            ([token(spoilt="jeton_mal_signe"), session()], ["2 lire_session_professionnel.etat"]),
            ([token(fault="niveau_inferieur"), session()], ["2 lire_session_professionnel.etat"]),
        ],
        # the session was open before; the record stops before the product answers
        silent=[[token(), session(), token(spoilt="alg_none"), session()], [token(spoilt="alg_none")], [session()]],
    ),
    Case(
        "PSC-06",
        accepted=[
            [NEW_KEY, JWKS, page()],
            [NEW_KEY, JWKS, JWKS, page()],
            [token(fault="cle_renouvelee"), JWKS, page()],
        ],
        refused=[
            ([JWKS, NEW_KEY, page()], ["2 kid"]),
            ([NEW_KEY, JWKS, JWKS, JWKS, page()], ["4 kid"]),
            ([NEW_KEY, token(), JWKS, page()], ["1 kid"]),
        ],
        silent=[[NEW_KEY], [token(), JWKS, page()]],
    ),
    Case(
        "PSC-07",
        accepted=[
            [token(code="a"), token(code="b")],
            [token(code="a", status=None), token(code="a", status=400)],
            [redirected(code="a"), token(code="a"), redirected(code="a"), token(code="a", status=400)],
        ],
        refused=[
            ([redirected(code="a"), token(code="a"), token(code="a", status=400)], ["3 code"]),
            ([token(code="a", headers=[("Origin", "https://produit.test")])], ["1 en-tête Origin"]),
        ],
        silent=[[token("franceconnect", code="a")], [token(grant="refresh_token")]],
    ),
    Case(
        "PSC-08",
        accepted=[[authorize()]],
        refused=[
            ([authorize(code_challenge=None)], ["1 code_challenge_method"]),
            ([authorize(code_challenge_method="plain")], ["1 code_challenge_method"]),
        ],
        silent=[[ciba()], [authorize("franceconnect")]],
    ),
    Case(
        "PSC-18",
        accepted=[
            [ciba(), asks_ciba()],
            [ciba(channel="CARD"), asks_ciba(identifiant_national="899900000011")],
            [ciba()] * 3,
        ],
        refused=[
            ([ciba(binding_message="7")], ["1 binding_message"]),
            ([ciba(login_hint=None, channel="SMS")], ["1 login_hint", "1 channel"]),
            ([ciba()] * 4, ["4 binding_message"]),
            ([ciba(), asks_ciba("43")], ["2 connecter_professionnel.code_affiche"]),
            ([ciba(), asks_ciba(None)], ["2 connecter_professionnel.code_affiche"]),
            ([ciba(), asks_ciba(identifiant_national="899900000022")], ["1 login_hint"]),
        ],
        silent=[[asks_ciba()], [authorize()]],
    ),
    Case(
        "PSC-19",
        accepted=[
            [poll(after=1), poll(after=6), poll("done", 11)],
            [poll(after=0), poll("slow_down", 5), poll(after=15)],
            [poll(after=0), poll("denied", 5), poll(after=6, request="q2"), poll(after=11, request="q2")],
        ],
        refused=[
            ([poll(after=0), poll(after=2)], ["2 intervalle"]),
            ([poll(after=0), poll("slow_down", 5), poll(after=10)], ["3 intervalle"]),
            ([poll("denied", 0), poll(after=10)], ["2 auth_req_id"]),
            ([poll("expired", 0), poll(after=10)], ["2 auth_req_id"]),
        ],
        # the first poll may come at once; a stopped clock says nothing
        silent=[[poll(after=0)], [poll(after=3), poll(after=3)], [token()]],
    ),
]
