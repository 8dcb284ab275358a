"""FranceConnect (level eidas1) and FranceConnect+ (eidas2, eidas3): login of usagers, with their pivot identity."""

from __future__ import annotations

from collections.abc import Callable

from mocks.franceconnect.provider import FRANCECONNECT_PLUS_PROVIDER, FRANCECONNECT_PROVIDER
from mocks.oidc import OidcProvider, make_service
from mocks.service import AdminPart


def _admin(provider: OidcProvider) -> Callable[[], AdminPart]:
    def admin() -> AdminPart:
        from mocks.oidc import admin as table  # its views know the sandbox, which knows the services
        from mocks.oidc.views_admin import views

        return AdminPart(table.operations(table.CLIENT, table.RENEWAL), views(provider))

    return admin


FRANCECONNECT = make_service(FRANCECONNECT_PROVIDER, _admin(FRANCECONNECT_PROVIDER))
FRANCECONNECT_PLUS = make_service(FRANCECONNECT_PLUS_PROVIDER, _admin(FRANCECONNECT_PLUS_PROVIDER))
