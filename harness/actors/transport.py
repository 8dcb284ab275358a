"""What the services saw of the product's connections: version of TLS, client certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from harness.expectations import expect, expect_equal, expect_none

if TYPE_CHECKING:
    from harness.scene import Scene
    from rules import Exchange

VERSIONS = ("TLSv1.2", "TLSv1.3")


def seen(call: Exchange) -> Mapping[str, Any]:
    """The TLS part of the context of an exchange; empty in the clear."""
    return dict(call.context.get("tls") or {})


def presented(scene: Scene, service: str, certificate: str) -> None:
    """Every call of that service came over TLS 1.2 or 1.3, with this certificate (its name is its CN, in capitals)."""
    calls = [call for call in scene.exchanges(service=service) if call.protocol == "http"]
    expect(bool(calls), "un appel du produit", "aucun")
    for call in calls:
        expect(seen(call).get("version") in VERSIONS, "TLS 1.2 ou 1.3", dict(seen(call)))
        common_name = dict(seen(call).get("client") or {}).get("cn", "")
        expect_equal("le nom du certificat", certificate.upper(), str(common_name).upper())


def nothing_answered(scene: Scene, service: str) -> None:
    """The service did no work for the product."""
    answered = [f"{call.operation} ({call.status})" for call in scene.exchanges(service=service) if call.status == 200]
    expect_none("appels servis", answered)


def same_certificate(scene: Scene, *operations: str) -> None:
    """All the calls of these operations bear one certificate."""
    calls = [call for operation in operations for call in scene.exchanges(operation=operation)]
    serials = {dict(seen(call).get("client") or {}).get("serial") for call in calls}
    expect(len(serials) == 1 and None not in serials, "un seul certificat", serials)
