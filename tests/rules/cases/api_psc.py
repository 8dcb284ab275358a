"""Tables of rules/api_psc.py."""

from tests.rules.cases import Case
from tests.rules.identity import (
    OTHER_SESSION,
    SESSION,
    asked_api,
    business,
    exchange,
    refresh,
    session,
    tls,
    token,
    userinfo,
)
from tests.rules.journal import action, http, page

LOGS = "lire_journal_technique"
ROTATED = refresh(issued_access="aaaa02", family="f")
REFUSED = business(status=401)
REPLAY = business("cccc02")
RENEWAL = exchange(issued="cccc02")
FIRST, SECOND = {"identifiant_national": "1"}, {"identifiant_national": "2"}
BOTH = [session(**FIRST), session(of=OTHER_SESSION, **SECOND)]
NO_CERTIFICATE = tls(client=None)

CASES = [
    Case(
        "SEC-07",
        accepted=[
            [token(), userinfo()],
            [token(), action(LOGS, {"texte": "POST /token 200"}, person=None)],
            [token(), http("psc.oidc.introspection", "POST", "/i", "token=‹at:aaaa01›"), exchange(), business()],
        ],
        refused=[
            ([userinfo(token={"place": "query"})], ["1 adresse"]),
            ([exchange(), business(target="/api-psc/cahier/1?access_token=‹at:cccc01›")], ["2 adresse"]),
            ([token(), page(headers=[("Referer", "https://x/?t=‹at:aaaa01›")])], ["2 en-tête Referer"]),
            ([token(), action(LOGS, {"texte": "reçu ‹at:aaaa01›"})], ["2 lire_journal_technique.texte"]),
        ],
        silent=[[token()], [page()], [action(LOGS, {"texte": "‹at:9999›"})], [http("mes.fhir.observation.search")]],
    ),
    Case(
        "SEC-08",
        accepted=[[exchange(tls=tls()), business(tls=tls())]],
        refused=[
            ([exchange(tls=tls()), business(tls=tls(serial="b2"))], ["2 certificat client"]),
            ([exchange(tls=tls()), business(tls=NO_CERTIFICATE)], ["2 certificat client"]),
            ([exchange(tls=tls(), exchange={"cnf": "rfc8705", "cnf_matches": False})], ["1 cnf"]),
        ],
        silent=[[exchange(), business()], [business(tls=tls())], [exchange(tls=tls())]],
    ),
    Case(
        "SEC-09",
        accepted=[[exchange()]],
        refused=[
            ([exchange(400, form={"grant_type": "client_credentials"})], ["1 grant_type"]),
            ([exchange(400, form={"subject_token": None, "scope": " "})], ["1 subject_token", "1 scope"]),
            ([exchange(400, form={"subject_token_type": "jwt"})], ["1 subject_token_type"]),
        ],
        silent=[[token()], [business()]],
    ),
    Case(
        "SEC-10",
        accepted=[[exchange(tls=tls())]],
        refused=[
            ([exchange(tls=tls(), exchange={"cnf": "tr"})], ["1 cnf (SHOULD)"]),
            ([exchange(tls=tls(), exchange={"cnf": "absent"})], ["1 cnf"]),
            ([exchange(tls=tls(), exchange={"cnf": "autre"})], ["1 cnf"]),
        ],
        silent=[[exchange(exchange={"cnf": "absent"})], [business(tls=tls())]],
    ),
    Case(
        "SEC-11",
        accepted=[[exchange()]],
        refused=[
            ([exchange(form={"client_secret": "‹masqué:1›"})], ["1 client_secret"]),
            ([exchange(headers=[("Authorization", "Basic ‹masqué:1›")])], ["1 en-tête Authorization"]),
        ],
        silent=[[token(form={"client_secret": "‹masqué:1›"})]],
    ),
    Case(
        "SEC-12",
        accepted=[[token(issued_access="aaaa01"), exchange(), business()]],
        refused=[([token(issued_access="aaaa01"), business("aaaa01", 401)], ["2 en-tête Authorization"])],
        silent=[[token(), exchange()], [token(), userinfo()]],
    ),
    Case(
        "SEC-13",
        accepted=[
            [exchange(), business(), exchange(form={"scope": "autre"})],
            [exchange(), REFUSED, exchange()],
            [exchange(), exchange(subject="aaaa09")],
            [exchange(), exchange(after=3700)],
        ],
        refused=[
            ([exchange(), business(), exchange()], ["3 subject_token"]),
            (
                [token(issued_access="aaaa01", family="f"), exchange(), ROTATED, exchange(subject="aaaa02")],
                ["4 subject_token"],
            ),
        ],
        silent=[[exchange(400)], [token()]],
    ),
    Case(
        "SEC-14",
        accepted=[
            [REFUSED, RENEWAL, REPLAY, asked_api()],
            [REFUSED, refresh(400), asked_api(401)],
            [REFUSED, exchange(400), refresh(), RENEWAL, business("cccc02", 401), asked_api(401)],
        ],
        refused=[
            ([REFUSED, RENEWAL, REPLAY, REPLAY, asked_api()], ["4 appel"]),
            ([REFUSED, REFUSED, asked_api(401)], ["2 en-tête Authorization"]),
            ([REFUSED, asked_api(401)], ["1 appel"]),
            ([REFUSED, RENEWAL, asked_api(401)], ["1 appel"]),
        ],
        silent=[[business(), asked_api()], [REFUSED], [asked_api()]],
    ),
    Case(
        "SEC-15",
        accepted=[[*BOTH, business(), asked_api(), business("cccc02"), asked_api(of=OTHER_SESSION)]],
        refused=[
            ([*BOTH, business(), asked_api(), business(), asked_api(of=OTHER_SESSION)], ["5 jeton"]),
            ([*BOTH, exchange(), asked_api(), exchange(), asked_api(of=OTHER_SESSION)], ["5 jeton"]),
        ],
        silent=[[business(), asked_api(), business(), asked_api(of=OTHER_SESSION)], [*BOTH, asked_api(of=SESSION)]],
    ),
]
