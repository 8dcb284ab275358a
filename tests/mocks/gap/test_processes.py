"""The race of the load profile L6 in small: several processes serve one store, one client wins each slot."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx

from tests.e2e.processes import granian
from tests.mocks.gap.manager import NOW, Manager, on_slot

CLIENTS, WORKERS = 10, 4


def test_exactly_one_wins_each_slot_whatever_process_serves(store_url: str) -> None:
    with granian(store_url, WORKERS) as running, httpx.Client() as http:
        http.post(f"{running.url}/_banc/tenants", json={"nom": "course"})
        manager = Manager(http, "course", running.url)
        manager.clock(NOW)
        manager.token = manager.register()
        slots = manager.slots(manager.agenda()["schedule"])
        barrier = Barrier(CLIENTS)

        def book_all(rank: int) -> list[int]:
            with httpx.Client() as own:
                mine = Manager(own, manager.tenant, manager.root, manager.token)
                barrier.wait()
                return [
                    mine.fhir("POST", "Appointment", on_slot(slot, f"{rank}-{slot['id']}")).status_code
                    for slot in slots
                ]

        with ThreadPoolExecutor(CLIENTS) as pool:
            answers = list(pool.map(book_all, range(CLIENTS)))
        for of_slot in zip(*answers, strict=True):
            assert sorted(of_slot) == [201] + [409] * (CLIENTS - 1)
        report = manager.admin("GET", "gap/bilan")
        assert (report["rendez_vous"], report["doubles_reservations"]) == (len(slots), [])
        assert report["creneaux_incoherents"] == []
