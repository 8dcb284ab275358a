"""INSi over real mutual TLS: who may call, and what the journal says of the certificate."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from mocks import journal
from mocks.insi import INSI
from mocks.insi.traits import official
from mocks.pki import Pki
from mocks.sandbox import Sandbox
from mocks.servers.cheroot import RunningServer
from mocks.servers.tls import Tls
from mocks.world import create
from tests.mocks.insi.client import TRAITS, Soap, traits_body

HERE = ("insi-manu", "insi-auto", "cn-faux", "client", "revoque")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pki")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(services=[INSI])
    yield made
    made.close()


@pytest.fixture(scope="module")
def person(sandbox: Sandbox) -> dict[str, Any]:
    """Somebody of the tenant, as a product declares her."""
    with sandbox.store.session("defaut") as session:
        made = create(session, "defaut", today=date(2026, 3, 2))
        session.commit()
    return {
        "matricule": made.ins,
        "traits": {
            "nom_naissance": official(made.family),
            "prenoms": [official(name) for name in made.given],
            "sexe": made.sex,
            "date_naissance": made.birth_date.isoformat(),
        },
    }


@pytest.fixture(scope="module")
def server(sandbox: Sandbox, folder: Path) -> Iterator[RunningServer]:
    pki = Pki()
    pki.write(folder, HERE)
    with sandbox.serve(tls=Tls(pki, client="admis")) as running:
        yield running


def _soap(server: RunningServer, folder: Path, name: str) -> Soap:
    context = ssl.create_default_context(cafile=str(folder / "autorites.pem"))
    if name:
        context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key.pem")
    return Soap(httpx.Client(verify=context, timeout=5), f"{server.url}/insi/lps")


def _last(sandbox: Sandbox) -> dict[str, Any]:
    with sandbox.store.session() as session:
        return journal.read(session, "defaut", service="insi")[-1]


@pytest.mark.parametrize(("name", "cn"), [("insi-manu", "INSI-MANU"), ("insi-auto", "INSI-AUTO")])
def test_a_certificate_made_for_insi_is_served(
    sandbox: Sandbox, server: RunningServer, folder: Path, person: dict[str, Any], name: str, cn: str
) -> None:
    soap = _soap(server, folder, name)
    answer = soap.by_traits(person)
    assert (answer.code, answer.NumIdentifiant) == ("00", person["matricule"][:13])
    told = _last(sandbox)
    assert (told["context"]["insi"]["certificate_cn"], told["context"]["tls"]["client"]["cn"]) == (cn, cn)
    soap.http.close()


@pytest.mark.parametrize(("name", "seen"), [("cn-faux", "N IMPORTE QUOI"), ("client", "DUI DE REFERENCE"), ("", None)])
def test_another_certificate_is_refused(
    sandbox: Sandbox, server: RunningServer, folder: Path, person: dict[str, Any], name: str, seen: str | None
) -> None:
    soap = _soap(server, folder, name)
    answer = soap.by_traits(person)
    assert answer.fault == (403, "Sender", "banc_certificat")
    assert (seen or "aucun certificat") in (answer.text(".//s:Text") or "")
    told = _last(sandbox)
    assert (told["operation"], told["context"]["insi"]["certificate_cn"]) == ("insi.recherche_traits", seen)
    assert soap.call(TRAITS, traits_body(person), security=True).code == "00"  # a card vouches by its assertion
    soap.http.close()


def test_a_revoked_certificate_does_not_come_so_far(
    server: RunningServer, folder: Path, person: dict[str, Any]
) -> None:
    soap = _soap(server, folder, "revoque")
    with pytest.raises(httpx.TransportError):
        soap.by_traits(person)
    soap.http.close()


def test_the_description_over_tls(server: RunningServer, folder: Path) -> None:
    soap = _soap(server, folder, "insi-manu")
    assert f'location="{server.url}/insi/lps"' in soap.http.get(f"{soap.url}?wsdl").text
    soap.http.close()
