"""Which level of authentication (acr) a request gets."""

from __future__ import annotations

from authlib.oauth2.rfc6749 import InvalidRequestError

from mocks.call import Call
from mocks.oidc.provider import OidcProvider


def chosen(call: Call, provider: OidcProvider, acr_values: str, *, acr: str = "") -> str:
    """The first level asked that the provider knows; without any, its usual one.

    acr: the parameter that products send by mistake in place of acr_values. Raises InvalidRequestError when the setting
    `acr_values` is `strict`: what the real services do is not published (sheet SEC §9), so the default is `souple`.
    """
    asked = acr_values.split()
    known = next((level for level in asked if level in provider.levels), None)
    if known is not None:
        return known
    if acr and not asked:
        reason, text = "acr instead of acr_values", "paramètre « acr » au lieu de « acr_values »"
    elif asked:
        reason, text = "acr_values is not supported", f"acr_values inconnu : « {acr_values[:100]} »"
    else:
        reason, text = "acr_values is missing", "demande sans « acr_values »"
    if call.setting("acr_values") == "strict":
        raise InvalidRequestError(f"{reason}; expected: {' '.join(provider.levels)}")
    call.note("acr-values", text)
    return provider.levels[0]
