"""Writing in the agendas of the professionals (flow D(5))."""

import httpx
import pytest

from mocks.sandbox import Sandbox
from mocks.servers.cheroot import RunningServer
from tests.mocks.rdv.block import CANCELLED, Agenda, Block, answered, guest, request
from tests.mocks.rdv.conftest import opened
from tests.mocks.rdv.test_requests import meeting


def booked(block: Block) -> dict[str, object]:
    _, hers, kept = meeting(block)
    found: dict[str, object] = block.write("voisin", answered(kept, hers, "accepted")).json()
    return found


def test_it_is_written_in_each_agenda_once(sandbox: Sandbox, block: Block, ours: Agenda, theirs: Agenda) -> None:
    booked(block)
    sandbox.store.errands.wait()
    for agenda in (ours, theirs):
        assert [method for method, _, _ in agenda.calls] == ["PUT"]
        (kept,) = agenda.kept.values()
        assert (kept["status"], "slot" in kept, "id" in kept) == ("booked", False, False)
    assert ours.calls[0][2] == "Bearer ouvre-toi"
    assert block.deliveries() == {"dui": ("fait", 1), "voisin": ("fait", 1)}


def test_the_writing_is_in_the_journal_without_its_secret(sandbox: Sandbox, block: Block) -> None:
    booked(block)
    sandbox.store.errands.wait()
    found = block.exchanges(service="serveur")
    assert {one["context"]["logiciel"] for one in found} == {"dui", "voisin"}
    assert {one["operation"] for one in found} == {"serveur.rdv.appointment.update"}
    assert "ouvre-toi" not in str(found)


@pytest.mark.parametrize("failure", [500, 503, 422])
def test_a_failure_is_tried_again_and_written_once(
    sandbox: Sandbox, block: Block, ours: Agenda, theirs: Agenda, failure: int
) -> None:
    ours.statuses = [failure]
    booked(block)
    sandbox.store.errands.wait()
    assert block.deliveries() == {"dui": ("echec", 1), "voisin": ("fait", 1)}
    block.admin("POST", "rdv/envois", {})
    assert block.deliveries() == {"dui": ("fait", 2), "voisin": ("fait", 1)}
    assert (len(ours.kept), len(theirs.calls)) == (1, 1)


def test_nothing_is_written_before_all_have_accepted(sandbox: Sandbox, block: Block, ours: Agenda) -> None:
    meeting(block)
    sandbox.store.errands.wait()
    assert (ours.calls, block.deliveries()) == ([], {})


def test_a_cancellation_after_is_written_too(sandbox: Sandbox, block: Block, ours: Agenda, theirs: Agenda) -> None:
    block.write("voisin", {**booked(block), **CANCELLED})
    sandbox.store.errands.wait()
    assert [kept["status"] for kept in (*ours.kept.values(), *theirs.kept.values())] == ["cancelled"] * 2


def test_a_cancellation_before_is_not(sandbox: Sandbox, block: Block, ours: Agenda) -> None:
    _, _, kept = meeting(block)
    block.write("dui", {**kept, **CANCELLED})
    sandbox.store.errands.wait()
    assert ours.calls == []


def test_on_demand_nothing_leaves_before_it_is_asked(sandbox: Sandbox, block: Block, ours: Agenda) -> None:
    block.set(envoi="sur_demande")
    booked(block)
    sandbox.store.errands.wait()
    assert (ours.calls, block.deliveries()["dui"]) == ([], ("a_envoyer", 0))
    block.admin("POST", "rdv/envois", {})
    assert len(ours.calls) == 1


def test_the_answer_of_somebody_played_by_the_bench_writes_at_once(block: Block, ours: Agenda, theirs: Agenda) -> None:
    _, hers, kept = meeting(block)
    assert block.reply(str(kept["id"]), hers, "accepter")["statut"] == "booked"
    assert (len(ours.calls), len(theirs.calls)) == (1, 1)


def test_what_was_written_is_written_again_when_asked(sandbox: Sandbox, block: Block, ours: Agenda) -> None:
    booked(block)
    sandbox.store.errands.wait()
    block.admin("POST", "rdv/envois", {"refaire": True})
    assert (len(ours.calls), len(ours.kept)) == (2, 1)


def test_a_scene_set_anew_forgets_what_was_still_to_be_written(block: Block, ours: Agenda) -> None:
    block.set(envoi="sur_demande")
    booked(block)
    block.admin("POST", "remise-en-scene", {})
    block.admin("POST", "rdv/envois", {})
    assert (ours.calls, block.deliveries()["dui"][0]) == ([], "abandonne")


def test_over_sockets_an_agenda_that_was_down_gets_it_later() -> None:
    from mocks.mes import MES
    from mocks.rdv import RDV

    made, agenda = Sandbox(services=[MES, RDV]), Agenda()
    with made.serve() as running, httpx.Client() as http:
        down = RunningServer(agenda)
        address = down.url
        down.stop()
        block = opened(made, http, running.url)
        block.connect("mobile", agenda=f"{address}/fhir")
        mine, hers = block.professional("mobile"), block.professional("voisin")
        kept = block.ask("mobile", request(guest(mine, "accepted"), guest(hers)))
        block.set(envoi="sur_demande")
        block.reply(str(kept["id"]), hers, "accepter")
        block.admin("POST", "rdv/envois", {})
        assert block.deliveries()["mobile"] == ("echec", 1)
        assert block.exchanges(service="serveur")[0]["context"]["silence"] == "injoignable"
        up = RunningServer(agenda, port=int(address.rpartition(":")[2]))
        block.admin("POST", "rdv/envois", {})
        up.stop()
        assert block.deliveries()["mobile"] == ("fait", 2)
        assert len(agenda.kept) == 1
    made.close()
