"""The same journey on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mocks.mssante import MSSANTE
from mocks.psc import PSC
from mocks.sandbox import Sandbox
from tests.mocks.mssante.conftest import LEA, MDPH, Office, message
from tests.mocks.psc.product import Product


@pytest.fixture
def stored(store_url: str) -> Iterator[Office]:
    sandbox = Sandbox(store_url, services=[PSC, MSSANTE])
    with sandbox.embedded():
        product = Product.registered()
        yield Office(product, product.admin("POST", "professionnels"))
    sandbox.close()


def test_a_journey(stored: Office) -> None:
    person = stored.admin("POST", "personnes")
    citizen = f"{person['ins']['matricule']}@patient.mssante.fr"
    stored.set(boite_inconnue="rebond")
    content = message(text="é\x00".encode().decode("latin-1") + "\r\nfin")
    assert stored.send(content, MDPH, citizen, "inconnue@ems.test.mssante.fr") == {}
    assert len(stored.inbox(LEA)) == 1  # the report
    with stored.opened_imap() as server:
        assert server.uid("FETCH", "1", "(BODY.PEEK[])")[1][0][1].endswith(content)
        server.uid("STORE", "1", "+FLAGS", r"(\Seen $MDNSent)")
        server.create("Archives")
        server.uid("MOVE", "1", "Archives")
        server.append("Archives", "", "", content)
    assert [one["dossier"] for one in stored.inbox(MDPH)] == ["Archives", "Archives"]
    balance = stored.admin("GET", "mssante/bilan")
    assert (balance["messages"], balance["remises"], balance["rebonds"]) == (1, 2, 1)
    (received,) = stored.admin("GET", f"mssante/usagers/{person['id']}/messages")["messages"]
    stored.admin("POST", f"mssante/usagers/{person['id']}/actes", acte="repondre", message=received["id"])
    assert len(stored.inbox(LEA)) == 2
    tenant = stored.product.tenant
    assert stored.product.http.delete(f"https://banc.test/_banc/tenants/{tenant}").status_code == 204
    assert stored.product.http.get(f"https://banc.test/_banc/tenants/{tenant}/mssante/bilan").status_code == 404


def test_subjects_that_a_database_does_not_take(stored: Office) -> None:
    assert stored.send(message("Objet\x00nul", Message_ID="<a\x00b@ems.test>"), MDPH) == {}
    (received,) = stored.inbox(MDPH)
    assert "\x00" not in received["objet"] + received["message_id"]
