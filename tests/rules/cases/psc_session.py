"""Tables of rules/psc_session.py and rules/psc_accounts.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.identity import (
    OTHER_SESSION,
    SESSION,
    asked_api,
    business,
    ciba,
    end_session,
    exchange,
    insi_call,
    national_act,
    professional,
    refresh,
    retrieved,
    session,
    tls,
    token,
    traced,
    userinfo,
)
from tests.rules.journal import action, began, http, page

TRUSTED: dict[str, Any] = {"space": "confiance", "tls": tls()}
WITHOUT: dict[str, Any] = {"space": "confiance", "tls": tls(client=None)}
LATE = 500.0  # seconds since the start: the PSC token of the first exchange has expired
RENEWED = refresh(issued_access="aaaa02", after=LATE)
LOG_OUT = action("deconnecter_professionnel", {}, session=SESSION)
LOG_OUT_URL = action("deconnecter_professionnel", {"url": "https://psc.test/realms/x/logout?id"}, session=SESSION)
LOCAL = action("connecter_professionnel", {"session": SESSION}, moyen="local", professionnel="pro1")
WHO = {"identifiant_national": "899900000011"}
KNOWN = professional("pro1", **WHO)
SITUATIONS = [{"id": "a", "libelle": "A"}, {"id": "b", "libelle": "B"}]
CHOOSES = action("choisir_situation", {"situation": "b"}, session=SESSION, situation="b")
HERS = [insi_call(), retrieved(session=SESSION)]
DOWN = token(status=503, fault="503")


def at(moment: float, entry: dict[str, Any]) -> dict[str, Any]:
    return {**entry, "_after": moment}


CASES = [
    Case(
        "PSC-09",
        accepted=[[token(**TRUSTED)], [userinfo(**TRUSTED)]],
        refused=[
            ([token(**WITHOUT)], ["1 certificat client"]),
            ([token(form={"client_secret": "‹masqué:1›"}, **TRUSTED)], ["1 client_secret"]),
            ([token(headers=[("Authorization", "Basic ‹masqué:1›")], **TRUSTED)], ["1 en-tête Authorization"]),
        ],
        silent=[[token(space="communautaire", tls=tls(client=None))], [token(space="confiance")]],
    ),
    Case(
        "PSC-10",
        accepted=[
            [token(issued_access="aaaa01"), RENEWED, at(LATE, exchange(subject="aaaa02")), at(LATE, asked_api())],
            [
                token(issued_access="aaaa01"),
                at(LATE, exchange(400)),
                RENEWED,
                at(LATE, exchange(subject="aaaa02")),
                at(LATE, asked_api()),
            ],
        ],
        refused=[
            ([token(issued_access="aaaa01"), at(LATE, exchange(400)), at(LATE, asked_api(401))], ["2 subject_token"]),
            ([token(issued_access="aaaa01"), at(LATE, began(asked_api(401), 1))], ["2 appeler_api_psc"]),
            (
                [token(issued_access="aaaa01"), national_act("psc.jetons.expires"), exchange(400), asked_api(401)],
                ["3 subject_token"],
            ),
        ],
        silent=[
            [token(issued_access="aaaa01"), exchange(), asked_api()],
            [token(issued_access="aaaa01"), at(4000, began(asked_api(401), 1))],
            [token(issued_access="aaaa01"), national_act("psc.session.fermee"), at(LATE, began(asked_api(401), 2))],
            [token(issued_access="aaaa01"), at(LATE, business()), at(LATE, asked_api())],
        ],
    ),
    Case(
        "PSC-11",
        accepted=[
            [refresh(refresh="r1"), refresh(refresh="r2")],
            [refresh(None, refresh="r1"), refresh(400, refresh="r1", reused=True)],
        ],
        refused=[([refresh(refresh="r1"), refresh(400, refresh="r1", reused=True)], ["2 refresh_token"])],
        silent=[[token()]],
    ),
    Case(
        "PSC-12",
        accepted=[
            [refresh(400, refresh="r1"), asked_api(401)],
            [refresh(400, refresh="r1"), page(status=302)],
            [refresh(400, refresh="r1", fault="actualisation_refusee"), asked_api(status=422)],
        ],
        refused=[
            ([refresh(400, refresh="r1"), refresh(400, refresh="r1"), asked_api(401)], ["2 refresh_token"]),
            ([refresh(400, refresh="r1"), asked_api(500)], ["2 réponse du produit"]),
            ([refresh(400, refresh="r1"), page(status=500)], ["2 réponse du produit"]),
        ],
        silent=[[refresh(400, refresh="r1")], [refresh(503, refresh="r1"), asked_api(503)], [refresh()]],
    ),
    Case(
        "PSC-13",
        accepted=[
            [token(), LOG_OUT_URL, end_session()],
            [token(), end_session(), LOG_OUT],
            [token(), LOCAL, LOG_OUT, LOG_OUT_URL],
        ],
        refused=[
            ([end_session(id_token_hint="absent")], ["1 id_token_hint"]),
            (
                [end_session(id_token_hint="invalid", registered=False)],
                ["1 id_token_hint", "1 post_logout_redirect_uri"],
            ),
            ([token(), LOG_OUT], ["2 deconnecter_professionnel.url"]),
        ],
        silent=[[LOG_OUT], [token()], [end_session("franceconnect")], [token(), LOCAL, LOG_OUT]],
    ),
    Case(
        "SEC-25",
        accepted=[
            [session(), LOG_OUT, session("fermee")],
            [action("deconnecter_usager", {}, session=SESSION), session("refusee", kind="usager")],
        ],
        refused=[
            ([LOG_OUT, session()], ["2 lire_session_professionnel.etat"]),
            (
                [action("deconnecter_usager", {}, session=SESSION), session(kind="usager")],
                ["2 lire_session_usager.etat"],
            ),
        ],
        silent=[[LOG_OUT, session(of=OTHER_SESSION)], [session(), LOG_OUT]],
    ),
    Case(
        "PSC-14",
        accepted=[[KNOWN, session(professionnel="pro1", **WHO)]],
        refused=[
            ([KNOWN, session(professionnel="pro2", **WHO)], ["2 lire_session_professionnel.professionnel"]),
            ([KNOWN, session(**WHO)], ["2 lire_session_professionnel.professionnel"]),
        ],
        silent=[[session(professionnel="pro1", **WHO)], [KNOWN, session("fermee", **WHO)], [KNOWN, session()]],
    ),
    Case(
        "PSC-15",
        accepted=[[professional("pro1"), session(professionnel="pro2", **WHO)]],
        refused=[
            (
                [professional("pro1"), session(professionnel="pro1", **WHO)],
                ["2 lire_session_professionnel.professionnel"],
            ),
            (
                [professional("pro1", identifiant_national="899900000022"), session(professionnel="pro1", **WHO)],
                ["2 lire_session_professionnel.professionnel"],
            ),
        ],
        silent=[[KNOWN, session(professionnel="pro1", **WHO)], [session(professionnel="pro1", **WHO)]],
    ),
    Case(
        "PSC-16",
        accepted=[
            [session(situations=SITUATIONS), CHOOSES, session(situation="b")],
            [CHOOSES, session(situation="b"), session(situation="b", of=OTHER_SESSION, situations=SITUATIONS)],
        ],
        refused=[
            ([session(situations=SITUATIONS, situation="a")], ["1 lire_session_professionnel.situation"]),
            ([userinfo(situations=2), session(situation="a")], ["2 lire_session_professionnel.situation"]),
            ([CHOOSES, session(situation="a")], ["2 lire_session_professionnel.situation"]),
        ],
        silent=[[session(situations=SITUATIONS[:1], situation="a")], [userinfo(situations=1), session(situation="a")]],
    ),
    Case(
        "PSC-17",
        accepted=[[userinfo(fault="sans_exercice"), page()], [userinfo(situations=0), session()]],
        refused=[([userinfo(fault="finess_vide"), page(status=500)], ["2 réponse du produit"])],
        silent=[[userinfo(), page(status=500)], [userinfo(fault="sans_exercice")]],
    ),
    Case(
        "PSC-22",
        accepted=[
            [DOWN, session("refusee", message="Pro Santé Connect ne répond pas.")],
            [DOWN, page(status=503), action("lire_agenda")],
            [
                http("psc.oidc.discovery", status=None, fault="coupure_avant"),
                action("connecter_professionnel", {"url": "x"}),
            ],
        ],
        refused=[
            ([DOWN, session("refusee")], ["2 message"]),
            ([DOWN, page(status=500)], ["2 réponse du produit"]),
            ([DOWN, action("lire_agenda", {}, 500)], ["2 réponse du produit"]),
            ([DOWN, action("connecter_professionnel", {}, 422)], ["2 message"]),
        ],
        silent=[[token(), page(status=500)], [DOWN, token(), page(status=500)], [token(status=503), page(status=500)]],
    ),
    Case(
        "PSC-23",
        accepted=[
            [
                token(),
                KNOWN,
                session(professionnel="pro1", **WHO),
                insi_call(),
                retrieved(session=SESSION),
                traced("00", auteur="Dr Test"),
            ]
        ],
        refused=[
            (
                [token(), session(professionnel="pro1", **WHO), *HERS, traced("00", auteur="système")],
                ["5 lire_traces_ins.appels.auteur"],
            )
        ],
        silent=[
            [insi_call(), retrieved(), traced("00", auteur="système")],
            [token(), session(professionnel="pro1", **WHO), retrieved(session=SESSION), traced("00", auteur="x")],
            [ciba()],
        ],
    ),
]
