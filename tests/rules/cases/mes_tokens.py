"""Tables of rules/mes_tokens.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import Entry, act, action, create, http, page, pairing_shown, refresh, search, token, valid


def with_token(state: str, mark: str = "aaaa000001", **more: Any) -> dict[str, Any]:
    return {**valid(), "token": {"fingerprint": mark, "state": state, "idpe": "esms-u-00042"}, **more}


EXPIRED = create(status=401, **with_token("expired"))
REPLAY = create(**with_token("valid", "aaaa000002"))
TYPED = action("creer_rendez_vous", {"rendez_vous": "r1", "envoi": {"etat": "envoye"}}, usager="u1")
REFUSED_AGAIN = create(status=401, **with_token("revoked", "aaaa000002"))
ISSUED = token(answer={"access_token": "‹at:aaaa000001›", "id_token": "‹jwt:cccc000001›"})
OTHER_OID: dict[str, Any] = {
    "id_token": {"state": "valid", "idpe": "u", "oid": "1.2.250.1.888"},
    "refusal": "OID_MISMATCH",
}
CONFLICT = create(status=409, **OTHER_OID)
PLAYED_CONFLICT = create(status=409, fault="oid_different", **OTHER_OID)
UNPAIR = action("desapparier_mes", {"etat": "non_apparie"}, usager="u1")
REVOKE = http("mes.oauth.revoke", "POST", "/mes/oauth2/revoke")
GONE = create(status=403, refusal="PAIRING_REVOKED", **with_token("valid"))


def log(text: str) -> Entry:
    return action("lire_journal_technique", {"texte": text}, person=None)


CASES = [
    Case(
        "MES-09",
        accepted=[[ISSUED, page(answer="<p>‹jwt:dddd000009›</p>"), log("GET /mes/fhir 200")], [ISSUED, create()]],
        refused=[
            ([page(answer="var t = '‹at:aaaa000001›'")], ["1 contenu"]),
            ([ISSUED, page(answer_headers=[("Set-Cookie", "s=‹masqué:aaaa000001›")])], ["2 en-têtes"]),
            ([ISSUED, page(answer="‹jwt:cccc000001›")], ["2 contenu"]),
            ([log("jeton ‹rt:eeee000001› reçu")], ["1 contenu"]),
            ([search("access_token=‹at:aaaa000001›")], ["1 adresse"]),
        ],
        silent=[
            [page(answer="<p>‹jwt:dddd000009›</p>")],
            [create()],
            [http("psc.oidc.token", answer={"access_token": "‹at:ffff01›"}), log("‹at:ffff01›")],
        ],
    ),
    Case(
        "MES-10",
        accepted=[[create(**valid())]],
        refused=[([create(**{**valid(), "requested_idpe": "esms-u-00043"})], ["1 en-tête Authorization"])],
        silent=[[create(status=401, token={"state": "absent"})], [token()]],
    ),
    Case(
        "MES-11",
        accepted=[
            [EXPIRED, refresh(), REPLAY, TYPED],
            [EXPIRED, refresh(400), TYPED],
            [EXPIRED, refresh(503, person=None), TYPED],
            [EXPIRED, refresh(), EXPIRED, TYPED],
        ],
        refused=[
            ([EXPIRED, EXPIRED, refresh(), REPLAY], ["2 en-tête Authorization"]),
            ([EXPIRED, refresh(), refresh(), REPLAY], ["3 appel"]),
            ([EXPIRED, TYPED], ["1 appel"]),
            ([EXPIRED, refresh(), TYPED], ["1 appel"]),
            ([EXPIRED, refresh(), EXPIRED, refresh(), TYPED], ["4 appel"]),
        ],
        # the record stops right after the 401; a revoked token is not an expired one
        silent=[[EXPIRED], [create(status=401, **with_token("revoked")), TYPED], [create(**valid())]],
    ),
    Case(
        "MES-12",
        accepted=[
            [refresh(refresh="r1"), refresh(refresh="r2")],
            [refresh(None, refresh="r1"), refresh(400, refresh="r1", reused=True)],
            # an outage leaves the form only, where the token is masked
            [refresh(503, form={"refresh_token": "‹rt:ab12›"}), refresh(400, refresh="ab12", reused=True)],
        ],
        refused=[([refresh(refresh="r1"), refresh(400, refresh="r1", reused=True)], ["2 refresh_token"])],
        silent=[[token()]],
    ),
    Case(
        "MES-13",
        accepted=[
            [EXPIRED, refresh(), REFUSED_AGAIN, pairing_shown("rompu")],
            [EXPIRED, refresh(400), token(), create(**valid())],
        ],
        refused=[
            ([EXPIRED, refresh(), REFUSED_AGAIN, create(status=401)], ["4 appel"]),
            ([EXPIRED, refresh(400), pairing_shown("apparie")], ["3 lire_appariement.etat"]),
        ],
        silent=[[EXPIRED, refresh(), REPLAY], [EXPIRED, refresh(503), create(status=401)]],
    ),
    Case(
        "MES-14",
        accepted=[
            [create(**valid())],
            [create()],
            [create(headers=[("Authorization", "Bearer x"), ("X-ID-TOKEN", "y")])],
        ],
        refused=[
            ([create(headers=[("Authorization", "Bearer x")])], ["1 en-tête ID_TOKEN"]),
            ([create(token={"state": "absent"}, id_token={"state": "valid"})], ["1 en-tête Authorization"]),
        ],
        silent=[[http("mes.fhir.capabilities")], [create(status=503, headers=[])]],
    ),
    Case(
        "MES-15",
        accepted=[[create(**valid())]],
        refused=[([create(status=403, **{**valid(), "requested_idpe": "autre"})], ["1 en-tête ID_TOKEN"])],
        silent=[[create()]],
    ),
    Case(
        "MES-16",
        accepted=[[create(**valid())]],
        refused=[
            ([CONFLICT], ["1 en-tête ID_TOKEN"]),
            ([token(fault="oid_different"), CONFLICT], ["2 en-tête ID_TOKEN (banc)"]),
        ],
        silent=[[PLAYED_CONFLICT], [create()]],
    ),
    Case(
        "MES-17",
        accepted=[[CONFLICT, pairing_shown("apparie", alerte_configuration="OID refusé")]],
        refused=[
            ([CONFLICT, CONFLICT], ["2 appel"]),
            ([CONFLICT, pairing_shown("apparie")], ["2 lire_appariement.alerte_configuration"]),
        ],
        silent=[[create(**valid())], [pairing_shown("apparie")]],
    ),
    Case(
        "MES-47",
        accepted=[[create(**valid()), REVOKE, UNPAIR], [REVOKE, UNPAIR, token(), create(**valid())]],
        refused=[
            ([UNPAIR], ["1 appel"]),
            ([REVOKE, UNPAIR, create(status=401)], ["3 en-tête Authorization"]),
        ],
        silent=[[action("desapparier_mes", {}, 501, usager="u1")]],
    ),
    Case(
        "MES-48",
        accepted=[
            [act("usager.desappariement"), GONE, pairing_shown("rompu")],
            [act("usager.desappariement"), create(status=401), refresh(400), pairing_shown("rompu")],
            [act("usager.desappariement"), create(status=401), refresh(), create(status=401)],
        ],
        refused=[
            ([act("usager.desappariement"), GONE, GONE], ["3 appel"]),
            ([act("usager.desappariement"), GONE, pairing_shown("apparie")], ["3 lire_appariement.etat"]),
        ],
        silent=[[act("usager.desappariement"), pairing_shown("apparie")], [GONE, GONE]],
    ),
    Case(
        "MES-49",
        accepted=[
            [
                token(issued_access="a1"),
                act("usager.desappariement"),
                token(issued_access="a2"),
                create(**with_token("valid", "a2")),
            ]
        ],
        refused=[
            (
                [
                    token(issued_access="a1", issued_refresh="r1"),
                    act("usager.desappariement"),
                    token(issued_access="a2", issued_refresh="r2"),
                    create(**with_token("revoked", "a1")),
                    refresh(400, refresh="r1"),
                ],
                ["4 jeton", "5 jeton"],
            )
        ],
        silent=[[token(issued_access="a1"), create(**with_token("valid", "a1"))], [act("usager.desappariement")]],
    ),
]
