"""The identity as it is printed and shown in the DUI."""

from __future__ import annotations

import pytest

from reference.identity.sheet import payload
from reference.login.sessions import COOKIE
from tests.reference.bench import Bench

HOST = "https://portail.banc.test"
HEADER = "IS01" + "0" * 22


def page(bench: Bench, path: str, *rights: str) -> str:
    """A page of the DUI as a professional with these rights reads it."""
    account = bench.product.declarer_professionnel("DUSOIN", "Claude", droits=list(rights))["professionnel"]
    session = bench.product.connecter_professionnel("local", professionnel=account)["session"]
    client = bench.product.application.test_client()
    client.set_cookie(COOKIE, session["cookies"][COOKIE], domain="portail.banc.test")
    return str(client.get(path, base_url=HOST).get_data(as_text=True))


def test_the_sheet_of_a_qualified_identity_shows_the_five_items_and_the_datamatrix(bench: Bench) -> None:
    usager = bench.declare()
    shown = page(bench, f"/dui/personnes/{usager}/identite", "ins", "dossier")
    for text in ("TESTINE", "Marie", "09/06/1955", "Féminin", "2550699999999 34 (NIR)", "<svg", "INS à scanner"):
        assert text in shown


@pytest.mark.parametrize(("proven", "rights"), [(False, ("ins", "dossier")), (True, ("dossier",))])
def test_no_ins_on_the_sheet_unless_qualified_and_allowed(bench: Bench, proven: bool, rights: tuple[str, ...]) -> None:
    usager = bench.declare_without_ins()
    bench.product.recuperer_ins(usager)
    if proven:
        bench.product.enregistrer_justificatif(usager, "passeport")
    shown = page(bench, f"/dui/personnes/{usager}/identite", *rights)
    assert "TESTINE" in shown
    assert "2550699999999" not in shown
    assert "<svg" not in shown


@pytest.mark.parametrize(("rights", "seen"), [(("ins", "dossier"), True), (("dossier",), False)])
def test_the_file_shows_the_ins_to_those_who_may(bench: Bench, rights: tuple[str, ...], seen: bool) -> None:
    usager = bench.declare()
    shown = page(bench, f"/dui/personnes/{usager}", *rights)
    assert ("255069999999934" in shown, "qualifiée" in shown, "Nom de naissance" in shown) == (seen, True, True)


def test_what_the_datamatrix_says(bench: Bench) -> None:
    short = {"matricule": "255069999999934", "oid": "1.2.250.1.213.1.4.9"}
    marie = bench.product.people.usager(bench.declare(ins=short, lieu_naissance="2A999"))
    said = "S1255069999999934S21.2.250.1.213.1.4.9\x1dS3MARIE ANNE\x1dS4TESTINE\x1dS5FS609-06-1955S72A999"
    assert payload(marie) == HEADER + said
    assert "S21.2.250.1.213.1.4.10S3" in payload(bench.product.people.usager(bench.declare()))
