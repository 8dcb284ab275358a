"""Journal entries of identity and trust in one line, for tests of rules (see tests/rules/journal.py)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tests.rules.journal import Entry, action, http

REDIRECT = "https://produit.test/retour"
SESSION = {"cookies": {"s": "un"}}
OTHER_SESSION = {"cookies": {"s": "deux"}}
TRAITS: dict[str, Any] = {
    "NomNaissance": "TESTEUR",
    "Prenom": ["JEANNE"],
    "Sexe": "F",
    "DateNaissance": "1948-02-01",
    "LieuNaissance": "2A004",
}
MATRICULE = "248022A00412325"
FORMER = "248027500412347"
CERTIFICATE = {
    "subject": "CN=INSI-MANU,OU=1990000010",
    "cn": "INSI-MANU",
    "ou": "1990000010",
    "serial": "a1",
    "issuer": "CN=AC ORGANISATIONS FICTIVE DU BANC",
    "structure": "1990000010",
}
PIVOT = {
    "given_name": "Jeanne Marie",
    "family_name": "TESTEUR",
    "birthdate": "1948-02-01",
    "gender": "female",
    "birthplace": "75115",
    "birthcountry": "99100",
}


def national_act(operation: str) -> Entry:
    """Something that happened on the national side: national_act("psc.session.fermee")."""
    return {**http(operation, person=None), "protocol": "acte"}


def tls(version: str = "TLSv1.3", *, server: str = "serveur", client: Any = CERTIFICATE, **more: Any) -> dict[str, Any]:
    """`context.tls` of an exchange: `insi_call(tls=tls())`; more: parts of the client certificate."""
    shown = None if client is None else {**client, **more}
    return {"version": version, "cipher": "TLS_AES_256_GCM_SHA384", "server": server, "client": shown}


def refused_handshake(reason: str, server: str = "serveur") -> Entry:
    """A handshake that did not end."""
    entry = http("tls.refus", status=None, person=None, tls={"reason": reason, "alert": "x", "server": server})
    return {**entry, "protocol": "tls", "request": None}


def authorize(service: str = "psc", *, request: str = "req1", registered: bool = True, **fields: Any) -> Entry:
    """An authorization request, right unless told otherwise; a field given as None is left out."""
    plus = service == "franceconnect-plus"
    right = {
        "response_type": "code",
        "client_id": "c1",
        "redirect_uri": REDIRECT,
        "scope": "openid scope_all" if service == "psc" else "openid identite_pivot",
        "acr_values": "eidas2" if plus else "eidas1",
        "state": "s" * 40,
        "nonce": "n" * 40,
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    kept = {name: value for name, value in {**right, **fields}.items() if value is not None}
    seen = {"request": request, "registered": registered}
    target = f"/{service}/authorize?{urlencode(kept)}"
    return http(f"{service}.oidc.authorize", "GET", target, status=303, person=None, authorization=seen)


def redirected(service: str = "psc", code: str = "abc1", request: str = "req1", state: str = "s" * 40) -> Entry:
    """The login page of the provider sends the browser back with a code."""
    location = f"{REDIRECT}?code=‹ac:{code}›&state={state}"
    headers = [("Location", location)]
    return http(f"{service}.page.connexion", "POST", status=303, request=request, answer_headers=headers)


def back(code: str = "abc1", state: str = "s" * 40, status: int = 302) -> Entry:
    """The browser comes back to the product."""
    return http("navigateur.page", "GET", f"/retour?code=‹ac:{code}›&state={state}", status=status, answer="<html>")


def token(service: str = "psc", grant: str = "authorization_code", status: int | None = 200, **more: Any) -> Entry:
    """A call of a token endpoint; keys of `grant` and of the form are told apart by name."""
    names = ("code", "refresh", "reused", "issued_access", "family", "auth", "age_s", "elapsed_s", "interval_s")
    seen = {name: more.pop(name) for name in (*names, "outcome", "request") if name in more}
    form = {"grant_type": grant, **more.pop("form", {})}
    if "code" in seen:
        form["code"] = f"‹ac:{seen['code']}›"
    given = {"access_token": f"‹at:{seen.get('issued_access', 'aaaa01')}›", "expires_in": 120}
    if grant != "x" and service == "psc":
        given |= {"refresh_token": "‹rt:bbbb01›", "refresh_expires_in": 1800}
    more.setdefault("answer", given if status == 200 else {"error": "invalid_grant"})
    spoilt = more.pop("spoilt", None)
    body = urlencode(form, safe="‹›:")
    parts = {"grant": {"type": grant, **seen}, "id_token": {"fingerprint": "i1", "spoilt": spoilt}}
    return http(f"{service}.oidc.token", "POST", f"/{service}/token", body, status, **parts, **more)


def refresh(status: int | None = 200, **more: Any) -> Entry:
    return token("psc", "refresh_token", status, **more)


def poll(outcome: str = "pending", after: float | None = None, **more: Any) -> Entry:
    """A poll of a CIBA request, with the interval of five seconds. after: seconds since the start."""
    status = 200 if outcome == "done" else 400
    seen = {"outcome": outcome, "elapsed_s": 0, "interval_s": 5, "request": "q1", **more}
    return token("psc", "urn:openid:params:grant-type:ciba", status, after=after, **seen)


def ciba(**fields: Any) -> Entry:
    """A CIBA request, right unless told otherwise."""
    right = {
        "scope": "openid scope_all",
        "acr_values": "eidas1",
        "login_hint": "899900000011",
        "binding_message": "42",
        "channel": "MOBILE",
    }
    kept = {name: value for name, value in {**right, **fields}.items() if value is not None}
    return http("psc.oidc.ciba", "POST", "/psc/ciba", urlencode(kept), answer={"auth_req_id": "q1"})


def userinfo(service: str = "psc", *, sub: str = "sub1", pivot: Any = None, **more: Any) -> Entry:
    """A UserInfo call that answers."""
    identity = {"sub": sub, "situations": more.pop("situations", 1)}
    if service != "psc":
        identity["pivot"] = PIVOT | (pivot or {})
    seen = {"fingerprint": "aaaa01", "state": "valid", "place": "header", **more.pop("token", {})}
    more.setdefault("headers", [("Authorization", "Bearer ‹at:aaaa01›")])
    return http(f"{service}.oidc.userinfo", identity=identity, token=seen, **more)


def end_session(service: str = "psc", **logout: Any) -> Entry:
    """The browser on the end_session endpoint."""
    right = {"id_token_hint": "valid", "registered": True, "redirect_uri": REDIRECT, "state_given": True}
    return http(f"{service}.oidc.end_session", status=303, logout={**right, **logout})


def session(etat: str = "ouverte", *, of: Any = None, kind: str = "professionnel", **result: Any) -> Entry:
    """A reading of a session, of a professional or of an usager."""
    return action(f"lire_session_{kind}", {"etat": etat, **result}, session=of or SESSION)


def exchange(status: int = 200, *, subject: str = "aaaa01", issued: str = "cccc01", **more: Any) -> Entry:
    """A token exchange, right unless told otherwise."""
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": f"‹at:{subject}›",
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "scope": "cahier.read",
        "client_id": "as1",
        **more.pop("form", {}),
    }
    body = urlencode({name: value for name, value in form.items() if value is not None}, safe="‹›:")
    answer = {"access_token": f"‹at:{issued}›", "token_type": "Bearer", "expires_in": 3600} if status == 200 else {}
    more.setdefault("exchange", {"scope": "cahier.read", "cnf": "rfc8705", "cnf_matches": True})
    return http("api-psc.oauth.token", "POST", "/api-psc/oauth2/token", body, status, answer=answer, **more)


def business(mark: str = "cccc01", status: int = 200, **more: Any) -> Entry:
    """A business call of the API connected to Pro Santé Connect."""
    headers = [("Authorization", f"Bearer ‹at:{mark}›"), *more.pop("headers", ())]
    target = more.pop("target", "/api-psc/cahier/1")
    return http("api-psc.metier.lecture", "GET", target, status=status, headers=headers, **more)


def asked_api(statut: int = 200, *, of: Any = None, status: int = 200, **result: Any) -> Entry:
    return action("appeler_api_psc", {"statut": statut, **result}, status, session=of or SESSION, cahier="1")


def insi_call(mode: str = "recherche_traits", code: str = "00", *, traits: Any = None, **more: Any) -> Entry:
    """A call to INSi, right unless told otherwise; `individual` gives what an answer 00 says."""
    seen = {
        "mode": mode,
        "code": code,
        "traits": TRAITS if traits is None else traits,
        "message_id": "uuid:m1",
        "bam": {"version": "01_02", "id": "b1", "temps": "2024-10-20T08:00:01Z"},
        "lps": {"version": "01_00", "id": "l1", "temps": "2024-10-20T08:00:01Z", "idam": "X", "idam_r": "4"},
        "action": "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite",
        "certificate_cn": None,
        **more.pop("insi", {}),
    }
    body = more.pop("body", '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">INSiRecSans</s:Envelope>')
    more.setdefault("headers", [("Content-Type", "application/soap+xml; charset=utf-8")])
    answer = more.pop("answer", found() if code == "00" else "<RESULTAT/>")
    return http(f"insi.{mode}", "POST", "/insi/lps", body, more.pop("status", 200), answer=answer, insi=seen, **more)


def found(*, oid: str = "1.2.250.1.213.1.4.10", former: str = "", matricule: str = MATRICULE, **traits: str) -> str:
    """An answer 00 of INSi; traits replace those of the usual person."""
    said = {**TRAITS, "Prenom": "JEANNE", "ListePrenom": "JEANNE MARIE", **traits}
    tiq = "".join(f"<{name}>{value}</{name}>" for name, value in said.items())
    histo = f"<INSHISTO>{_individual(former)}<OID>{oid}</OID></INSHISTO>" if former else ""
    return (
        '<RESULTAT xmlns="http://www.cnamts.fr/INSiResultat"><CR><CodeCR>00</CodeCR></CR><INDIVIDU>'
        f"<INSACTIF>{_individual(matricule)}<OID>{oid}</OID></INSACTIF>{histo}<TIQ>{tiq}</TIQ></INDIVIDU></RESULTAT>"
    )


def _individual(matricule: str) -> str:
    return f"<IdIndividu><NumIdentifiant>{matricule[:13]}</NumIdentifiant><Cle>{matricule[13:]}</Cle></IdIndividu>"


def declared(usager: str = "u1", status: int = 200, **more: Any) -> Entry:
    """The file of the usual person, opened in the product without an INS."""
    typed = {
        "nom": "Testeur",
        "prenoms": ["Jeanne", "Marie"],
        "sexe": "F",
        "date_naissance": "1948-02-01",
        "courriel": "j@exemple.test",
        "lieu_naissance": "2A004",
        **more,
    }
    return action("declarer_usager", {"usager": usager}, status, **typed)


def retrieved(code: str = "00", statut: str = "recuperee", *, status: int = 200, **more: Any) -> Entry:
    """The action that asks INSi for an INS; `result` completes what the product answered."""
    result = {"code": code, "statut": statut, "message": "Un message.", **more.pop("result", {})}
    return action("recuperer_ins", result, status, **{"usager": "u1", "mode": "traits", **more})


def verified(resultat: str = "OK", statut: str = "qualifiee", **more: Any) -> Entry:
    result = {"resultat": resultat, "statut": statut, "message": "Un message.", **more.pop("result", {})}
    return action("verifier_ins", result, **{"usager": "u1", **more})


def proved(statut: str = "validee", kind: str = "passeport") -> Entry:
    return action("enregistrer_justificatif", {"statut": statut}, usager="u1", type=kind)


def identity(statut: str = "provisoire", *, usager: str = "u1", par: str | None = None, **result: Any) -> Entry:
    """What the product shows of an identity."""
    params = {"usager": usager} | ({"par": par} if par else {})
    return action("lire_identite", {"statut": statut, "traits": {}, **result}, **params)


def changed(statut: str = "provisoire", status: int = 200, *, par: str | None = None, **traits: Any) -> Entry:
    """A correction of the identity."""
    params = {"usager": "u1", "traits": traits} | ({"par": par} if par else {})
    return action("modifier_identite", {"statut": statut}, status, **params)


def marked(attribut: str = "douteuse", valeur: bool = True) -> Entry:
    return action("marquer_identite", {"statut": "provisoire"}, usager="u1", attribut=attribut, valeur=valeur)


def traced(*codes: str, **more: Any) -> Entry:
    """The traces of the calls to INSi that the product shows."""
    usual = {"mode": "traits", "instant": "2024-10-20T08:00:01Z", "auteur": "Dr Test", "donnees": {"ins": MATRICULE}}
    calls = [{**usual, "code": code, **more} for code in codes]
    return action("lire_traces_ins", {"appels": calls}, usager="u1")


def received(resultat: str = "creee", statut: str = "provisoire", *, usager: str = "u9", **more: Any) -> Entry:
    """An identity that another domain sends, as qualified."""
    result = {"resultat": resultat, "statut": statut, "usager": usager, **more.pop("result", {})}
    sent = {"origine": "autre", "statut": "qualifiee", "matricule": MATRICULE, "oid": "1.2.250.1.213.1.4.10", **more}
    return action("recevoir_identite", result, traits={}, **sent)


def professional(account: str = "pro1", **more: Any) -> Entry:
    """The account of a professional."""
    return action("declarer_professionnel", {"professionnel": account}, nom="TEST", prenom="Ana", **more)
