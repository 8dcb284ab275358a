"""Mon espace santé: the product as a service of the catalogue."""

from __future__ import annotations

from harness.registrations.site import Registration, Site


def register(site: Site) -> Registration | None:
    """Register the product at Mon espace santé of this tenant; None when the target has no section [mes]."""
    mes, product = site.target.mes, site.target.product
    if mes is None:
        return None
    client_id, client_secret = site.credentials("mes", mes.client_id, mes.secret)
    redirect_uri = site.absolute(mes.redirect_uri, "mes.redirect_uri")
    body = {
        "oid": mes.oid,
        "nom": product.name,
        "editeur": product.editor,
        "client_id": client_id,
        "client_secret": client_secret,
        "redirect_uris": [redirect_uri],
        "url_synchronisation": site.absolute(mes.sync_url, "mes.url_synchronisation") if mes.sync_url else "",
        "finalites": list(mes.finalities),
        "statut": "EN_LIGNE",
        "reference_avec_echange": mes.with_exchange,
    }
    site.tenant.call("POST", "/mes/services", body)
    told = {
        "base_url": site.base("mes"),
        "client_id": client_id,
        "client_secret": client_secret,
        "oid": mes.oid,
        "redirect_uri": redirect_uri,
    }
    return Registration(told, (redirect_uri,))
