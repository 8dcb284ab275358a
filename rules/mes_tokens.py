"""MES-09 to MES-17 and MES-47 to MES-49: the life of tokens, seen by their fingerprints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from rules import oauth
from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.identifiers import is_email, is_ins, is_nir_without_key
from rules.mes_pairing import APPARIEMENT
from rules.reading import dig, shown, text
from rules.selectors import (
    DONE,
    MES,
    MES_BUSINESS,
    PRODUCT_PAGES,
    SPOILED,
    TOKEN_CALLS,
    UNCERTAIN,
    On,
    act,
    action,
    http,
    is_grant,
    of_each_person,
    presented,
    refusal,
)

MESURES = "CNAM, API Mesures de santé v1.5.2"
_MARK = re.compile(r"‹([^:‹›]+):([0-9a-f]+)›")
_LOGS = action("lire_journal_technique")
_OTHER_TOKENS = http("*.oidc.token")
_PAIRED_AGAIN = On(lambda e: is_grant(e, "authorization_code") and DONE(e))
_BROKEN = ("rompu", "non_apparie", "en_cours")


def fingerprint(exchange: Exchange) -> str:
    """Fingerprint of the access token of a business call."""
    return text(dig(exchange.context, "token", "fingerprint"))


def is_401(exchange: Exchange) -> bool:
    return bool(MES_BUSINESS(exchange) and exchange.status == 401)


@rule(
    "MES-09",
    Level.SHALL,
    Authority.DEDUITE,
    "RFC 6749 §10.3 ; arrêté du 23/10/2023 (sécurité)",
    title="Les jetons n'apparaissent ni dans une page, ni dans une adresse, ni dans le journal technique du produit.",
    on=PRODUCT_PAGES | _LOGS | MES | _OTHER_TOKENS,
    over="scenario",
)
def tokens_stay_on_the_server(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A JWT of the product's own session is its affair, and tokens of an identity provider are SEC-07's."""
    issued: set[str] = set()
    others: set[str] = set()
    for e in exchanges:
        if _OTHER_TOKENS(e):
            others |= {mark for _, mark in _MARK.findall(e.answer_body)}
            continue
        if TOKEN_CALLS(e):
            issued |= {mark for kind, mark in _MARK.findall(e.answer_body) if kind in ("at", "rt", "jwt")}
        places = {"adresse": e.target}
        if PRODUCT_PAGES(e) or _LOGS(e):
            headers = (str(pair) for part in (e.request, e.answer) for pair in part.get("headers") or ())
            places |= {"en-têtes": " ".join(headers), "contenu": f"{e.body} {e.answer_body}"}
        exposed = [
            place
            for place, content in places.items()
            if any(
                (kind in ("at", "rt") and mark not in others) or mark in issued for kind, mark in _MARK.findall(content)
            )
        ]
        for place in exposed:
            yield Finding(place, "aucun jeton de Mon espace santé", "un jeton", exchange=e.id)
        if not exposed and issued:
            yield Examined(e.id)


@rule(
    "MES-10",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"ANS, flux d'alimentation des mesures, erreurs ; {MESURES}, 403 idPe",
    title="Les jetons d'un usager ne servent jamais pour un autre usager.",
    on=MES_BUSINESS & On(lambda e: bool(dig(e.context, "token", "idpe") and e.context.get("requested_idpe"))),
)
def token_of_the_right_usager(exchange: Exchange) -> Iterator[Finding]:
    """An INS or an address in place of the idPe names nobody else: that is MES-18."""
    owner, asked = text(dig(exchange.context, "token", "idpe")), text(exchange.context.get("requested_idpe"))
    if asked != owner and not (is_ins(asked) or is_nir_without_key(asked) or is_email(asked)):
        yield Finding("en-tête Authorization", f"le jeton de l'usager {asked}", f"celui de l'usager {owner}")


@rule(
    "MES-11",
    Level.SHALL,
    Authority.DEDUITE,
    f"{APPARIEMENT} ; RFC 6749 §1.5",
    title="Un jeton d'accès expiré est renouvelé une fois, puis l'appel est rejoué, sans boucle.",
    over="scenario",
)
def expired_token_refreshed_once(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Where the record stops right after the 401 nothing is said: the refresh may be on its way.

    A replay refused in its turn asks for no second refresh: that would be the loop (MES-13).
    """
    for mine in of_each_person(exchanges):
        for place, call in enumerate(mine):
            expired = dig(call.context, "token", "state") == "expired" or call.entry.get("fault") == "jeton_expire"
            if is_401(call) and expired and mine[place + 1 :]:
                judged = _judged_loop if _just_renewed(mine[:place]) else _judged_renewal
                yield judged(call, mine[place + 1 :])


def _just_renewed(before: Sequence[Exchange]) -> bool:
    """What came right before is a renewal that answered a 401: the call is its replay."""
    useful = [e for e in before if MES_BUSINESS(e) or is_grant(e, "refresh_token")][-2:]
    return len(useful) == 2 and is_401(useful[0]) and is_grant(useful[1], "refresh_token") and DONE(useful[1])


def _judged_loop(call: Exchange, after: Sequence[Exchange]) -> Finding | Examined:
    """A 401 on a token just renewed will not be cured by another one."""
    again = next((e for e in after if is_grant(e, "refresh_token")), None)
    return Finding("appel", "un seul renouvellement", "un second", exchange=again.id) if again else Examined(call.id)


def _judged_renewal(call: Exchange, after: Sequence[Exchange]) -> Finding | Examined:
    replay = next((e for e in after if MES_BUSINESS(e)), None)
    refreshes = [e for e in after if is_grant(e, "refresh_token") and (not replay or e.id < replay.id)]
    done = [e for e in refreshes if DONE(e)]
    if replay and not refreshes and fingerprint(replay) == fingerprint(call):
        return Finding("en-tête Authorization", "un jeton renouvelé", "le même jeton", exchange=replay.id)
    if len(done) > 1:
        return Finding("appel", "un seul renouvellement", f"{len(done)} renouvellements", exchange=done[-1].id)
    if not replay and (not refreshes or DONE(refreshes[-1])):
        return Finding("appel", "l'appel rejoué avec un jeton renouvelé", "rien", exchange=call.id)
    return Examined(call.id)


@rule(
    "MES-12",
    Level.SHOULD,
    Authority.BANC,
    "RFC 6749 §6 (rotation : convention du banc)",
    title="Un refresh_token remplacé n'est plus jamais présenté.",
    on=TOKEN_CALLS & On(lambda e: is_grant(e, "refresh_token")),
    over="scenario",
)
def rotated_token_dropped(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    yield from oauth.newest_refresh_token(exchanges)


@rule(
    "MES-13",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES}, 401 ; {APPARIEMENT} §4.5",
    title="Après un 401 malgré le renouvellement, les appels cessent et l'appariement est montré rompu.",
    over="person",
)
def stops_after_lost_pairing(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    refused, renewed, lost = False, False, 0
    for e in exchanges:
        if _PAIRED_AGAIN(e):
            refused, renewed, lost = False, False, 0
        elif lost and MES_BUSINESS(e):
            yield Finding("appel", "aucun appel avant un nouvel appariement", f"{e.method} {e.path}", exchange=e.id)
        elif lost and action("lire_appariement")(e) and e.status == 200:
            state = dig(e.answer_json, "etat")
            if state == "apparie":
                yield Finding("lire_appariement.etat", "rompu", shown(state), exchange=e.id)
            else:
                yield Examined(e.id)
        elif is_grant(e, "refresh_token") and not UNCERTAIN(e):
            renewed = refused and DONE(e)
            lost = e.id if refused and not DONE(e) else 0
        elif is_401(e):
            lost = e.id if renewed else 0
            refused = True
        elif MES_BUSINESS(e):
            refused, renewed = False, False
        if lost == e.id:
            yield Examined(e.id)


@rule(
    "MES-14",
    Level.SHALL,
    Authority.DEDUITE,
    f"{MESURES}, tableaux d'erreurs",
    title="Chaque appel métier présente l'access_token et l'id_token.",
    on=MES_BUSINESS & On(lambda e: dig(e.context, "token", "state") is not None or not (SPOILED(e) or UNCERTAIN(e))),
)
def both_tokens(exchange: Exchange) -> Iterator[Finding]:
    """The name of the id_token's header is not public: what the service recognised decides, when it went so far."""
    sent = {str(pair[0]).lower().replace("_", "-") for pair in exchange.request.get("headers") or () if pair}
    for name, header in (("token", "Authorization"), ("id_token", "ID_TOKEN")):
        state = dig(exchange.context, name, "state")
        present = sent & {header.lower().replace("_", "-"), f"x-{header.lower().replace('_', '-')}"}
        if state == "absent" or (state is None and not present):
            yield Finding(f"en-tête {header}", "un jeton de Mon espace santé", "rien")


@rule(
    "MES-15",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"ANS, flux d'alimentation des mesures, erreurs ; {MESURES}, 403",
    title="L'id_token présenté est celui de l'usager demandé.",
    on=MES_BUSINESS & On(lambda e: bool(dig(e.context, "id_token", "idpe") and e.context.get("requested_idpe"))),
)
def id_token_of_the_right_usager(exchange: Exchange) -> Iterator[Finding]:
    owner, asked = text(dig(exchange.context, "id_token", "idpe")), text(exchange.context.get("requested_idpe"))
    if asked != owner:
        yield Finding("en-tête ID_TOKEN", f"l'id_token de l'usager {asked}", f"celui de l'usager {owner}")


@rule(
    "MES-16",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"ANS, flux d'alimentation des mesures, erreurs ; {MESURES}, 409",
    title="L'OID de l'id_token est celui du produit dans cet environnement.",
    over="person",
)
def oid_of_the_product(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A refusal that the bench played is not the product's doing.

    When the bench issued an id_token with another OID, a product that presents it did not look: our convention says so.
    """
    issued = False
    for e in exchanges:
        played = e.entry.get("fault") == "oid_different"
        issued = issued or (TOKEN_CALLS(e) and played)
        if not MES_BUSINESS(e) or played or not dig(e.context, "id_token", "oid"):
            continue
        if refusal(e) == "OID_MISMATCH":
            expected, seen = f"oid = {shown(e.context.get('oid'))}", shown(dig(e.context, "id_token", "oid"))
            authority = Authority.BANC if issued else None
            yield Finding("en-tête ID_TOKEN", expected, seen, exchange=e.id, authority=authority)
        else:
            yield Examined(e.id)


@rule(
    "MES-17",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{MESURES}, 409",
    title="Un 409 sur l'OID est une faute de configuration : le produit alerte son exploitant et n'insiste pas.",
    over="person",
)
def oid_conflict_is_configuration(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    refused: Exchange | None = None
    for e in exchanges:
        if _PAIRED_AGAIN(e) or action("configurer")(e):
            refused = None
        elif refused and MES_BUSINESS(e) and e.operation == refused.operation and e.body == refused.body:
            yield Finding("appel", "aucun nouvel essai après le 409", f"{e.method} {e.path}", exchange=e.id)
        elif refused and action("lire_appariement")(e) and e.status == 200:
            if text(dig(e.answer_json, "alerte_configuration")).strip():
                yield Examined(e.id)
            else:
                expected = "une alerte pour l'exploitant"
                yield Finding("lire_appariement.alerte_configuration", expected, "rien", exchange=e.id)
        elif MES_BUSINESS(e) and refusal(e) == "OID_MISMATCH":
            refused = e
            yield Examined(e.id)


@rule(
    "MES-47",
    Level.SHOULD,
    Authority.BANC,
    "RFC 7009 §2 (convention du banc)",
    title="Le désappariement depuis le produit révoque les jetons, qui ne servent plus.",
    over="scenario",
)
def unpairing_revokes(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    done = [e for e in exchanges if action("desapparier_mes")(e) and e.status == 200]
    for asked in done:
        revoked = [e for e in exchanges if http("mes.oauth.revoke")(e) and e.person in (asked.person, None)]
        after = [e for e in exchanges if e.id > asked.id and e.person == asked.person is not None]
        again = next((e.id for e in after if _PAIRED_AGAIN(e)), None)
        late = [e for e in after if MES_BUSINESS(e) and (again is None or e.id < again)]
        if not revoked:
            yield Finding("appel", "POST /oauth2/revoke", "rien", exchange=asked.id)
        for call in late:
            yield Finding("en-tête Authorization", "plus aucun appel", "un jeton gardé", exchange=call.id)
        if revoked and not late:
            yield Examined(asked.id)


@rule(
    "MES-48",
    Level.SHALL,
    Authority.DEDUITE,
    "Application mobile Mon espace santé (deleteSynchronizedService) ; erreurs 401 et 403",
    title="Un désappariement fait dans Mon espace santé est constaté à l'appel suivant, montré, et les appels cessent.",
    over="person",
)
def unpairing_noticed(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The first refusal tells the product; a 401 may be followed by one refresh and one replay."""
    gone, told, replays = False, False, 0
    for e in exchanges:
        if act("usager.desappariement")(e) or _PAIRED_AGAIN(e):
            gone, told, replays = e.protocol == "acte", False, 0
        elif gone and is_grant(e, "refresh_token"):
            replays = 1 if DONE(e) else 0
        elif gone and MES_BUSINESS(e) and told and not replays:
            yield Finding("appel", "aucun appel après le refus", f"{e.method} {e.path}", exchange=e.id)
        elif gone and MES_BUSINESS(e) and e.status in (401, 403):
            told, replays = True, 0
            yield Examined(e.id)
        elif told and action("lire_appariement")(e) and e.status == 200:
            state = dig(e.answer_json, "etat")
            if state in _BROKEN:
                yield Examined(e.id)
            else:
                yield Finding("lire_appariement.etat", "rompu", shown(state), exchange=e.id)


@rule(
    "MES-49",
    Level.SHALL,
    Authority.DEDUITE,
    "RFC 6749 §5.1, §6",
    title="Après un nouvel appariement, seuls les nouveaux jetons servent.",
    over="person",
)
def only_new_tokens(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    old: set[str] = set()
    current: set[str] = set()
    ended = False
    for e in exchanges:
        ended = ended or act("usager.desappariement")(e) or (action("desapparier_mes")(e) and e.status == 200)
        if TOKEN_CALLS(e) and DONE(e):
            if ended and _PAIRED_AGAIN(e):
                old, current, ended = old | current, set(), False
            current |= _tokens(e)
        used = {fingerprint(e)} if MES_BUSINESS(e) else set()
        if is_grant(e, "refresh_token"):
            used = {presented(e, "refresh", "refresh_token")}
        if used & (old - {""}):
            yield Finding("jeton", "un jeton du nouvel appariement", "un jeton de l'ancien", exchange=e.id)
        elif old and used - {""} and not SPOILED(e):
            yield Examined(e.id)


def _tokens(call: Exchange) -> set[str]:
    issued = (dig(call.context, "grant", name) for name in ("issued_access", "issued_refresh"))
    return set(chain((text(mark) for mark in issued), (m for k, m in _MARK.findall(call.answer_body) if k != "jwt")))
