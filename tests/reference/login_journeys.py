"""Journeys of logins that let each of their defects show: what is asked of providers, opened and shown."""

from __future__ import annotations

from typing import Any

import httpx

from reference.defects import api_psc, france_connect, psc
from reference.product import Refusal
from tests.reference.bench import Bench
from tests.reference.fake_identity import FC_PERSON, PORTAL, PSC_PERSON, FakeProvider
from tests.reference.visitors import CLAUDE, Visitor, declared

Trace = list[Any]
WRONG = ({"nonce": "autre"}, {"aud": "autre"}, {"iss": "autre"}, {"exp": 1}, {"acr": "eidas0"}, {"sub": "autre"})
SIGNED = ("wrong", "none", "right")
TWO = [{"numeroFinessSite": "990000010"}, {"numeroSiretSite": "00001"}]


def tried(action: Any, *args: Any, **kwargs: Any) -> Any:
    """Result of an action, or how it was refused."""
    try:
        return action(*args, **kwargs)
    except Refusal as refusal:
        return refusal.code, refusal.message


def sent(provider: Any) -> Trace:
    """All that reached a provider or an API."""
    return [(s.method, s.path, s.query, s.headers.get("authorization"), s.body) for s in provider.seen]


def returns(visitor: Visitor, provider: FakeProvider, leave: Any, read: Any) -> Trace:
    """Returns that are spoilt in every way, each in a login of its own; what was opened."""
    path = f"/retour-{provider.name.replace('_', '-')}"
    spoilt: Trace = []
    for change in ({"state": "inventé"}, {"iss": "https://autre.test"}, {"error": "access_denied"}, {}):
        end = visitor.get(path, **{**leave(visitor), **change})
        spoilt.append((end.status_code, end.headers.get("Location"), read(visitor)))
    thief = Visitor(visitor.bench)
    leave(thief)
    stolen = leave(visitor)
    spoilt.append((thief.get(path, **stolen).status_code, read(thief)))
    return spoilt


def tokens(bench: Bench, provider: FakeProvider, log_in: Any, read: Any) -> Trace:
    """Logins whose id_token is wrong in every way; what was opened."""
    seen: Trace = []
    for claims in WRONG:
        provider.claims = claims
        seen.append(_once(bench, log_in, read))
    provider.claims = {}
    for provider.sign in SIGNED:
        seen.append(_once(bench, log_in, read))
    provider.keys.append("b")
    return [*seen, _once(bench, log_in, read)]


def _once(bench: Bench, log_in: Any, read: Any) -> Any:
    visitor = Visitor(bench)
    return log_in(visitor).status_code, read(visitor)


def professionals(bench: Bench) -> Trace:
    """Logins by PSC: right, spoilt, of a namesake, with two situations, with none, during an outage; logout."""
    account = declared(bench)
    bench.product.connecter_professionnel("local", professionnel=account)
    visitor, provider = Visitor(bench), bench.psc

    def read(one: Visitor) -> Any:
        shown = one.professional()
        return {**shown, "professionnel": shown.get("professionnel") == account}

    seen = returns(visitor, provider, Visitor.leave_for_psc, read)
    seen += tokens(bench, provider, Visitor.log_in_with_psc, read)
    seen.append(visitor.log_in_with_psc("https://mal.test/").headers.get("Location"))
    left = bench.product.deconnecter_professionnel(visitor.session)
    seen += [left, read(visitor), visitor.get("/sortie-psc", state="inventé").status_code]
    provider.person = {**PSC_PERSON, "SubjectNameID": "899900000099"}
    seen.append(_once(bench, Visitor.log_in_with_psc, read))
    several = Visitor(bench)
    provider.person = {**PSC_PERSON, "SubjectRefPro": {"exercices": [{"activities": TWO}]}}
    several.log_in_with_psc()
    seen += [read(several), tried(bench.product.choisir_situation, several.session, "1.2"), read(several)]
    provider.person = {**PSC_PERSON, "SubjectRefPro": {}}
    seen.append(_once(bench, Visitor.log_in_with_psc, read))
    for status, error in ((503, "temporarily_unavailable"), (400, "invalid_grant")):
        provider.next("/token", httpx.Response(status, json={"error": error}))
        seen.append(_once(bench, Visitor.log_in_with_psc, read))
    twice = Visitor(bench)
    back = twice.leave_for_psc()
    seen += [twice.get("/retour-psc", **back).status_code for _ in range(2)]
    return [seen, sent(provider), provider.asked]


def calls(bench: Bench) -> Trace:
    """Calls of the API: refreshed tokens, 401 once and always, two professionals, end of the PSC session."""
    declared(bench)
    first = Visitor(bench)
    first.log_in_with_psc()

    def call(visitor: Visitor) -> Any:
        return tried(bench.product.appeler_api_psc, visitor.session, "c-1")

    seen = [call(first), call(first)]
    bench.api.statuses = [401]
    seen.append(call(first))
    declared(bench, identifiant_national="899900000022")
    bench.psc.person = {**PSC_PERSON, "SubjectNameID": "899900000022"}
    second = Visitor(bench)
    second.log_in_with_psc()
    seen += [call(second), call(second)]
    bench.api.statuses = [401] * 4
    seen.append(call(second))
    bench.clock.advance(minutes=10)
    bench.api.statuses = [401]
    seen.append(call(second))
    bench.psc.dead_refresh = {f"psc-rt-{number}" for number in range(20)}
    bench.api.statuses = [401] * 4
    seen += [call(second), second.professional()]
    bench.psc.dead_refresh = set()
    second.log_in_with_psc()
    bench.api.statuses = [200, 503]
    seen += [call(second), call(second)]
    return [seen, sent(bench.psc), sent(bench.api)]


def by_telephone(bench: Bench) -> Trace:
    """A CIBA login that waits and opens, and one that is refused."""
    declared(bench)
    seen: Trace = []
    for answers in (["authorization_pending", "authorization_pending"], ["access_denied", "access_denied"]):
        bench.psc.ciba = list(answers)
        number = CLAUDE["identifiant_national"]
        made = bench.product.connecter_professionnel("psc_ciba", identifiant_national=number)
        seen.append(made)
        for seconds in (0, 1, 5, 5):
            bench.clock.advance(seconds=seconds)
            seen.append(bench.product.lire_session_professionnel(demande=made["demande"]))
    return [seen, sent(bench.psc)]


def usagers(bench: Bench) -> Trace:
    """Logins by FranceConnect: right, spoilt, of files that are alike, born abroad; logout."""
    bench.declare(prenoms=["Marie-Anne"], ins=None, lieu_naissance="99999")
    bench.declare(nom="AUTRE", prenoms=["Zoé"], date_naissance="1980-01-01", courriel="zoe@exemple.test")
    visitor, low, plus = Visitor(bench), bench.fc, bench.providers["franceconnect_plus"]

    def leave(one: Visitor) -> dict[str, str]:
        return one.leave_for(low)

    def read(one: Visitor) -> Any:
        shown = one.usager()
        known = bench.product.people.usager(shown["usager"]) if shown.get("usager") else None
        return {**shown, "ins": known.ins if known else None}

    def enter(one: Visitor) -> Any:
        return one.log_in_with(plus)

    seen = returns(visitor, low, leave, read) + tokens(bench, plus, enter, read)
    for provider in (low, plus):
        provider.sign = "wrong"
        said = {**FC_PERSON, "iss": provider.issuer, "aud": "produit"}
        forged = httpx.Response(200, text=provider.jwt(said), headers={"Content-Type": "application/jwt"})
        provider.sign = "right"
        provider.next("/userinfo", forged)
        seen.append(_once(bench, lambda one, it=provider: one.log_in_with(it), read))
    low.next("/token", httpx.Response(400, json={"error": "invalid_grant"}))
    seen.append(_once(bench, lambda one: one.log_in_with(low), read))
    seen.append(visitor.log_in_with(low, "https://mal.test/").headers.get("Location"))
    seen += [read(visitor), bench.product.deconnecter_usager(visitor.session), read(visitor)]
    seen.append(visitor.get("/sortie-franceconnect", state="inventé").status_code)
    for change in (
        {"sub": "s-2", "birthplace": "", "birthcountry": "99352"},
        {"sub": "s-3", "birthdate": "1955-06-10"},
        {"sub": "s-4", "family_name": "NOUVELLE", "birthdate": "1990-01-01", "email": "zoe@exemple.test"},
        {"family_name": "RENOMMÉE", "given_name": "Autrement"},
    ):
        low.person = {**FC_PERSON, **change}
        seen.append(_once(bench, lambda one: one.log_in_with(low), read))
    return [seen, sent(low), low.asked, sent(plus), plus.asked, PORTAL]


_OF_CALLS = ("psc-ne-rafraichit-pas", "psc-refresh-reutilise", "fin-de-session-psc-ignoree")
LOGIN = {
    **dict.fromkeys((one.id for one in psc.DEFECTS), professionals),
    **dict.fromkeys((one.id for one in psc.CIBA), by_telephone),
    **dict.fromkeys((*_OF_CALLS, *(one.id for one in api_psc.DEFECTS)), calls),
    **dict.fromkeys((one.id for one in france_connect.DEFECTS), usagers),
}
"""The journey where each defect of logins must show."""
