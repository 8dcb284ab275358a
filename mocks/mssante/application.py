"""The HTTP side of the service: the mailboxes of the directory, and where clients find their server."""

from __future__ import annotations

from flask import Flask, request

from mocks.call import current_call
from mocks.fhir.outcome import FhirError
from mocks.mssante import views_directory
from mocks.mssante.views_directory import ROOT

_TYPES = "<any(Practitioner, PractitionerRole, Organization):type_>"
_AUTOCONFIG = """<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
 <emailProvider id="{domain}">
  <domain>{domain}</domain>
  <displayName>Opérateur fictif du banc</displayName>
  <incomingServer type="imap"><hostname>{host}</hostname><port>{imap}</port><socketType>STARTTLS</socketType>
   <authentication>OAuth2</authentication><username>%EMAILADDRESS%</username></incomingServer>
  <outgoingServer type="smtp"><hostname>{host}</hostname><port>{smtp}</port><socketType>STARTTLS</socketType>
   <authentication>OAuth2</authentication><username>%EMAILADDRESS%</username></outgoingServer>
 </emailProvider>
</clientConfig>
"""


def build() -> Flask:
    """Make the application. Mail itself is not spoken here (`ports`)."""
    app = Flask("mocks.mssante", static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    for rule in (f"{ROOT}/{_TYPES}", f"{ROOT}/{_TYPES}/"):
        app.add_url_rule(rule, "mssante.annuaire.recherche", views_directory.search, methods=["GET"])
    one = f"{ROOT}/{_TYPES}/<id_>"
    app.add_url_rule(one, "mssante.annuaire.lecture", views_directory.read, methods=["GET"])
    for rule in (f"{ROOT}/{_TYPES}", one):
        app.add_url_rule(rule, "mssante.annuaire.modification", views_directory.change, methods=["PATCH"])
    for rule in (ROOT, f"{ROOT}/"):
        app.add_url_rule(rule, "mssante.annuaire.non_routee", views_directory.not_routed, methods=["GET", "POST"])
    app.add_url_rule("/mail/config-v1.1.xml", "mssante.autoconfig", autoconfig)
    app.register_error_handler(FhirError, views_directory.refusal)
    return app


def autoconfig() -> tuple[str, int, dict[str, str]]:
    """Where the servers of a domain are (ECO.1.1.9), in the format of Mozilla; the domain is that of the host.

    In the sandbox, whose host says no domain: parameter `emailaddress`, as Mozilla's own clients send it.
    """
    from mocks.mssante.ports import known  # whose loop nobody needs who does not open ports

    call = current_call()
    host = request.host.partition(":")[0].removeprefix("autoconfig.")
    domain = request.args.get("emailaddress", "").rpartition("@")[2] or host
    addresses = known(call.session.store, call.tenant.name)
    if domain not in call.setting("domaines") or not addresses:
        return "", 404, {}
    smtp, imap = addresses["smtp"][1], addresses["imap"][1]
    body = _AUTOCONFIG.format(domain=domain, host="localhost", smtp=smtp, imap=imap)
    return body, 200, {"Content-Type": "text/xml; charset=utf-8"}
