"""Journeys that let each defect show: what is sent, answered and shown, as text that can be compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from reference.product import Refusal
from tests.reference.bench import Bench
from tests.reference.bsp_journeys import BSP
from tests.reference.fake_mes import event, refused
from tests.reference.identity_journeys import IDENTITY
from tests.reference.login_journeys import LOGIN

Trace = list[Any]
Journey = Callable[[Bench], Trace]
JULY = ("2026-07-01", "2026-07-31")
WEIGHT = {
    "resourceType": "Observation",
    "effectiveDateTime": "2026-07-02T08:00:00Z",
    "valueQuantity": {"value": 62.4, "unit": "kg"},
}
CUT = httpx.RemoteProtocolError("coupé")


def tried(action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Result of an action, or how it was refused or broke."""
    try:
        return action(*args, **kwargs)
    except Refusal as refusal:
        return refusal.code
    except Exception as error:
        return type(error).__name__


def sent(bench: Bench) -> Trace:
    """All that left, with the headers that matter."""
    wanted = ("authorization", "id_token", "content-type", "if-match", "x-patient-ins")
    return [(s.method, s.path, s.query, [s.headers.get(h) for h in wanted], s.body) for s in bench.mes.seen]


def person(bench: Bench) -> str:
    usager = bench.declare()
    bench.pair(usager)
    return usager


def life(bench: Bench) -> Trace:
    """Appointments in summer, in winter at home, asked for, confirmed, moved, cancelled, missed, sent again."""
    usager, product = person(bench), bench.product
    made = bench.book(usager)
    summer = made["rendez_vous"]
    home = {"saisi_dans": "dui", "lieu": "domicile", "adresse": "1 rue Fictive"}
    winter = bench.book(usager, "2026-12-10T09:00", **home)["rendez_vous"]
    asked = bench.book(usager, etat="demande")["rendez_vous"]
    results = [
        product.deplacer_rendez_vous(summer, "2026-07-12T10:00"),
        product.renvoyer_rendez_vous(summer),
        product.annuler_rendez_vous(summer, motif="absence"),
        tried(product.confirmer_rendez_vous, summer),
        product.constater_rendez_vous(winter, "non_honore"),
        product.confirmer_rendez_vous(asked),
        product.constater_rendez_vous(asked, "honore"),
    ]
    return [made, results, product.lire_journal_technique(), sent(bench)]


def read(bench: Bench) -> Trace:
    """Reading of the agenda in several pages, and what is shown; then of measures."""
    usager, product = person(bench), bench.product
    made = bench.book(usager)
    included = event("joint", "2026-07-05T10:00:00Z")
    included["search"] = {"mode": "include"}
    ours = event("nôtre", "2026-07-10T12:30:00Z", identifier=[made["identifiant"]])
    bench.mes.pages = [
        [event("a", "2026-07-02T12:00:00Z"), included, {"resource": WEIGHT, "search": {"mode": "match"}}],
        [event("b", "2026-07-03T12:00:00Z", status="nouveau"), ours],
        [],
    ]
    return [
        product.synchroniser_agenda(usager, *JULY),
        tried(product.lire_agenda, usager, "portail", *JULY),
        tried(product.lire_agenda, usager, "dui", *JULY),
        tried(product.modifier_evenement_recu, usager, "2026-07-02T12:00:00Z", "Autre titre"),
        product.lire_mesures(usager, "29463-7", "toutes", du="2026-07-01", au="2026-07-31"),
        product.lire_mesures(usager, "29463-7", "derniere"),
        product.lire_journal_technique(),
        sent(bench),
    ]


def shown_in_pages(bench: Bench) -> Trace:
    """Pages with and without session, contents, catalogue, logout."""
    usager, product = person(bench), bench.product
    client = product.application.test_client()
    base = {"base_url": "https://portail.banc.test"}
    paths = (
        "/espace/synthese",
        "/espace/calendrier",
        "/espace/contrat",
        "/synchronisation-mes?origine=mes",
        "/connexion",
    )
    outside = [client.get(path, **base) for path in paths]
    inside = [bench.get(usager, path) for path in (*paths[:4], "/appariement-mes")]
    product.fermer_session(usager)
    after = bench.get(usager, "/espace/synthese")
    pages = [(a.status_code, a.headers.get("Location"), a.text) for a in (*outside, *inside, after)]
    return [pages, product.lire_espace_usager(usager)]


def on_the_portal(bench: Bench) -> Trace:
    """What the portal shows of the appointments of the product, and to whom it opens a file."""
    usager, other = bench.declare(), bench.declare(nom="AUTRE")
    bench.book(usager, "2026-07-12T10:00", saisi_dans="dui")
    cancelled = bench.book(usager)["rendez_vous"]
    bench.product.annuler_rendez_vous(cancelled)
    bench.browser(usager)
    bench.browser(other)
    return [bench.product.lire_agenda(usager, "portail", *JULY), bench.get(usager, "/espace/synthese").text]


def overseas(bench: Bench) -> Trace:
    """An appointment typed at La Réunion."""
    usager = person(bench)
    return [bench.book(usager, fuseau="Indian/Reunion"), sent(bench)]


def trap_days(bench: Bench) -> Trace:
    """Appointments on a leap day, on the day of a change of clocks, and for something else than health."""
    usager = person(bench)
    made = [bench.book(usager, "2028-02-29T09:00"), bench.book(usager, "2024-10-27T09:00", nature="administratif")]
    return [made, sent(bench)]


def never_paired(bench: Bench) -> Trace:
    """No session, no pairing: nothing should leave."""
    usager = bench.declare()
    refusal = tried(bench.product.apparier_mes, usager)
    return [refusal, tried(bench.book, usager), sent(bench)]


def without_exchange(bench: Bench) -> Trace:
    """Referenced without exchange of data."""
    usager = bench.declare()
    bench.product.configurer(mes=dict(bench.product.settings.exchange.__dict__), avec_echange=False)
    bench.browser(usager)
    return [tried(bench.product.apparier_mes, usager), sent(bench)]


def returns(bench: Bench) -> Trace:
    """Returns from MES: unknown state, another session, replay, refusal."""
    usager, other = bench.declare(), bench.declare(nom="AUTRE")
    bench.browser(usager)
    back = bench.mes.accept(bench.product.apparier_mes(usager)["url"])
    path = "/appariement-mes/retour"
    answers = [
        bench.get(usager, path, code=back["code"], state="inventé"),
        bench.get(other, path, **back),
        bench.get(usager, path, **back),
        bench.get(usager, path, **back),
    ]
    bench.product.desapparier_mes(usager)
    bench.product.apparier_mes(usager)
    bench.get(usager, path, error="access_denied", state=bench.mes.pushed[-1]["state"])
    return [[a.status_code for a in answers], bench.product.lire_appariement(usager), sent(bench)]


def wrong_identity(bench: Bench) -> Trace:
    """MES gives an id_token with another OID, then with another nonce, then one that it did not sign."""
    usager = bench.declare()
    bench.mes.claims = {"oid": "1.2.250.1.999.66"}
    first = bench.pair(usager)
    bench.mes.claims = {"nonce": "autre"}
    second = bench.pair(usager)
    bench.mes.claims, bench.mes.signed = {}, False
    return [first, second, bench.pair(usager), sent(bench)]


def family(bench: Bench) -> Trace:
    """A representative and the child, both paired: events of each, in turn."""
    parent = person(bench)
    child = bench.declare(nom="PETIT", representant=parent)
    bench.pair(parent, pour=child)
    bench.book(parent)
    bench.book(child)
    return [bench.product.lire_appariement(child), sent(bench)]


def again(bench: Bench) -> Trace:
    """Unpaired, then paired anew."""
    usager = person(bench)
    bench.product.desapparier_mes(usager)
    bench.pair(usager)
    bench.book(usager)
    return [sent(bench)]


def after_refusals(*replies: httpx.Response, method: str = "POST", path: str = "/Appointment") -> Journey:
    """MES answers so to the first calls; then one more write, a resumption, a reading."""

    def journey(bench: Bench) -> Trace:
        usager = person(bench)
        bench.mes.pages = [[event("a", "2026-07-02T12:00:00Z")]]
        bench.product.synchroniser_agenda(usager, *JULY)
        bench.mes.next(method, path, *replies)
        results = [bench.book(usager), bench.product.lire_appariement(usager)]
        results.append(bench.product.synchroniser_agenda(usager, *JULY))
        results.append(bench.product.lire_agenda(usager, "portail", *JULY))
        results.append(bench.book(usager, "2026-07-20T10:00"))
        results.append(bench.product.reprendre_envois(usager))
        return [results, bench.product.lire_appariement(usager), sent(bench)]

    return journey


def lost_answers(bench: Bench) -> Trace:
    """The answer to a creation is lost."""
    usager = person(bench)
    bench.mes.next("POST", "/Appointment", CUT)
    return [bench.book(usager), sent(bench)]


def stale(bench: Bench) -> Trace:
    """The event has changed in MES since it was written."""
    usager = person(bench)
    made = bench.book(usager)["rendez_vous"]
    bench.mes.next("PUT", "/Appointment", refused(412))
    return [bench.product.annuler_rendez_vous(made), sent(bench)]


def partial(scope: str) -> Journey:
    """Only a part of the finalities is allowed."""

    def journey(bench: Bench) -> Trace:
        usager = bench.declare()
        bench.pair(usager, scope)
        return [bench.book(usager), bench.product.synchroniser_agenda(usager, *JULY), sent(bench)]

    return journey


def withdrawn(bench: Bench) -> Trace:
    """The usager withdraws while a write waits."""
    usager = person(bench)
    bench.mes.next("POST", "/Appointment", refused(503, Retry_After="10"), refused(403, "CONSENT_REQUIRED"))
    bench.book(usager)
    bench.clock.advance(seconds=11)
    resumed = [bench.product.reprendre_envois(usager) for _ in range(2)]
    return [resumed, sent(bench)]


def read_withdrawn(bench: Bench) -> Trace:
    """The usager withdraws the right to read after a reading."""
    usager = person(bench)
    bench.mes.pages = [[event("a", "2026-07-02T12:00:00Z")]]
    bench.product.synchroniser_agenda(usager, *JULY)
    bench.mes.next("GET", "/Appointment", refused(403, "CONSENT_REQUIRED"))
    bench.product.synchroniser_agenda(usager, *JULY)
    return [bench.product.lire_agenda(usager, "portail", *JULY)]


def expired_twice(bench: Bench) -> Trace:
    """Two expiries in turn: which refresh token serves the second time?"""
    usager = person(bench)
    for _ in range(2):
        bench.mes.next("POST", "/Appointment", refused(401))
        bench.book(usager)
    return [sent(bench)]


DEFAULT: Journey = life
WATCHED: dict[str, Journey] = {
    "envoi-sans-appariement": never_paired,
    "appariement-sans-session": never_paired,
    "appel-sans-echange": without_exchange,
    "demande-le-mot-de-passe-de-mes": shown_in_pages,
    "jeton-dans-la-page": shown_in_pages,
    "portail-par-mes-seulement": shown_in_pages,
    "synchronisation-impasse": shown_in_pages,
    "synthese-sans-session": shown_in_pages,
    "calendrier-sans-session": shown_in_pages,
    "contrat-absent": shown_in_pages,
    "synthese-absente": shown_in_pages,
    "portail-sans-agenda": shown_in_pages,
    "session-qui-reste-ouverte": shown_in_pages,
    "state-non-verifie": returns,
    "state-sans-session": returns,
    "retour-rejouable": returns,
    "refus-montre-apparie": returns,
    "oid-non-verifie": wrong_identity,
    "nonce-non-verifie": wrong_identity,
    "signature-non-verifiee": wrong_identity,
    "dossier-de-la-derniere-session": on_the_portal,
    "rendez-vous-du-dui-cache": on_the_portal,
    "annulation-cachee-du-portail": on_the_portal,
    "heure-propre-d-hiver": on_the_portal,
    "fuseau-ignore": overseas,
    "decalage-du-matin": trap_days,
    "29-fevrier-perdu": trap_days,
    "sante-seulement": trap_days,
    "dereferencement-ignore": after_refusals(refused(403, "SERVICE_NOT_REFERENCED")),
    "pkce-verifier-reutilise": again,
    "desappariement-sans-revocation": again,
    "anciens-jetons": again,
    "enfant-confondu": family,
    "pkce-plain": family,
    "pkce-absent": family,
    "adresse-de-retour-non-declaree": family,
    "code-echange-deux-fois": family,
    "jeton-d-un-autre": family,
    "id-token-d-un-autre": family,
    "patient-d-un-autre": family,
    "evenement-au-representant": family,
    "ne-rafraichit-pas": after_refusals(refused(401)),
    "boucle-401": after_refusals(refused(401), refused(401)),
    "401-final-ignore": after_refusals(refused(401), refused(401)),
    "refresh-reutilise": expired_twice,
    "reessaie-409": after_refusals(refused(409, "OID_MISMATCH")),
    "refus-de-consentement-ignore": after_refusals(refused(403, "CONSENT_REQUIRED")),
    "retrait-coupe-tout": after_refusals(refused(403, "CONSENT_REQUIRED")),
    "consentement-manquant-tu": after_refusals(refused(403, "CONSENT_REQUIRED")),
    "revocation-ignoree": after_refusals(refused(403, "PAIRING_REVOKED")),
    "majorite-ignoree": after_refusals(refused(403, "REAPPROVAL_REQUIRED")),
    "version-ignoree": after_refusals(refused(403, "ACKNOWLEDGEMENT_REQUIRED")),
    "suspension-ignoree": after_refusals(refused(403, "PAIRING_SUSPENDED")),
    "suspension-perd-les-envois": after_refusals(refused(403, "PAIRING_SUSPENDED")),
    "reessaie-422": after_refusals(refused(422, "value")),
    "retry-after-ignore": after_refusals(refused(429, Retry_After="600")),
    "reessai-par-post": lost_answers,
    "ecrit-sans-relire": stale,
    "abandonne-apres-412": stale,
    "abandonne-en-panne": after_refusals(refused(503)),
    "refus-montre-envoye": after_refusals(refused(422, "value")),
    "file-videe-apres-retrait": withdrawn,
    "evenements-lus-gardes": read_withdrawn,
    "lecture-sans-consentement": partial("openid AGENDA_ECRITURE"),
    "ecriture-sans-consentement": partial("openid AGENDA_LECTURE"),
    **LOGIN,
    **BSP,
    **IDENTITY,
}
READING = (
    "ins-dans-l-adresse",
    "plus-nu",
    "premiere-page-seule",
    "page-reconstruite",
    "echo-meme-identifiant",
    "echo-identifiant-change",
    "modifie-evenement-recu",
    "code-inconnu-casse",
    "heure-z-telle-quelle",
    "affichage-offset-fixe",
    "vue-portail-incomplete",
    "accents-abimes",
    "auteur-des-mesures-efface",
    "origine-effacee",
    "retour-affiche-en-double",
    "mesures-valeur-nue",
    "mesures-parametre-patient",
    "mesures-une-seule-borne",
    "derniere-mesure-sans-tri",
    "mesures-page-trop-grande",
    "offset-en-lignes",
)


def journey_of(defect: str) -> Journey:
    """The journey where that defect must show."""
    return read if defect in READING else WATCHED.get(defect, DEFAULT)
