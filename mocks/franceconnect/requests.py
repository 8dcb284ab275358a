"""Which requests of authorization are malformed: FranceConnect answers them with a page, never with a redirection.

Source: FranceConnect+ documentation, technique-endpoints (all parameters required, state and nonce of 32 characters at
least, HTTP 400 and code Y000400). What else the real service finds malformed is not published.
"""

from __future__ import annotations

from collections.abc import Mapping

import orjson

from mocks.call import Call
from mocks.oidc import current_provider

CODE = "Y000400"
REQUIRED = ("response_type", "client_id", "redirect_uri", "acr_values", "scope", "state", "nonce")
SHORTEST = 32  # characters


def malformed(call: Call, params: Mapping[str, str]) -> str:
    """Why a request is malformed, for the person in front of the browser; "" for one that is not."""
    lenient = call.setting("acr_values") == "souple"
    required = [name for name in REQUIRED if not (lenient and name == "acr_values")]
    missing = [name for name in required if not params.get(name)]
    if missing:
        return f"Paramètre absent ou vide : {', '.join(missing)}."
    if not lenient and not set(params["acr_values"].split()) & set(current_provider().levels):
        return f"Niveau inconnu de ce service (acr_values) ; attendu : {' ou '.join(current_provider().levels)}."
    if not _is_json_object(params.get("claims", "{}")):
        return "Le paramètre claims n'est pas un objet JSON."
    return _too_short(call, params)


def _too_short(call: Call, params: Mapping[str, str]) -> str:
    short = [name for name in ("state", "nonce") if len(params[name]) < SHORTEST]
    if not short:
        return ""
    text = f"Valeur de moins de {SHORTEST} caractères : {', '.join(short)}."
    if call.setting("etat_court") == "refuse":
        return text
    call.note("etat-court", text)
    return ""


def _is_json_object(text: str) -> bool:
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False
