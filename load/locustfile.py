"""What Locust loads, in each process of the generator: receives the plan, makes the users, hands over what was seen.

BANC_CHARGE_PLAN: file of the plan (single process, or master). BANC_CHARGE_RECOLTE: where the harvest is written.
BANC_CHARGE_PERMIS: origins that a worker may call besides this machine, separated by spaces.
Nothing of ours imports this module: Locust changes sockets and threads of the process that does.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import gevent
from locust import LoadTestShape, events
from locust.runners import LocalRunner, MasterRunner, WorkerRunner

from load.book import Book
from load.plan import Plan, allowed
from load.users import ACTIONS, Caller

LAG_EVERY_S = 0.05
ASK_EVERY_S = 0.5
GRACE_S = 5.0
_harvest: dict[str, dict[str, Any]] = {}
_final: set[str] = set()


class Arrivals(LoadTestShape):
    """All the clients from the start; the end when the last of them has left, or is given up."""

    use_common_options = False

    def tick(self) -> tuple[int, float] | None:
        plan = Caller.book.plan
        elapsed = self.get_run_time()  # type: ignore[no-untyped-call]
        over = elapsed > plan.duration_s + plan.patience_s + GRACE_S
        left = elapsed > 3 and self.runner is not None and self.runner.user_count == 0
        return None if over or left else (plan.clients, 1000)


@events.init.add_listener  # type: ignore[untyped-decorator]
def prepare(environment: Any, **_: Any) -> None:
    """Give each kind of process its part: the master tells the plan, the workers wait for it."""
    runner = environment.runner
    if isinstance(runner, WorkerRunner):
        runner.register_message("banc.plan", _receive)
        runner.register_message("banc.fin", _finish, concurrent=True)
        gevent.spawn(_ask, runner)
        return
    plan = Plan.from_json(Path(os.environ["BANC_CHARGE_PLAN"]).read_text(encoding="utf-8"))
    _begin(plan, 0)
    if isinstance(runner, MasterRunner):
        runner.register_message("banc.reste", _end)
        runner.register_message("banc.demande", _tell)


def _ask(runner: WorkerRunner) -> None:
    """Ask for the plan until it comes: a message that arrives before its handler is known is lost."""
    while not Caller.ready.is_set():
        runner.send_message("banc.demande")
        Caller.ready.wait(ASK_EVERY_S)


def _tell(environment: Any, msg: Any, **_: Any) -> None:
    runner = environment.runner
    told = {"plan": Caller.book.plan.to_json(), "index": runner.get_worker_index(msg.node_id)}
    runner.send_message("banc.plan", told, msg.node_id)


def _begin(plan: Plan, index: int) -> None:
    Caller.book = Book(plan, index)
    Caller.actions = ACTIONS
    Caller.ready.set()


def _receive(environment: Any, msg: Any, **_: Any) -> None:
    plan = Plan.from_json(msg.data["plan"])
    known = frozenset(os.environ.get("BANC_CHARGE_PERMIS", "").split())
    refused = sorted(one for one in plan.origins() if not allowed(one, known))
    if Caller.ready.is_set():
        return
    if refused:
        print(f"banc : cible refusée : {', '.join(refused)} n'est pas écrite dans cible.toml.", file=sys.stderr)
        environment.process_exit_code = 2
        environment.runner.quit()
        return
    _begin(plan, msg.data["index"])


@events.test_start.add_listener  # type: ignore[untyped-decorator]
def watch(environment: Any, **_: Any) -> None:
    """In the processes that make calls: measure how late this process is on itself, and its own processor time."""
    if not isinstance(environment.runner, MasterRunner):
        gevent.spawn(_watch)


def _watch() -> None:
    Caller.ready.wait()
    book = Caller.book
    book.began = (time.perf_counter(), time.process_time())
    while not book.over:
        before = time.perf_counter()
        gevent.sleep(LAG_EVERY_S)
        book.lags.append(time.perf_counter() - before - LAG_EVERY_S)


@events.report_to_master.add_listener  # type: ignore[untyped-decorator]
def report(client_id: str, data: dict[str, Any]) -> None:
    if Caller.ready.is_set():
        data["banc"] = Caller.book.take()


@events.worker_report.add_listener  # type: ignore[untyped-decorator]
def gather(client_id: str, data: dict[str, Any]) -> None:
    if "banc" in data:
        _merge(client_id, data["banc"])


@events.test_stopping.add_listener  # type: ignore[untyped-decorator]
def close(environment: Any, **_: Any) -> None:
    """No arrival any more."""
    Caller.ready.wait()
    Caller.book.over = True


@events.test_stop.add_listener  # type: ignore[untyped-decorator]
def hand_over(environment: Any, **_: Any) -> None:
    """The master waits for what its workers have left; the harvest is written."""
    runner, book = environment.runner, Caller.book
    if isinstance(runner, WorkerRunner):
        return
    if isinstance(runner, LocalRunner):
        _merge("local", book.take())
        _final.add("local")
    else:
        runner.send_message("banc.fin")
    deadline = time.monotonic() + book.plan.patience_s + GRACE_S
    while len(_final) < book.plan.processes and time.monotonic() < deadline:
        gevent.sleep(0.05)
    whole = len(_final) >= book.plan.processes
    text = json.dumps({"complete": whole, "processes": list(_harvest.values())})
    Path(os.environ["BANC_CHARGE_RECOLTE"]).write_text(text, encoding="utf-8")


def _finish(environment: Any, msg: Any, **_: Any) -> None:
    """A worker, told that the load is over: lets its calls end, then sends what is left."""
    book, runner = Caller.book, environment.runner
    book.over = True
    deadline = time.monotonic() + book.plan.patience_s
    while runner.user_count and time.monotonic() < deadline:
        gevent.sleep(0.05)
    runner.send_message("banc.reste", book.take())


def _end(environment: Any, msg: Any, **_: Any) -> None:
    _merge(msg.node_id, msg.data)
    _final.add(msg.node_id)


def _merge(client_id: str, taken: dict[str, Any]) -> None:
    kept = _harvest.setdefault(client_id, {"samples": [], "slips": [], "lags": [], "entries": []})
    for name in ("samples", "slips", "lags", "entries"):
        kept[name].extend(taken[name])
    kept |= {name: taken[name] for name in ("arrived", "seconds", "cpu_s")}
