"""Professionals of other structures, played by the bench."""

import pytest

from tests.mocks.rdv.block import MONDAY, Block, answers
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
