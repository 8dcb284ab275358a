"""How fast the token endpoint of Pro Santé Connect answers: codes redeemed, two tokens kept, an id_token signed (RSA).

The codes are got beforehand from one signed-in browser, since each serves once.

Where the time goes (cProfile of 600 redemptions, share of own time): our code and the recorder 24 %, the standard
library 21 % (form, JSON, URLs), Flask and Werkzeug 19 %, the RSA signature 15 %, SQLite 14 % (eleven statements and the
commit), authlib 5 %, joserfc 3 %. The signature alone takes longer than a whole request of the bare route, so that the
ratio cannot reach `highest_ratio` (0.4 here), whatever the rest costs.
"""

from __future__ import annotations

import base64
import re
import time
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from load.generator import Measure, measure, request

CODES = 3000
CLIENT, SECRET, CALLBACK = "mesure", "banc-cs-mesure-de-la-vitesse", "https://mesure.test/retour"
_CREDENTIALS = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
_HEADERS = {"Authorization": f"Basic {_CREDENTIALS}", "Content-Type": "application/x-www-form-urlencoded"}
_TARGET = "/psc/auth/realms/esante-wallet/protocol/openid-connect/token"


def redeemed(url: str, codes: int = CODES) -> Measure:
    """Redeem that many codes, each once. url: of the sandbox."""
    bodies = [
        f"grant_type=authorization_code&code={code}&redirect_uri=https%3A%2F%2Fmesure.test%2Fretour".encode()
        for code in _codes(url, codes)
    ]
    return measure(url, lambda rank: request("POST", _TARGET, _HEADERS, bodies[rank]), expect=200, requests=codes)


def signature_us(times: int = 300) -> float:
    """Microseconds of one RS256 signature of an id_token, by the library that the sandbox signs with, and alone."""
    key = RSAKey.generate_key(2048)
    said = {"iss": "https://banc.test", "sub": "f:x:899999000014", "aud": CLIENT, "nonce": "n" * 32}
    jwt.encode({"alg": "RS256"}, said, key)
    started = time.perf_counter()
    for _ in range(times):
        jwt.encode({"alg": "RS256"}, said, key)
    return 1e6 * (time.perf_counter() - started) / times


def _codes(url: str, count: int) -> list[str]:
    with httpx.Client(base_url=url, timeout=30) as browser:
        professional = _prepared(browser)
        asked = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": CALLBACK,
            "scope": "openid scope_all",
            "acr_values": "eidas1",
            "state": "s" * 32,
            "nonce": "n" * 32,
        }
        page = browser.get("/psc/auth", params=asked, follow_redirects=True)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text))
        signed_in = {"identifiant": professional["psc"]["identifiant"], "moyen": "CPS", "decision": "continuer"}
        browser.post(page.url, data={**{k: unescape(v) for k, v in fields.items()}, **signed_in})
        return [_code(browser.get("/psc/auth", params=asked)) for _ in range(count)]


def _prepared(browser: httpx.Client) -> dict[str, Any]:
    """Register the measured client; the professional who signs in. Codes live long enough to be measured."""
    admin = "/_banc/tenants/defaut"
    sheet = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": [CALLBACK]}
    browser.post(f"{admin}/psc/clients", json=sheet).raise_for_status()
    browser.patch(f"{admin}/reglages", json={"psc.code_lifetime_s": 3600}).raise_for_status()
    professional: dict[str, Any] = browser.post(f"{admin}/professionnels", json={}).raise_for_status().json()
    return professional


def _code(answer: httpx.Response) -> str:
    return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
