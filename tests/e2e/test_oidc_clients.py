"""OpenID Connect clients that are not ours, over real TLS: they complete the flows, and refuse what is spoilt."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from authlib.integrations.base_client import OAuthError
from authlib.oauth2.rfc6749 import MismatchingStateException
from authlib.oidc import rpinitiated
from authlib.oidc.discovery import OpenIDProviderMetadata
from cryptojwt import exception as cryptojwt
from idpyoidc import exception as idpyoidc
from idpyoidc.client.exception import OidcServiceError
from idpyoidc.message.oidc import EXPError, ProviderConfigurationResponse
from joserfc import errors as joserfc

from mocks.pki import Pki
from mocks.sandbox import Sandbox
from mocks.servers.tls import Tls
from tests.e2e.oidc_clients import GOODBYE, REDIRECT, SECRET, SERVICES, Authlib, Client, DeniedError, Idpy

CLIENTS: dict[str, type[Client]] = {"authlib": Authlib, "idpyoidc": Idpy}
# What each library says to each fault; None where it has no check for it, which the flow then shows by going on.
Refusal = tuple[type[Exception], str] | None
REFUSALS: dict[tuple[str, str], dict[type[Client], Refusal]] = {
    ("oidc.token", "jeton_mal_signe"): {
        Authlib: (joserfc.BadSignatureError, "bad_signature"),
        Idpy: (cryptojwt.BadSignature, "^$"),
    },
    ("oidc.token", "alg_none"): {
        Authlib: (joserfc.UnsupportedAlgorithmError, "none"),
        Idpy: (cryptojwt.UnsupportedAlgorithm, "not allowed"),
    },
    ("oidc.token", "kid_inconnu"): {
        Authlib: (joserfc.InvalidKeyIdError, "No key for kid"),
        Idpy: (idpyoidc.MissingSigningKey, "alg="),
    },
    ("oidc.token", "mauvais_emetteur"): {
        Authlib: (joserfc.InvalidClaimError, "iss"),
        Idpy: (ValueError, "Unknown issuer"),
    },
    ("oidc.token", "mauvaise_audience"): {
        Authlib: (joserfc.InvalidClaimError, "azp"),
        Idpy: (idpyoidc.NotForMe, "produit not in"),
    },
    ("oidc.token", "mauvais_nonce"): {
        Authlib: (joserfc.InvalidClaimError, "nonce"),
        Idpy: (ValueError, "Invalid nonce"),
    },
    ("oidc.token", "jeton_expire"): {
        Authlib: (joserfc.ExpiredTokenError, "expired"),
        Idpy: (EXPError, "Invalid expiration time"),
    },
    ("oidc.token", "niveau_inferieur"): {Authlib: (joserfc.InvalidClaimError, "acr"), Idpy: None},
    ("oidc.userinfo", "userinfo_autrui"): {Authlib: None, Idpy: (ValueError, 'Incorrect "sub"')},
    ("oidc.userinfo", "userinfo_mal_signe"): {
        Authlib: (joserfc.BadSignatureError, "bad_signature"),
        Idpy: (cryptojwt.BadSignature, "^$"),
    },
    ("page.connexion", "etat_melange"): {
        Authlib: (MismatchingStateException, "State not equal"),
        Idpy: (KeyError, "Unknown state"),
    },
    ("page.connexion", "sans_etat"): {
        Authlib: (MismatchingStateException, "State not equal"),
        Idpy: (KeyError, "Unknown state"),
    },
    ("page.connexion", "emetteur_melange"): {
        Authlib: None,
        Idpy: (idpyoidc.VerificationError, "Issuer mismatch"),
    },
    ("page.connexion", "code_rejoue"): {
        Authlib: (OAuthError, "invalid_grant"),
        Idpy: (OidcServiceError, "invalid_grant"),
    },
}
WRONG = list(REFUSALS)


@dataclass
class Bench:
    """A sandbox on a socket, over TLS. folder: certificates. context: for calls of the tests themselves."""

    url: str
    folder: Path
    context: ssl.SSLContext
    http: httpx.Client

    @property
    def authorities(self) -> str:
        """File of the certificates to trust."""
        return str(self.folder / "autorites.pem")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder, pki = tmp_path_factory.mktemp("pki"), Pki()
    pki.write(folder, ["client"])
    context, sandbox = ssl.create_default_context(cafile=folder / "autorites.pem"), Sandbox()
    with (
        sandbox.serve(tls=Tls(pki, client="admis")) as server,
        httpx.Client(verify=context, trust_env=False) as http,
    ):
        yield Bench(server.url, folder, context, http)
    sandbox.close()


@dataclass
class Registered:
    """A client registered at one service, in a tenant of its own, and somebody who signs in there."""

    bench: Bench
    service: str
    tenant: str
    person: dict[str, Any]

    @property
    def base(self) -> str:
        return f"{self.bench.url}/t/{self.tenant}/{self.service}"

    def admin(self, path: str, method: str = "POST", **body: Any) -> Any:
        address = f"{self.bench.url}/_banc/tenants/{self.tenant}/{path}"
        answer = self.bench.http.request(method, address, json=body or None)
        assert answer.is_success, answer.text
        return answer.json()

    def fault(self, operation: str, nature: str) -> None:
        self.admin("pannes", operation=f"{self.service}.{operation}", nature=nature)

    def journal(self, operation: str) -> list[dict[str, Any]]:
        address = f"{self.bench.url}/_banc/tenants/{self.tenant}/echanges"
        asked = {"operation": f"{self.service}.{operation}"}
        found: list[dict[str, Any]] = self.bench.http.get(address, params=asked).json()["echanges"]
        return found

    def browse(self, address: str, decision: str = "continuer") -> str:
        """Sign in, in a fresh browser; the address of the product at which it comes back."""
        with httpx.Client(verify=self.bench.context, trust_env=False) as browser:
            page = browser.get(address, follow_redirects=True)
            hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
            action = re.search(r'<form method="post" action="([^"]+)">', page.text)
            assert action, page.text
            account = self.person["psc" if self.service == "psc" else "franceconnect"]
            typed = {**{name: unescape(value) for name, value in hidden}, **account, "moyen": "CPS"}
            answer = browser.post(unescape(action[1]), data={**typed, "decision": decision})
            assert answer.is_redirect, answer.text
            return str(answer.headers["Location"])


@pytest.fixture(params=list(SERVICES))
def registered(request: pytest.FixtureRequest, bench: Bench) -> Registered:
    """A new tenant of each service in turn."""
    return register(bench, request.param)


def register(bench: Bench, service: str, **more: Any) -> Registered:
    tenant = bench.http.post(f"{bench.url}/_banc/tenants").json()["nom"]
    made = Registered(bench, service, tenant, {})
    sheet = {"redirect_uris": [REDIRECT], "post_logout_redirect_uris": [GOODBYE], **more}
    made.admin(f"{service}/clients", client_id="produit", client_secret=SECRET, **sheet)
    made.person = made.admin("professionnels" if service == "psc" else "personnes")
    return made


@pytest.fixture(params=list(CLIENTS))
def client(request: pytest.FixtureRequest, registered: Registered) -> Iterator[Client]:
    """Each library in turn, at that service."""
    made = CLIENTS[request.param](
        SERVICES[registered.service], registered.base, "produit", registered.bench.authorities
    )
    with closing(made):
        yield made


def test_the_whole_flow(client: Client, registered: Registered) -> None:
    said, who = client.finish(registered.browse(client.begin()))
    service = SERVICES[registered.service]
    assert (said["iss"], said["acr"]) == (f"{registered.base}/{service.issuer}", service.level)
    assert who["sub"] == said["sub"]
    if registered.service == "psc":
        assert who["SubjectNameID"] == registered.person["identifiant_national"]
    else:
        assert who["given_name"] == " ".join(registered.person["prenoms"])
    exchange = registered.journal("oidc.token")[-1]
    assert exchange["context"]["grant"]["auth"] == service.method.removeprefix("client_")
    assert exchange["context"]["tls"]["version"] == "TLSv1.3"
    assert registered.journal("oidc.authorize")[-1]["context"]["authorization"]["pkce"] == "S256"


def test_the_discovery_document_passes_the_checks_of_the_libraries(registered: Registered) -> None:
    service = SERVICES[registered.service]
    issuer = f"{registered.base}/{service.issuer}"
    document = registered.bench.http.get(f"{issuer}/{service.discovery}").json()
    OpenIDProviderMetadata(document).validate(metadata_classes=[rpinitiated.OpenIDProviderMetadata])
    read = ProviderConfigurationResponse(**document)
    assert read.verify(iss=issuer)
    assert read["issuer"] == issuer


@pytest.mark.parametrize(("operation", "nature"), WRONG)
def test_what_is_spoilt_is_refused(client: Client, registered: Registered, operation: str, nature: str) -> None:
    if nature == "userinfo_mal_signe":
        registered.admin("reglages", "PATCH", **{f"{registered.service}.userinfo_signe": True})
    expected = REFUSALS[operation, nature][type(client)]
    registered.fault(operation, nature)
    address = registered.browse(client.begin())
    if expected is None:
        client.finish(address)
    else:
        refusal, words = expected
        with pytest.raises(refusal, match=words):
            client.finish(address)
    assert registered.journal(operation)[-1]["fault"] == nature
    client.finish(registered.browse(client.begin()))  # the fault was for once


def test_keys_that_were_renewed_are_found(client: Client, registered: Registered) -> None:
    client.finish(registered.browse(client.begin()))
    registered.fault("oidc.token", "cle_renouvelee")
    said, who = client.finish(registered.browse(client.begin()))
    assert said["sub"] == who["sub"]
    assert len(registered.journal("oidc.jwks")) == 2


def test_who_gives_up_is_told_so(client: Client, registered: Registered) -> None:
    with pytest.raises(DeniedError, match="access_denied"):
        client.finish(registered.browse(client.begin(), decision="annuler"))
    assert registered.journal("oidc.token") == []


def test_logout_by_authlib(registered: Registered) -> None:
    with closing(authlib_client(registered)) as client:
        client.finish(registered.browse(client.begin()))
        made = client.create_logout_url(GOODBYE, client.token["id_token"], state="fin-" + "s" * 32)
        answer = registered.bench.http.get(made["url"])
        assert (answer.is_redirect, answer.headers["Location"]) == (True, f"{GOODBYE}?state={made['state']}")
        who = client.session.get(client.server_metadata["userinfo_endpoint"])
        assert who.status_code == (401 if registered.service == "psc" else 400)


def test_refresh_introspection_and_revocation_by_authlib(bench: Bench) -> None:
    registered = register(bench, "psc")
    with closing(authlib_client(registered)) as client:
        first, _ = client.finish(registered.browse(client.begin()))
        before, where = client.token, client.server_metadata
        after = client.session.refresh_token(where["token_endpoint"], refresh_token=before["refresh_token"])
        assert after["refresh_token"] != before["refresh_token"]
        again = client.parse_id_token({"id_token": after["id_token"]}, client.nonce, leeway=0)
        assert again["sub"] == first["sub"]
        asked = {"url": where["introspection_endpoint"], "token": after["access_token"]}
        assert client.session.introspect_token(**asked).json()["active"] is True
        client.session.revoke_token(where["revocation_endpoint"], after["refresh_token"], "refresh_token")
        assert client.session.introspect_token(**asked).json() == {"active": False}


def test_a_client_of_the_espace_de_confiance_shows_its_certificate(bench: Bench) -> None:
    registered = register(bench, "psc", espace="confiance")
    with closing(authlib_client(registered)) as client:
        client.session.token_endpoint_auth_method = "none"  # client_id alone: the certificate is the proof
        with pytest.raises(OAuthError, match="invalid_client"):
            client.finish(registered.browse(client.begin()))
        client.session.cert = (str(bench.folder / "client.pem"), str(bench.folder / "client.key.pem"))
        said, who = client.finish(registered.browse(client.begin()))
    assert said["sub"] == who["sub"]
    exchange = registered.journal("oidc.token")[-1]
    assert exchange["context"]["grant"]["auth"] == "mtls"
    assert exchange["context"]["tls"]["client"]["subject"] == exchange["client"]["certificate"]


def test_a_login_on_the_telephone(bench: Bench) -> None:
    registered = register(bench, "psc", ciba=True)
    pro = registered.person["identifiant_national"]
    asked = {"login_hint": pro, "binding_message": "42", "channel": "MOBILE", "acr_values": ["eidas1"]}
    asker = Idpy(SERVICES["psc"], registered.base, "produit", bench.authorities)
    begun = asker.client.do_request(
        "backchannel_authentication",
        request_args={**asked, "scope": ["openid", "scope_all"]},
        method="POST",
        authn_method="client_secret_basic",
    )
    with closing(authlib_client(registered)) as poller:
        how = {"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": begun["auth_req_id"]}
        where = poller.server_metadata["token_endpoint"]
        with pytest.raises(OAuthError, match="authorization_pending"):
            poller.session.fetch_token(where, **how)
        [waiting] = registered.admin("psc/demandes-ciba", "GET")["demandes"]
        registered.admin(f"psc/demandes-ciba/{waiting['id']}", decision="accepter")
        registered.admin("horloge", "PUT", mode="decalee", secondes=begun["interval"])
        tokens = poller.session.fetch_token(where, **how)
        said = poller.parse_id_token(tokens, None, leeway=begun["interval"])
    assert said["SubjectNameID"] == pro


def authlib_client(registered: Registered) -> Authlib:
    return Authlib(SERVICES[registered.service], registered.base, "produit", registered.bench.authorities)
