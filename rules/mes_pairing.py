"""MES-01 to MES-08, MES-70, MES-71, MES-75, MES-77: pairing an usager with Mon espace santé."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rules import oauth
from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.paging import Address, address
from rules.reading import dig, shown, text
from rules.selectors import (
    DONE,
    MES_API,
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
)
from rules.traits import plain

APPARIEMENT = "CNAM, API Appariement v2.1"
PAIRING_REQUESTS = http("mes.oauth.par") | (http("mes.oauth.authorize") & On(lambda e: not e.values("request_uri")))
_SIGN_IN = http("mes.page.connexion") & On(lambda e: e.method == "POST")
_PAIRED = act("usager.appariement_autorise")
_CALLBACKS = PRODUCT_PAGES & On(lambda e: bool(e.values("code") and e.values("state")))
_MASKED = re.compile(r"‹masqué:([0-9a-f]+)›")
_CAPTURE = re.compile(r"<(?:iframe|form)\b[^>]*?\b(?:src|action)\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
_LINK = re.compile(r"\bhref\s*=\s*[\"'](https?:[^\"']+)", re.IGNORECASE)


def parameters(exchange: Exchange) -> Mapping[str, str]:
    """What a pairing request carries, whether pushed (RFC 9126) or in the query."""
    return exchange.form if exchange.operation == "mes.oauth.par" else dict(exchange.query)


def external_user(exchange: Exchange) -> Mapping[str, Any]:
    """The account of the usager in the product, as handed to MES; empty when missing or malformed."""
    try:
        found = json.loads(parameters(exchange).get("external_user", ""))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def paired_calls(exchanges: Sequence[Exchange]) -> Iterator[tuple[Exchange, bool]]:
    """Business calls for which one can tell whether their usager was paired before, and the answer."""
    paired: set[str] = set()
    for call in filter(MES_BUSINESS, exchanges):
        state, asked = dig(call.context, "token", "state"), text(call.context.get("requested_idpe"))
        if state is None and "‹at:" in (call.header("Authorization") or ""):
            yield call, True  # an outage came before MES read the token, and it is one that MES issued
        elif state in ("valid", "expired", "revoked"):
            paired |= {text(dig(call.context, "token", "idpe")), asked} - {""}
            yield call, True
        elif asked in paired or call.context.get("pairing"):
            yield call, True
        elif asked or not paired:
            yield call, False


def before_pairing(call: Exchange) -> Finding:
    return Finding(
        at="en-tête Authorization",
        expected="aucun appel avant l'appariement de l'usager",
        seen=f"{call.method} {call.path} sans jeton délivré par Mon espace santé",
        exchange=call.id,
    )


@rule(
    "MES-01",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{APPARIEMENT}, présentation",
    title="Aucune API métier n'est appelée pour un usager avant son appariement.",
    over="scenario",
)
def no_call_before_pairing(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A token that MES never issued is no pairing. A paired usager whose call lacks its token is MES-14's concern."""
    for call, paired in paired_calls(exchanges):
        yield Examined(call.id) if paired else before_pairing(call)


@rule(
    "MES-02",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{APPARIEMENT}, présentation",
    title="Seul un usager déjà authentifié dans le produit peut demander l'appariement.",
    on=action("ouvrir_session", "fermer_session", "apparier_mes"),
    over="scenario",
)
def pairing_needs_a_session(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """An address of the product itself (its login page) is a right answer to somebody who is not signed in."""
    signed_in: dict[str, bool] = {}
    for step in exchanges:
        usager = text(step.resource.get("usager"))
        if not step.operation.endswith("apparier_mes"):
            signed_in[usager] = step.operation.endswith("ouvrir_session") and step.status == 200
        elif signed_in.get(usager, bool(step.resource.get("session"))) or step.status == 422:
            yield Examined(step.id)
        elif step.status == 200 and "/oauth2/authorize" in text(dig(step.answer_json, "url")):
            yield Finding(
                at="apparier_mes.url",
                expected="un refus, ou la page de connexion du produit",
                seen=f"l'appariement commence sans session ouverte : {shown(dig(step.answer_json, 'url'))}",
                exchange=step.id,
            )


@rule(
    "MES-03",
    Level.SHALL,
    Authority.OFFICIELLE,
    f"{APPARIEMENT}, présentation",
    title="L'usager s'authentifie sur les pages de Mon espace santé ; le produit ne demande jamais ces identifiants.",
    on=_SIGN_IN | PRODUCT_PAGES,
    over="scenario",
)
def credentials_stay_on_mes(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Equal passwords have equal masks: a page of the product that received the one typed on MES shows it."""
    signed = [e for e in exchanges if _SIGN_IN(e)]
    passwords = {mark for e in signed for mark in _MASKED.findall(e.form.get("mot_de_passe", ""))}
    yield from (Examined(e.id) for e in signed)
    for page in filter(PRODUCT_PAGES, exchanges):
        if passwords & set(_MASKED.findall(page.body)):
            yield Finding("requête", "aucun mot de passe de Mon espace santé", "ce mot de passe", exchange=page.id)
        for url in _CAPTURE.findall(page.answer_body):
            if re.search(r"/(oauth2/authorize|mes/connexion)\b", html.unescape(url)):
                expected = "une redirection complète vers Mon espace santé"
                yield Finding("page", expected, f"cadre ou formulaire vers {shown(url)}", exchange=page.id)


@rule(
    "MES-04",
    Level.SHALL,
    Authority.DEDUITE,
    f"{APPARIEMENT} ; RFC 6749 §3.1.2",
    title="L'adresse de retour (redirect_uri) est l'une de celles déclarées à Mon espace santé.",
    on=PAIRING_REQUESTS & ~SPOILED & ~UNCERTAIN,
)
def registered_redirect(exchange: Exchange) -> Iterator[Finding]:
    refused = 400 <= exchange.status < 500 and "redirect_uri" in exchange.answer_body
    if refused:
        yield Finding("redirect_uri", "une adresse déclarée", shown(parameters(exchange).get("redirect_uri")))


@rule(
    "MES-05",
    Level.SHALL,
    Authority.OFFICIELLE,
    "RFC 6749 §10.12",
    title="Le paramètre state est imprévisible, propre à chaque demande, et un retour avec un autre state est rejeté.",
    over="scenario",
)
def state_protects_the_return(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    requests = [e for e in exchanges if PAIRING_REQUESTS(e) and e.status and e.status < 400]
    used: dict[str, Mapping[str, str]] = {}
    for request in requests:
        asked = dict(parameters(request))
        state = asked.get("state", "")
        # The same address opened twice by the browser is one request, not a state used again.
        reused = state in used and used[state] != asked
        used.setdefault(state, asked)
        yield from _judged_state(request, state, reused, "code_challenge" in asked)
    returns = [e for e in exchanges if _CALLBACKS(e)]
    right = {code for e in returns if set(e.values("state")) & set(used) for code in e.values("code")}
    for page in returns if used else ():
        codes = set(page.values("code"))
        exchanged = [e for e in exchanges if is_grant(e, "authorization_code") and e.form.get("code") in codes]
        wrong = [e for e in exchanged if e.form["code"] not in right or not _may_return(page, e, exchanges)]
        for call in wrong:
            expected = "un retour rejeté : son state n'est pas celui de cette session"
            yield Finding("code", expected, "le code échangé", exchange=call.id)
        if not wrong:
            yield Examined(page.id)


def _may_return(page: Exchange, call: Exchange, exchanges: Sequence[Exchange]) -> bool:
    """Whether the browser that came back may hold this pairing: its usager's own, or that of who authorised it."""
    acts = [e for e in exchanges if _PAIRED(e) and e.person == call.person]
    holders = {call.person, *(text(e.resource.get("autorise_par")) for e in acts)}
    return page.person in holders or None in (page.person, call.person) or not DONE(call)


def _judged_state(request: Exchange, state: str, reused: bool, pkce: bool) -> Iterator[Finding | Examined]:
    if not state:  # RFC 9700 §2.1.1 lets PKCE stand for it: then it is advice
        level = Level.SHOULD if pkce else None
        yield Finding("state", "une valeur imprévisible", "rien", exchange=request.id, level=level)
    elif reused:
        yield Finding("state", "une valeur neuve à chaque demande", "une valeur déjà employée", exchange=request.id)
    elif len(state) < 16:  # no length is written for state: a short one is advice
        seen = f"{len(state)} caractères"
        yield Finding("state", "au moins 16 caractères", seen, exchange=request.id, level=Level.SHOULD)
    else:
        yield Examined(request.id)


@rule(
    "MES-06",
    Level.SHOULD,
    Authority.BANC,
    "RFC 7636 §4 (non confirmé pour l'API Appariement)",
    title="La demande d'appariement emploie PKCE avec S256, et un code_verifier ne sert qu'une fois.",
    over="scenario",
)
def pkce(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    verifiers: dict[str, str] = {}
    for e in exchanges:
        if PAIRING_REQUESTS(e):
            asked = parameters(e)
            if asked.get("code_challenge") and asked.get("code_challenge_method") == "S256":
                yield Examined(e.id)
            else:
                seen = shown(asked.get("code_challenge_method"))
                yield Finding("code_challenge_method", "S256", seen, exchange=e.id)
        elif is_grant(e, "authorization_code") and "code_verifier" in e.form:
            verifier, code = e.form["code_verifier"], e.form.get("code", "")
            if verifiers.setdefault(verifier, code) != code:
                yield Finding("code_verifier", "une valeur neuve", "une valeur déjà employée", exchange=e.id)


@rule(
    "MES-07",
    Level.SHALL,
    Authority.OFFICIELLE,
    "RFC 6749 §4.1.2",
    title="Le code d'autorisation est échangé une seule fois, de serveur à serveur.",
    on=TOKEN_CALLS & On(lambda e: is_grant(e, "authorization_code")),
    over="scenario",
)
def code_used_once(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    yield from oauth.codes_used_once(exchanges)


@rule(
    "MES-08",
    Level.SHALL,
    Authority.DEDUITE,
    "RFC 6749 §4.1.2.1 ; cadre d'urbanisation axe 4.1, rec. 4.1.6",
    title="Après un refus dans Mon espace santé, l'usager reste non apparié et le produit le dit clairement.",
    over="person",
)
def refusal_leaves_unpaired(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    refused, shows = False, action("lire_appariement")
    for e in exchanges:
        if act("usager.appariement_refuse", "usager.appariement_autorise")(e):
            refused = e.operation.endswith("refuse")
        elif refused and shows(e) and e.status == 200:
            state, message = dig(e.answer_json, "etat"), text(dig(e.answer_json, "message"))
            if state == "apparie":
                yield Finding("lire_appariement.etat", "non_apparie", shown(state), exchange=e.id)
            elif not message.strip():
                yield Finding("lire_appariement.message", "un message pour l'usager", "rien", exchange=e.id)
            else:
                yield Examined(e.id)


@rule(
    "MES-70",
    Level.SHALL,
    Authority.OFFICIELLE,
    "Arrêté du 23/06/2022 ; cadre d'urbanisation axe 4.1, cas d'usage 2",
    title="Un produit référencé sans échange de données n'appelle aucune API de Mon espace santé.",
    on=action("configurer") | MES_API,
    over="scenario",
)
def silent_without_exchange(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """An address of MES that the usager opens (authorize) counts only if the product builds a request for it."""
    silent = False
    for e in exchanges:
        if action("configurer")(e):
            silent = e.resource.get("avec_echange") is False and e.status == 200
            if silent:
                yield Examined(e.id)
        elif silent:
            seen = f"{e.method} {e.path}"
            yield Finding("appel", "aucun appel aux API de Mon espace santé", seen, exchange=e.id)


@rule(
    "MES-71",
    Level.SHALL,
    Authority.OFFICIELLE,
    "Cadre d'urbanisation axe 4.1, rec. 4.1.4",
    title="L'usager accède au portail directement, sans passer par Mon espace santé.",
    over="person",
)
def portal_without_mes(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Only a refusal that names MES or the pairing is accused: other refusals have other reasons."""
    opens = action("ouvrir_session", "lire_espace_usager", "lire_agenda")
    for e in exchanges:
        if _PAIRED(e):
            return
        if not opens(e) or e.resource.get("vue") == "dui":
            continue
        message = text(dig(e.answer_json, "message"))
        if DONE(e):
            yield Examined(e.id)
        elif e.status == 422 and re.search(r"mon espace sant|appari", message, re.IGNORECASE):
            yield Finding("message", "un accès au portail sans appariement", shown(message), exchange=e.id)


@rule(
    "MES-75",
    Level.SHALL,
    Authority.DEDUITE,
    "Application mobile Mon espace santé (urlSynchronisation du catalogue)",
    title="L'adresse de synchronisation du catalogue ouvre le produit, sans impasse.",
    on=http("mes.page.catalogue") | PRODUCT_PAGES,
    over="scenario",
)
def synchronisation_opens(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The link is followed with its parameters; what the product does next is seen by the scenario."""
    links: set[Address | None] = set()
    for e in exchanges:
        if e.service == "mes":
            links |= {address(html.unescape(url)) for url in _LINK.findall(e.answer_body)}
        elif address(e.target) in links and not SPOILED(e):
            if 200 <= e.status < 400:
                yield Examined(e.id)
            else:
                yield Finding("page", "une page du produit", f"statut {e.status}", exchange=e.id)


@rule(
    "MES-77",
    Level.SHOULD,
    Authority.DEDUITE,
    "Application mobile Mon espace santé (ExternalUserModel)",
    title="Le produit transmet l'identité exacte du compte de l'usager, que Mon espace santé montre pour confirmation.",
    on=action("declarer_usager") | PAIRING_REQUESTS,
    over="scenario",
)
def external_identity(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    declared: list[tuple[str, str, str]] = []
    for e in exchanges:
        if action("declarer_usager")(e):
            first = (e.resource.get("prenoms") or [""]) if isinstance(e.resource.get("prenoms"), list) else [""]
            declared.append(_identity(e.resource.get("nom"), first[0], e.resource.get("courriel")))
            continue
        user = external_user(e)
        missing = [name for name in ("id", "firstName", "lastName", "email", "login") if not text(user.get(name))]
        seen = _identity(user.get("lastName"), user.get("firstName"), user.get("email"))
        for name in missing:
            yield Finding(f"external_user.{name}", "une valeur", "rien", exchange=e.id)
        if not missing and declared and seen not in declared:
            yield Finding("external_user", "l'identité d'un usager du produit", " ".join(seen), exchange=e.id)
        elif not missing:
            yield Examined(e.id)


def _identity(last: Any, first: Any, email: Any) -> tuple[str, str, str]:
    return plain(last), plain(first), text(email).casefold()
