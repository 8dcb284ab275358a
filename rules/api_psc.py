"""SEC-07 to SEC-15: an API connected to Pro Santé Connect, reached by token exchange (RFC 8693)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rules.conventions import IN_A_SESSION
from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.oidc import (
    FC,
    OVER_TLS,
    PSC,
    TOKENS,
    bearer,
    certificate,
    issued_access,
    mark_of,
    marks,
    seconds,
    secret_sent,
)
from rules.psc_login import TR
from rules.psc_session import ASKS_API, BUSINESS, EXCHANGES, PSC_REFRESHES, PSC_TOKENS
from rules.reading import dig, shown, text
from rules.selectors import BSP_BUSINESS, DONE, PRODUCT_PAGES, SPOILED, UNCERTAIN, On, action, http
from rules.visits import identifiers
from rules.windows import READS_PROFESSIONAL, during, session_of

_TYPES = tuple(f"urn:ietf:params:oauth:token-type:{name}" for name in ("access_token", "jwt"))
_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
_API = On(lambda e: e.protocol == "http" and e.service in ("api-psc", "bsp"))
# Of every API whose tokens come from that exchange; what is found on the agenda of professionals is a convention.
_CALLS = BUSINESS | BSP_BUSINESS
_ASKS = ASKS_API | IN_A_SESSION
_PROTECTED = http("*.oidc.userinfo") | _CALLS
_LOGS = action("lire_journal_technique")


def api_token(exchange: Exchange) -> str:
    """Fingerprint of the API token that a token exchange gave; empty when it gave none."""
    return mark_of(dig(exchange.answer_json, "access_token")) if EXCHANGES(exchange) and DONE(exchange) else ""


@rule(
    "SEC-07",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"RFC 6750 §2 ; {TR}, standards",
    title="Un jeton d'accès voyage dans l'en-tête Authorization : ni adresse, ni corps, ni Referer, ni journal.",
    on=PSC | FC | _API | _LOGS | PRODUCT_PAGES,
    over="scenario",
)
def bearer_in_the_header(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Only tokens that these services gave. Introspection, revocation and exchange carry one by design."""
    given: set[str] = set()
    for e in exchanges:
        places = {"adresse": e.target, "en-tête Referer": e.header("Referer") or ""}
        if _PROTECTED(e):
            places["corps"] = e.form.get("access_token", "") or e.body
        elif _LOGS(e):
            places = {"lire_journal_technique.texte": text(dig(e.answer_json, "texte"))}
        exposed = [at for at, content in places.items() if given & set(marks(content))]
        if _PROTECTED(e) and dig(e.context, "token", "place") in ("query", "body") and not exposed:
            exposed = ["adresse" if dig(e.context, "token", "place") == "query" else "corps"]
        for at in exposed:
            yield Finding(at, "aucun jeton d'accès", "un jeton d'accès", exchange=e.id)
        if not exposed and (_PROTECTED(e) or (_LOGS(e) and given)):
            yield Examined(e.id)
        if DONE(e):
            given |= {issued_access(e) if TOKENS(e) and (PSC(e) or FC(e)) else "", api_token(e)} - {""}


@rule(
    "SEC-08",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, échange de jeton et appel métier",
    title="L'échange de jeton et l'appel métier présentent le même certificat, celui que cnf désigne.",
    on=OVER_TLS & (EXCHANGES | _CALLS),
    over="scenario",
)
def same_certificate(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    holder: dict[str, object] = {}
    for e in exchanges:
        shown_by = certificate(e) or {}
        if EXCHANGES(e):
            if dig(e.context, "exchange", "cnf_matches") is False and dig(e.context, "exchange", "cnf") == "rfc8705":
                seen = "l'empreinte d'un autre certificat"
                yield Finding("cnf", "l'empreinte du certificat présenté", seen, exchange=e.id)
            holder[api_token(e)] = shown_by.get("serial")
        elif bearer(e) and bearer(e) in holder:
            if holder[bearer(e)] == shown_by.get("serial"):
                yield Examined(e.id)
            else:
                expected = "le certificat présenté à l'échange du jeton"
                seen = shown(shown_by.get("subject")) if shown_by else "aucun certificat"
                yield Finding("certificat client", expected, seen, exchange=e.id)


@rule(
    "SEC-09",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, échange de jeton ; RFC 8693 §2.1",
    title="L'échange porte grant_type, subject_token, subject_token_type et un scope non vide.",
    on=EXCHANGES,
)
def whole_exchange(exchange: Exchange) -> Iterator[Finding]:
    form = exchange.form
    if form.get("grant_type") != _GRANT:
        yield Finding("grant_type", _GRANT, shown(form.get("grant_type")))
    if not form.get("subject_token"):
        yield Finding("subject_token", "le jeton d'accès de Pro Santé Connect", "rien")
    if form.get("subject_token_type") not in _TYPES:
        yield Finding("subject_token_type", " ou ".join(_TYPES), shown(form.get("subject_token_type")))
    if not form.get("scope", "").strip():
        yield Finding("scope", "les droits demandés à l'API", "rien")


@rule(
    "SEC-10",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, échange de jeton ; RFC 8705 §3.1",
    title="cnf porte x5t#S256 : l'empreinte SHA-256 du certificat, en base64url sans remplissage.",
    on=EXCHANGES & OVER_TLS & On(lambda e: bool(dig(e.context, "exchange", "cnf"))),
)
def cnf_form(exchange: Exchange) -> Iterator[Finding]:
    """The sample of the ANS guide encodes the hexadecimal digest: it is told, without more."""
    form = dig(exchange.context, "exchange", "cnf")
    if form == "tr":
        seen = "l'empreinte hexadécimale encodée (exemple du guide)"
        yield Finding("cnf", '{"x5t#S256": 43 caractères}', seen, level=Level.SHOULD)
    elif form != "rfc8705":
        yield Finding("cnf", '{"x5t#S256": 43 caractères}', shown(exchange.form.get("cnf")))


@rule(
    "SEC-11",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{TR}, échange de jeton (le certificat remplace le secret, RFC 8705 §2)",
    title="Aucun client_secret n'est envoyé au serveur d'autorisation d'une API à certificat.",
    on=EXCHANGES,
)
def no_secret_with_certificates(exchange: Exchange) -> Iterator[Finding]:
    secret = secret_sent(exchange)
    if secret:
        yield Finding(secret, "aucun secret : le certificat authentifie le produit", "un secret client")


@rule(
    "SEC-12",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{TR}, principes de sécurisation",
    title="Le jeton d'accès de Pro Santé Connect n'est pas présenté à l'API : il s'échange d'abord.",
    over="scenario",
)
def psc_token_is_exchanged(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    given: set[str] = set()
    for e in exchanges:
        if PSC_TOKENS(e):
            given |= {issued_access(e)} - {""}
        elif _CALLS(e) and bearer(e) in given:
            expected = "le jeton rendu par l'échange (RFC 8693)"
            yield Finding("en-tête Authorization", expected, "le jeton de Pro Santé Connect", exchange=e.id)
        elif _CALLS(e) and bearer(e):
            yield Examined(e.id)


@rule(
    "SEC-13",
    Level.SHOULD,
    Authority.DEDUITE,
    f"{TR}, principes de sécurisation",
    title="Un jeton d'API sert jusqu'à son échéance : le jeton PSC n'est pas échangé à chaque appel.",
    on=EXCHANGES | (_CALLS & On(lambda e: e.status == 401)) | PSC_TOKENS,
    over="scenario",
)
def api_token_reused(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """After a 401 or a lost answer a new exchange is right. Tokens of one PSC session count as one."""
    family: dict[str, str] = {}
    held: dict[tuple[str, str], Exchange] = {}
    for e in exchanges:
        if PSC_TOKENS(e):
            family[issued_access(e)] = text(dig(e.context, "grant", "family")) or issued_access(e)
        elif _CALLS(e):
            held.clear()
        else:
            subject = mark_of(e.form.get("subject_token"))
            key = (family.get(subject, subject), " ".join(sorted(e.form.get("scope", "").split())))
            before = held.get(key)
            if before is not None and e.instant < before.instant + seconds(dig(before.answer_json, "expires_in"), 0):
                expected = f"le jeton d'API obtenu à l'échange {before.id}, encore valable"
                yield Finding("subject_token", expected, "un nouvel échange", exchange=e.id)
            elif subject and DONE(e):
                yield Examined(e.id)
            if DONE(e) and not SPOILED(e):
                held[key] = e


@rule(
    "SEC-14",
    Level.SHALL,
    Authority.DEDUITE,
    f"{TR}, API PSC web, cas d'erreur 1a",
    title="Un jeton refusé (401) est renouvelé une fois, puis l'appel est rejoué une fois, sans boucle.",
    over="scenario",
)
def one_retry_after_401(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Within one action. Where neither exchange nor refresh succeeds there is nothing to replay."""
    for asked in filter(_ASKS, exchanges):
        near = during(asked, exchanges)
        refused = next((e for e in near if _CALLS(e) and e.status == 401), None)
        if refused is None:
            continue
        after = [e for e in near if e.id > refused.id]
        replays = [e for e in after if _replays(e, refused)]
        renewals = [e for e in after if EXCHANGES(e) or PSC_REFRESHES(e)]
        if len(replays) > 1 and not any(UNCERTAIN(e) for e in replays):
            seen = f"{len(replays)} appels rejoués"
            yield Finding("appel", "un seul appel rejoué", seen, exchange=replays[-1].id)
        elif replays and bearer(replays[0]) == bearer(refused):
            yield Finding("en-tête Authorization", "un jeton renouvelé", "le même jeton", exchange=replays[0].id)
        elif not replays and (not renewals or any(EXCHANGES(e) and DONE(e) for e in renewals)):
            yield Finding("appel", "l'appel rejoué avec un jeton renouvelé", "rien", exchange=refused.id)
        else:
            yield Examined(refused.id)


def _replays(call: Exchange, refused: Exchange) -> bool:
    """Whether a call asks for the same thing again: one action may make several calls to the agenda."""
    if not _CALLS(call) or call.service != refused.service:
        return False
    if refused.service == "api-psc":
        return True
    wanted = set(identifiers(refused.json))
    if wanted:
        return not wanted.isdisjoint(identifiers(call.json))
    return (call.method, call.target) == (refused.method, refused.target)


@rule(
    "SEC-15",
    Level.SHALL,
    Authority.DEDUITE,
    f"{TR}, principes de sécurisation (correspondance session-jeton)",
    title="Deux professionnels du même produit ne partagent jamais un jeton.",
    over="scenario",
)
def tokens_are_personal(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Judged for sessions whose professional the product said (lire_session_professionnel)."""
    who: dict[str, str] = {}
    owner: dict[str, str] = {}
    for e in exchanges:
        if READS_PROFESSIONAL(e) and e.status == 200:
            name = text(dig(e.answer_json, "identifiant_national")) or text(dig(e.answer_json, "professionnel"))
            who[session_of(e)] = name or who.get(session_of(e), "")
        elif _ASKS(e) and who.get(session_of(e)):
            near = during(e, exchanges)
            tokens = {bearer(call): call for call in near if _CALLS(call)}
            tokens |= {mark_of(call.form.get("subject_token")): call for call in near if EXCHANGES(call)}
            tokens.pop("", None)
            mine = who[session_of(e)]
            stolen = [call for token, call in tokens.items() if owner.setdefault(token, mine) != mine]
            for call in stolen:
                expected, seen = f"un jeton de {mine}", "le jeton d'un autre professionnel"
                yield Finding("jeton", expected, seen, exchange=call.id)
            if tokens and not stolen:
                yield Examined(e.id)
