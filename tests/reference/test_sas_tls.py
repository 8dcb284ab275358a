"""Whom the reference product lets in as the SAS platform, over real mutual TLS."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from harness.place import Place
from mocks.pki import Pki
from mocks.sandbox import Sandbox
from mocks.sas import SAS
from mocks.servers.tls import Tls
from reference.product import Product
from reference.sas.regulators import PLATFORM as PLATFORM_OID
from tests.reference.test_sas_bookings import DOCTOR, PLACE, REGULATOR, SLOT, UUID, regulator

MES = {"base_url": "https://mes.test", "client_id": "c", "client_secret": "s", "oid": "1.2.3", "redirect_uri": "/r"}
PLATFORM, CN, OU = "sas-plateforme", "PLATEFORME SAS FICTIVE", "SAS-FICTIF"
STRANGERS = {
    "": 0,
    "sas-cn-faux": 403,
    "sas-ou-faux": 403,
    "sas-expire": 0,
    "sas-revoque": 0,
    "sas-autorite-inconnue": 0,
}
"""Who is refused: 0 in the handshake, or by this HTTP status."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("pki")
    Pki().write(folder, ["serveur", PLATFORM, *filter(None, STRANGERS)])
    return Place("", str(folder))


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    made = Product()
    yield made
    made.close()


@pytest.fixture(scope="module")
def address(product: Product, place: Place) -> str:
    return opened(product, place)


def opened(product: Product, place: Place) -> str:
    server = {**place.server_files("serveur"), "cn": CN, "ou": OU}
    told = product.configurer(mes=MES, sas={"variantes": ["ps"], "oid": "1.2.3", "serveur": server})
    found: str = told["adresses"]["sas"]
    return found


def answer(address: str, context: ssl.SSLContext) -> int:
    """HTTP status, 0 when the connection is refused."""
    with httpx.Client(verify=context, trust_env=False, timeout=10) as http:
        try:
            return http.get(f"{address}/metadata").status_code
        except httpx.TransportError:
            return 0


@pytest.mark.parametrize("most", ["", "1.2"])
def test_the_platform_comes_in(address: str, place: Place, most: str) -> None:
    assert answer(address, place.client(PLATFORM, most=most)) == 200


@pytest.mark.parametrize(("certificate", "status"), [*STRANGERS.items()])
def test_nobody_else_comes_in(address: str, place: Place, certificate: str, status: int) -> None:
    assert answer(address, place.client(certificate)) == status


def test_tls_1_1_is_refused(address: str, place: Place) -> None:
    assert answer(address, place.client(PLATFORM, most="1.1")) == 0


def test_a_defect_refuses_the_platform_in_tls_1_2(place: Place) -> None:
    product = Product(defects=["sas-tls-1-2-refuse"])
    try:
        address = opened(product, place)
        assert answer(address, place.client(PLATFORM)) == 200
        assert answer(address, place.client(PLATFORM, most="1.2")) == 0
    finally:
        product.close()


def test_the_same_settings_keep_the_listener_and_none_close_it(product: Product, place: Place) -> None:
    first = opened(product, place)
    assert opened(product, place) == first
    product.configurer(mes=MES, sas={"variantes": ["ps"], "oid": "1.2.3"})
    assert answer(first, place.client(PLATFORM)) == 0


@pytest.mark.parametrize(("certificate", "status"), [(PLATFORM, 201), ("sas-cn-faux", 403), ("", 0)])
def test_accounts_of_regulators_are_opened_by_the_platform_alone(
    product: Product, place: Place, certificate: str, status: int
) -> None:
    address, value = opened(product, place), f"{UUID}-{certificate}"
    with httpx.Client(verify=place.client(certificate), trust_env=False, timeout=10) as http:
        try:
            answered = http.post(f"{address}/Practitioner", json=regulator(PLATFORM_OID, "INTRN", value)).status_code
        except httpx.TransportError:
            answered = 0
    assert answered == status
    assert (product.regulators.of(PLATFORM_OID, value) is not None) == (status == 201)


def test_bookings_are_told_to_the_platform_over_mutual_tls(tmp_path: Path) -> None:
    pki = Pki()
    pki.write(tmp_path, ["client"])
    sandbox, product = Sandbox(services=[SAS]), Product()
    with sandbox.serve(tls=Tls(pki, client="exige")) as server:
        sas = {"variantes": ["ps"], "oid": "1.2.3", "base_url": f"{server.url}/sas/fhir"}
        product.configurer(mes=MES, sas=sas, certificats=Place("", str(tmp_path)).files())
        product.regulators.create(regulator(PLATFORM_OID, "INTRN", UUID))
        (slot,) = product.ouvrir_creneaux_sas(lieux=[PLACE], creneaux=[SLOT], praticien=DOCTOR)["creneaux"]
        made = product.reserver_creneau_sas(slot, REGULATOR)
        product.annuler_rendez_vous(made["rendez_vous"])
        product.configurer(mes=MES, sas=sas)
        waiting = product.reserver_creneau_sas(slot, REGULATOR)
    with sandbox.embedded(), httpx.Client() as http:
        held = http.get("https://banc.test/_banc/tenants/defaut/sas/rendez-vous").json()["rendez_vous"]
    product.close()
    sandbox.close()
    assert [one["histoire"] for one in held] == [["booked", "cancelled"]]
    assert waiting["envoi"]["etat"] == "en_attente"


@pytest.mark.parametrize(
    ("defect", "certificate", "most"),
    [
        ("sas-client-non-verifie", "sas-autorite-inconnue", ""),
        ("sas-certificat-non-exige", "", ""),
        ("sas-nom-non-verifie", "sas-cn-faux", ""),
        ("sas-unite-non-verifiee", "sas-ou-faux", ""),
        ("sas-revocation-non-verifiee", "sas-revoque", ""),
        ("sas-tls-ancien", PLATFORM, "1.1"),
    ],
)
def test_a_defect_lets_one_kind_of_stranger_in(place: Place, defect: str, certificate: str, most: str) -> None:
    product = Product(defects=[defect])
    try:
        assert answer(opened(product, place), place.client(certificate, most=most)) == 200
    finally:
        product.close()
