"""Tables of rules/mes_consent.py."""

from typing import Any

from tests.rules.cases import Case
from tests.rules.journal import Entry, act, action, began, create, pairing_shown, search, token, typed, valid

GIVEN = act("usager.consentement_donne", finalite="AGENDA_ECRITURE")
WITHDRAWN = act("usager.consentement_retire", finalite="AGENDA_ECRITURE")
AUTHORISED = act("usager.appariement_autorise", finalites=["AGENDA_ECRITURE"])
SYNC = action("synchroniser_agenda", {"recus": 0}, usager="u1")
RESUME = action("reprendre_envois", {"envoyes": 0, "en_attente": 2})
TYPED = typed()
SENT = create()


def refused(code: str = "CONSENT_REQUIRED", **more: Any) -> Entry:
    return create(status=403, refusal=code, **more)


NO_READ = search(status=403, refusal="CONSENT_REQUIRED")


def stop_cases(rule: str, code: str, lifted: Entry, state: str) -> Case:
    """The three states of a pairing that stop everything are judged alike."""
    return Case(
        rule,
        accepted=[
            [refused(code), TYPED, pairing_shown(state)],
            [refused(code), TYPED, lifted, SENT],
            [refused(code), TYPED, SENT, TYPED],  # MES accepts: the obstacle was gone
            [refused(code), SYNC, refused(code), SYNC],  # somebody asked to try again
            [refused(code), began(TYPED, 0), refused(code), began(SYNC, 2)],
        ],
        refused=[
            ([refused(code), TYPED, refused(code), TYPED], ["3 appel"]),
            ([refused(code), refused(code), SYNC], ["2 appel"]),
            # the second call came before the demand began
            ([refused(code), began(TYPED, 0), refused(code), began(SYNC, 3)], ["3 appel"]),
            ([refused(code), pairing_shown("rompu")], ["2 lire_appariement.etat"]),
        ],
        silent=[[SENT, SENT], [refused("CONSENT_REQUIRED"), refused("CONSENT_REQUIRED")]],
    )


CASES = [
    Case(
        "MES-44",
        accepted=[
            [refused(), TYPED, search(), SYNC],  # another flow goes on
            [refused(), TYPED, pairing_shown("apparie", consentements_manquants=["AGENDA_ECRITURE"])],
            [refused(), TYPED, pairing_shown("apparie", message="Il manque votre accord pour l'agenda.")],
            [refused(), TYPED, pairing_shown("apparie", consentements_manquants=["Alimenter mon agenda"])],
            [refused(), TYPED, GIVEN, SENT],
            [refused(), TYPED, token(), refused()],
        ],
        refused=[
            ([refused(), refused(), TYPED], ["2 appel"]),
            ([refused(), TYPED, refused(), TYPED], ["3 appel"]),
            ([refused(), TYPED, pairing_shown("apparie")], ["3 lire_appariement.consentements_manquants"]),
            (
                [refused(), pairing_shown("apparie", consentements_manquants=["AGENDA_LECTURE", "MESURES_LECTURE"])],
                ["2 lire_appariement.consentements_manquants"],
            ),
        ],
        silent=[[SENT, SENT]],
    ),
    Case(
        "MES-45",
        accepted=[
            [GIVEN, SENT, WITHDRAWN, refused(), TYPED],
            [WITHDRAWN, refused(), TYPED, GIVEN, SENT],
        ],
        refused=[
            ([WITHDRAWN, refused(), refused(), TYPED], ["3 appel"]),
            ([WITHDRAWN, refused(), TYPED, refused(), RESUME], ["4 appel"]),
        ],
        silent=[[refused(), refused()], [WITHDRAWN], [WITHDRAWN, NO_READ, NO_READ]],
    ),
    Case(
        "MES-46",
        accepted=[[AUTHORISED, SENT]],
        refused=[
            ([AUTHORISED, NO_READ], ["2 appel"]),
            ([act("usager.consentement_donne", finalite="AGENDA_LECTURE"), refused()], ["2 appel"]),
        ],
        silent=[[NO_READ], [GIVEN, WITHDRAWN, refused()], [AUTHORISED, search(status=403, perimeter="mesures")]],
    ),
    Case(
        "MES-50",
        accepted=[
            [
                action("apparier_mes", {"url": "x"}, usager="u1", pour="u2"),
                create(**valid("idpe-1")),
                create(person="p2", **valid("idpe-2")),
            ]
        ],
        refused=[
            (
                [
                    action("apparier_mes", {"url": "x"}, usager="u1", pour="u2"),
                    create(**valid("idpe-1")),
                    create(person="p2", **valid("idpe-1")),
                ],
                ["3 idPe"],
            )
        ],
        silent=[[create(**valid("idpe-1")), create(person="p2", **valid("idpe-1"))]],
    ),
    stop_cases("MES-51", "REAPPROVAL_REQUIRED", act("usager.reapprobation_confirmee"), "a_reapprouver"),
    stop_cases("MES-52", "ACKNOWLEDGEMENT_REQUIRED", act("usager.version_reconnue"), "a_reconnaitre"),
    stop_cases("MES-53", "PAIRING_SUSPENDED", act("service.statut", statut="EN_LIGNE"), "suspendu"),
]
