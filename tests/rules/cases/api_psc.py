"""Tables of rules/api_psc.py."""

from typing import Any

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
from tests.rules.journal import Entry, action, appointment, create, http, page, search, typed

LOGS = "lire_journal_technique"
ROTATED = refresh(issued_access="aaaa02", family="f")
REFUSED = business(status=401)
REPLAY = business("cccc02")
RENEWAL = exchange(issued="cccc02")
FIRST, SECOND = {"identifiant_national": "1"}, {"identifiant_national": "2"}
BOTH = [session(**FIRST), session(of=OTHER_SESSION, **SECOND)]
NO_CERTIFICATE = tls(client=None)
OTHER_EVENT = appointment(identifier=[{"system": "urn:x", "value": "autre"}])


def pro(mark: str = "cccc01", status: int | None = 201, **more: Any) -> Entry:
    """A write in the agenda of professionals."""
    headers = [("Authorization", f"Bearer ‹at:{mark}›"), ("Content-Type", "application/fhir+json")]
    return create(more.pop("resource", None), status, "bsp", headers=headers, **more)


def pro_page(number: int, mark: str = "cccc01", status: int = 200) -> Entry:
    """The reading of one page of that agenda."""
    headers = [("Authorization", f"Bearer ‹at:{mark}›")]
    return search(f"page={number}", service="bsp", status=status, headers=headers)


def typed_in(of: Any = SESSION) -> Entry:
    """An appointment that a professional types in her session."""
    return action("creer_rendez_vous", {"rendez_vous": "r1"}, usager="u1", debut="2024-10-28T09:00", session=of)


PRO_SYNC = action("synchroniser_agenda", {"recus": 2}, usager="u1", session=SESSION)
PRO_REFUSED = pro(status=401)

CASES = [
    Case(
        "SEC-07",
        accepted=[
            [token(), userinfo()],
            [token(), action(LOGS, {"texte": "POST /token 200"}, person=None)],
            [token(), http("psc.oidc.introspection", "POST", "/i", "token=‹at:aaaa01›"), exchange(), business()],
            [exchange(), pro()],
        ],
        refused=[
            ([userinfo(token={"place": "query"})], ["1 adresse"]),
            ([exchange(), business(target="/api-psc/cahier/1?access_token=‹at:cccc01›")], ["2 adresse"]),
            (
                [exchange(), search("access_token=‹at:cccc01›", service="bsp")],
                ["2 adresse (banc)"],
            ),
            ([token(), page(headers=[("Referer", "https://x/?t=‹at:aaaa01›")])], ["2 en-tête Referer"]),
            ([token(), action(LOGS, {"texte": "reçu ‹at:aaaa01›"})], ["2 lire_journal_technique.texte"]),
        ],
        silent=[[token()], [page()], [action(LOGS, {"texte": "‹at:9999›"})], [http("mes.fhir.observation.search")]],
    ),
    Case(
        "SEC-08",
        accepted=[[exchange(tls=tls()), business(tls=tls())], [exchange(tls=tls()), pro(tls=tls())]],
        refused=[
            ([exchange(tls=tls()), business(tls=tls(serial="b2"))], ["2 certificat client"]),
            ([exchange(tls=tls()), business(tls=NO_CERTIFICATE)], ["2 certificat client"]),
            ([exchange(tls=tls()), pro(tls=tls(serial="b2"))], ["2 certificat client (banc)"]),
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
        accepted=[
            [token(issued_access="aaaa01"), exchange(), business()],
            [token(issued_access="aaaa01"), exchange(), pro()],
        ],
        refused=[
            ([token(issued_access="aaaa01"), business("aaaa01", 401)], ["2 en-tête Authorization"]),
            ([token(issued_access="aaaa01"), pro("aaaa01", 401)], ["2 en-tête Authorization (banc)"]),
        ],
        silent=[[token(), exchange()], [token(), userinfo()]],
    ),
    Case(
        "SEC-13",
        accepted=[
            [exchange(), business(), exchange(form={"scope": "autre"})],
            [exchange(), REFUSED, exchange()],
            [exchange(), PRO_REFUSED, exchange()],
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
            # one action may take up several appointments, or read several pages
            [PRO_REFUSED, RENEWAL, pro("cccc02"), pro("cccc02", resource=OTHER_EVENT), typed_in()],
            [pro_page(1, status=401), RENEWAL, pro_page(1, "cccc02"), pro_page(2, "cccc02"), PRO_SYNC],
        ],
        refused=[
            ([REFUSED, RENEWAL, REPLAY, REPLAY, asked_api()], ["4 appel"]),
            ([REFUSED, REFUSED, asked_api(401)], ["2 en-tête Authorization"]),
            ([REFUSED, asked_api(401)], ["1 appel"]),
            ([REFUSED, RENEWAL, asked_api(401)], ["1 appel"]),
            ([PRO_REFUSED, RENEWAL, pro("cccc02", 401), pro("cccc02", 401), typed_in()], ["4 appel (banc)"]),
            ([PRO_REFUSED, PRO_REFUSED, typed_in()], ["2 en-tête Authorization (banc)"]),
            ([PRO_REFUSED, typed_in()], ["1 appel (banc)"]),
            ([PRO_REFUSED, RENEWAL, pro("cccc02", resource=OTHER_EVENT), typed_in()], ["1 appel (banc)"]),
        ],
        silent=[[business(), asked_api()], [REFUSED], [asked_api()], [PRO_REFUSED], [PRO_REFUSED, typed()]],
    ),
    Case(
        "SEC-15",
        accepted=[
            [*BOTH, business(), asked_api(), business("cccc02"), asked_api(of=OTHER_SESSION)],
            [*BOTH, pro(), typed_in(), pro("cccc02"), typed_in(OTHER_SESSION), pro(), typed_in()],
        ],
        refused=[
            ([*BOTH, business(), asked_api(), business(), asked_api(of=OTHER_SESSION)], ["5 jeton"]),
            ([*BOTH, exchange(), asked_api(), exchange(), asked_api(of=OTHER_SESSION)], ["5 jeton"]),
            ([*BOTH, pro(), typed_in(), pro(), typed_in(OTHER_SESSION)], ["5 jeton (banc)"]),
        ],
        silent=[[business(), asked_api(), business(), asked_api(of=OTHER_SESSION)], [*BOTH, asked_api(of=SESSION)]],
    ),
]
