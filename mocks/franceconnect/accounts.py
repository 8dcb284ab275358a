"""Who signs in at FranceConnect: the persons of the fictitious world, each with an account there."""

from __future__ import annotations

from flask import request

from mocks import world
from mocks.call import Call
from mocks.oidc import SignIn, SignInError
from mocks.oidc.secrets import equal

REFUSED = "Identifiant ou mot de passe incorrect."
# Authentication methods (RFC 8176): a password; at FranceConnect+, two factors (the fact sheet gives no value).
BY_PASSWORD, BY_TWO_FACTORS = ("pwd",), ("pwd", "mfa")


def by_password(call: Call) -> SignIn:
    """Who types identifier and password on the page of FranceConnect. Raises SignInError."""
    return SignIn(_person(call), BY_PASSWORD)


def by_two_factors(call: Call) -> SignIn:
    """The same at FranceConnect+: the sandbox takes the second factor as given. Raises SignInError."""
    return SignIn(_person(call), BY_TWO_FACTORS)


def _person(call: Call) -> str:
    identifier, password = request.form.get("identifiant", "").strip(), request.form.get("mot_de_passe", "")
    known = None if "\x00" in identifier else world.by_france_connect_login(call.session, call.tenant.name, identifier)
    if known is None or not equal(known.france_connect_password, password):
        raise SignInError(REFUSED)
    return known.id
