"""Professionals of other structures, played by the bench."""

import pytest

from tests.mocks.rdv.block import MONDAY, Block, answered, answers
from tests.mocks.rdv.test_requests import meeting


@pytest.mark.parametrize(
    ("reponse", "more", "status", "seen"),
    [
        ("accepter", {}, "booked", ["accepted", "accepted"]),
        ("refuser", {}, "proposed", ["accepted", "declined"]),
        (
            "proposer",
            {"debut": f"{MONDAY}T11:00:00+01:00", "fin": f"{MONDAY}T11:30:00+01:00"},
            "proposed",
            ["needs-action", "tentative"],
        ),
        ("annuler", {"motif": "Formation"}, "cancelled", ["accepted", "needs-action"]),
    ],
)
def test_each_answer_is_kept_and_is_an_act(
    block: Block, reponse: str, more: dict[str, str], status: str, seen: list[str]
) -> None:
    _, hers, kept = meeting(block)
    told = block.reply(str(kept["id"]), hers, reponse, **more)
    assert (told["statut"], answers(told["resource"])) == (status, seen)
    (act,) = [one for one in block.exchanges(service="rdv") if one["operation"] == "rdv.professionnel.repond"]
    assert reponse in act["request"]["body"]


def test_who_is_not_invited_and_what_is_not_asked_are_unknown(block: Block) -> None:
    _, hers, kept = meeting(block)
    block.reply(str(kept["id"]), block.professional("voisin"), "accepter", status=404)
    block.reply("jamais", hers, "accepter", status=404)


def test_a_time_already_taken_and_a_closed_request_are_refused(block: Block) -> None:
    _, hers, kept = meeting(block)
    block.reply(str(kept["id"]), hers, "annuler")
    block.reply(str(kept["id"]), hers, "accepter", status=409)


def test_another_time_is_given_with_its_two_ends(block: Block) -> None:
    _, hers, kept = meeting(block)
    block.reply(str(kept["id"]), hers, "proposer", status=400)


def test_the_list_says_who_answered_what(block: Block) -> None:
    mine, hers, kept = meeting(block)
    (told,) = block.admin("GET", "rdv/demandes")["demandes"]
    assert (told["demandeur"], told["reponses"]) == ("dui", {mine: "accepted", hers: "needs-action"})
    assert told["id"] == kept["id"]


def test_a_tenant_forgotten_leaves_nothing(block: Block) -> None:
    meeting(block)
    root = f"{block.root}/_banc/tenants"
    assert block.http.delete(f"{root}/{block.tenant}").status_code == 204
    block.http.post(root, json={"nom": block.tenant})
    assert block.admin("GET", "rdv/logiciels") == {"logiciels": []}
    assert block.admin("GET", "rdv/demandes") == {"demandes": []}
    assert block.admin("GET", "rdv/envois") == {"envois": []}


def test_a_professional_of_elsewhere_asks_and_the_software_of_who_is_invited_answers(block: Block) -> None:
    mine, hers = block.professional("dui"), block.professional("voisin")
    times = {"debut": f"{MONDAY}T09:00:00+01:00", "fin": f"{MONDAY}T09:30:00+01:00"}
    asked = {"demandeur": hers, "invites": [mine], "intitule": "Synthèse", "motif": "Projet", **times}
    told = block.admin("POST", "rdv/demandes", asked)
    assert (told["statut"], told["demandeur"], told["reponses"]) == (
        "proposed",
        "voisin",
        {hers: "accepted", mine: "needs-action"},
    )
    seen = block.read("dui", told["id"])
    both = answered(seen, mine, "accepted")  # the person, then her role
    for participant in both["participant"]:
        hers_too = participant["actor"].get("reference") == f"#role-{mine}"
        participant["status"] = "accepted" if hers_too else participant["status"]
    assert block.write("dui", both).json()["status"] == "booked"


def test_a_request_on_taken_time_is_refused(block: Block) -> None:
    mine, hers, _ = meeting(block)
    times = {"debut": f"{MONDAY}T09:00:00+01:00", "fin": f"{MONDAY}T09:30:00+01:00"}
    asked = {"demandeur": hers, "invites": [mine], "intitule": "Synthèse", "motif": "Projet", **times}
    block.admin("POST", "rdv/demandes", asked, status=409)


def test_software_that_has_its_token_already_is_connected_by_it(block: Block) -> None:
    body = {"client_id": "fixe", "jeton": "un-jeton-choisi-ailleurs"}
    assert [block.admin("POST", "rdv/logiciels", body)["jeton"] for _ in range(2)] == [body["jeton"]] * 2
    block.tokens["fixe"] = body["jeton"]
    assert block.fhir("fixe", "GET", "Appointment").status_code == 200
    block.admin("POST", "rdv/logiciels", {"client_id": "fixe"}, status=409)
