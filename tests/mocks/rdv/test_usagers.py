"""The usager takes part (case 4', flow D')."""

import pytest

from tests.mocks.rdv.block import CANCELLED, Block, answered, guest, refusal, request


def asked(block: Block, *, agreement: bool) -> tuple[str, str, dict[str, object]]:
    """(person, other professional, request with the usager)."""
    person, usager = block.patient()
    block.admin("POST", f"rdv/usagers/{person['id']}/accord", {"accord": agreement})
    mine, hers = block.professional("dui"), block.professional("voisin")
    kept = block.ask("dui", request(usager, guest(mine, "accepted"), guest(hers)))
    return person["id"], hers, kept


def events(block: Block, person: str) -> list[tuple[str, str]]:
    found = block.admin("GET", f"mes/usagers/{person}/agenda")["evenements"]
    return [(event["statut"], event["source"]) for event in found]


def test_her_agenda_gets_one_event_once_all_have_accepted(block: Block) -> None:
    person, hers, kept = asked(block, agreement=True)
    assert events(block, person) == []
    block.write("voisin", answered(kept, hers, "accepted"))
    block.write("voisin", answered(kept, hers, "accepted"))
    assert events(block, person) == [("booked", "1.2.250.1.999.30")]
    block.write("voisin", {**block.read("dui", str(kept["id"])), **CANCELLED})
    assert events(block, person) == [("cancelled", "1.2.250.1.999.30")]


def test_without_her_agreement_nothing_is_written(block: Block) -> None:
    person, hers, kept = asked(block, agreement=False)
    block.write("voisin", answered(kept, hers, "accepted"))
    assert events(block, person) == []


def test_an_appointment_of_professionals_only_leaves_her_agenda_alone(block: Block) -> None:
    person, _ = block.patient()
    block.admin("POST", f"rdv/usagers/{person['id']}/accord", {"accord": True})
    mine, hers = block.professional("dui"), block.professional("voisin")
    kept = block.ask("dui", request(guest(mine, "accepted"), guest(hers)))
    block.write("voisin", answered(kept, hers, "accepted"))
    assert events(block, person["id"]) == []


def test_who_is_told_in_the_journal(block: Block) -> None:
    person, hers, kept = asked(block, agreement=True)
    block.write("voisin", answered(kept, hers, "accepted"))
    told = block.exchanges(service="rdv", personne=person)
    assert [one["operation"] for one in told if one["protocol"] == "acte"] == [
        "rdv.usager.accord_donne",
        "rdv.bloc.agenda_mes_ecrit",
    ]
    assert "rdv.fhir.appointment.create" in [one["operation"] for one in told]


@pytest.mark.parametrize("wanted", ["urn%3Aoid%3A1.2.250.1.213.1.4.10%7C000000000000000", "nimporte"])
def test_the_agenda_of_somebody_who_did_not_agree_is_closed(block: Block, wanted: str) -> None:
    mine = block.professional("dui")
    window = "debut=2026-03-16T08:00:00%2B01:00&fin=2026-03-16T18:00:00%2B01:00"
    who = f"professionnel=urn%3Aoid%3A1.2.250.1.71.4.2.1%7C{mine}&usager={wanted}"
    assert refusal(block.fhir("dui", "GET", f"$creneaux-communs?{who}&{window}")) == (403, "accord-requis")
