"""What the contract of identity names is what the engine does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mocks import faults
from mocks.oidc import id_tokens, redirects, settings
from mocks.oidc.views_tokens import USERINFO_FAULTS
from mocks.psc.provider import PROVIDER

CONTRACT = (Path(__file__).parents[3] / "docs" / "contracts" / "identity.md").read_text(encoding="utf-8")


def test_every_fault_of_the_contract_can_be_asked_and_is_played() -> None:
    part = CONTRACT[CONTRACT.index("### Faults") : CONTRACT.index("## 2.")]
    named = {name for name in re.findall(r"`([a-z_]+)`", part[: part.index("INSi")]) if "_" in name}
    named -= {"page.connexion", "userinfo", "invalid_grant"}
    played = {*id_tokens.FAULTS, *redirects.FAULTS, *USERINFO_FAULTS, *PROVIDER.spoils}
    played |= {"code_rejoue", "actualisation_refusee"}  # mocks/oidc/oauth_grants.py
    assert len(named) >= 16
    assert named <= played
    for name in played:
        assert faults.checked({"operation": "psc.oidc.token", "nature": name})["nature"] == name


def test_settings_of_a_provider_are_known() -> None:
    assert settings.defaults(code_lifetime_s=30)["code_lifetime_s"] == 30
    with pytest.raises(KeyError):
        settings.defaults(inconnu=1)
    for name, values in settings.choices().items():
        assert settings.SETTINGS[name]["defaut"] in values
    assert all(setting["explication"].endswith(".") for setting in settings.SETTINGS.values())


def test_the_operations_of_the_contract_are_routes() -> None:
    from mocks.oidc.application import build

    endpoints = {rule.endpoint for rule in build(PROVIDER).url_map.iter_rules()}
    names = (
        "discovery",
        "authorize",
        "jwks",
        "token",
        "userinfo",
        "introspection",
        "revocation",
        "end_session",
        "ciba",
    )
    assert endpoints == {*(f"psc.oidc.{name}" for name in names), "psc.page.connexion"}
