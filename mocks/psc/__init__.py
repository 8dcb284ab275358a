"""Pro Santé Connect: login of professionals by CPS card or e-CPS."""

from __future__ import annotations

from mocks.oidc import make_service
from mocks.psc.provider import PROVIDER
from mocks.service import AdminPart


def admin() -> AdminPart:
    """The service's part of the admin API."""
    from mocks.oidc import admin as table  # its views know the sandbox, which knows the services
    from mocks.oidc.views_admin import views

    operations = (*table.operations(table.PSC_CLIENT, table.PSC_ACT), *table.CIBA_OPERATIONS)
    return AdminPart(operations, views(PROVIDER))


PSC = make_service(PROVIDER, admin)
