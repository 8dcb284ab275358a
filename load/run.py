"""One load from beginning to end: stage, generator, reconciliation, verdict."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from harness.errors import SetUpError
from harness.target import Target
from load import agenda_side, ends, harvest, reconcile, sandbox_side, verdict
from load.book import first_day
from load.generator_processes import Generator
from load.harvest import Harvest
from load.ledger import Entry
from load.plan import Plan, allowed, origin
from load.product_stage import Driven, drive, started
from load.profile import Aim, Profile, Saturation
from load.reconcile import Discrepancy
from load.sandbox_stage import Place, disturb, gap_scene, mes_scene, open_sandbox
from load.share import Share, Watch, excesses
from load.verdict import LoadVerdict

MEMORY_EVERY_S = 5.0
STILL_S = 60.0  # a product that keeps what it has for so long will not send it


@dataclass(frozen=True)
class Order:
    """What was asked for. defect: of the bench's own product. store, sandbox_workers: of our own sandbox.

    hosts: origins that `cible.toml` names, which alone may be loaded besides this machine.
    """

    profile: Profile
    aim: Aim
    saturation: Saturation
    target: Target | None
    generator: Generator
    defect: str = ""
    store: str = ""
    sandbox_workers: int = 1
    strict: bool = False
    tell: Callable[[str], None] = field(default=print)


@dataclass(frozen=True)
class Stage:
    """What stands when the load begins.

    scene: what the generator is told, by service. mark: last exchange of the journal before the load.
    """

    place: Place
    scene: Mapping[str, Any]
    driven: Driven | None
    mix: Mapping[str, float]
    unplayed: Sequence[str]
    mark: int


@dataclass(frozen=True)
class Outcome:
    """What a run gives: the verdict, and what the plots show."""

    verdict: LoadVerdict
    harvest: Harvest
    discrepancies: Sequence[Discrepancy]


def run_load(order: Order) -> Outcome:
    """Set the stage, load, reconcile, judge. Raises HarnessError (French)."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="banc-charge-")))
        stage = _set(order, stack, folder)
        plan = Plan.of(order.profile, stage.mix, stage.scene, order.generator.processes)
        _refuse_strangers(plan, order.target)
        watch = Watch(stage.place.pid, stage.place.workers)
        order.tell(f"{order.profile.id}, {order.profile.title} : {_announced(plan)}")
        with _disturbing(order.profile, stage.place, watch):
            seen = order.generator.run(plan, folder)
        cpu = watch.cpu()
        watch.note_memory()
        if stage.driven is not None and stage.driven.usagers:
            seen = replace(seen, entries=_drained(stage.driven, seen.entries, order.profile.duration_s))
        found, read = _reconciled(stage, seen)
        return Outcome(_judged(order, stage, seen, (found, read), watch, cpu), seen, found)


def _set(order: Order, stack: ExitStack, folder: Path) -> Stage:
    """Start what the mix needs, and leave out, saying so, what this product does not have."""
    profile, wanted = order.profile, order.profile.mix(order.aim)
    services = {action.partition(".")[0] for action in wanted}
    place = open_sandbox(order.target, profile, stack, folder, store=order.store, workers=order.sandbox_workers)
    scene: dict[str, Any] = {}
    driven = None
    if order.aim == "produit":
        assert order.target is not None
        url = started(order.target, order.defect, stack, folder)
        driven = drive(order.target, url, place.client.url, profile, services, stack)
        place = replace(place, tenant=driven.environment.tenant)
        scene |= driven.scene()
    else:
        if "mes" in services:
            scene["mes"] = mes_scene(place.tenant, profile.people)
        if "gap" in services:
            scene["gap"] = gap_scene(place.tenant, profile)
    disturb(place.tenant, profile)
    mix = {action: weight for action, weight in wanted.items() if action.partition(".")[0] in scene}
    if not mix:
        missing = ", ".join(sorted(services))
        raise SetUpError(f"rien à charger : {missing} manque dans cible.toml, ou l'action du produit qui le prépare.")
    unplayed = sorted(set(wanted) - set(mix))
    return Stage(place, scene, driven, mix, unplayed, place.tenant.last_id())


def _refuse_strangers(plan: Plan, target: Target | None) -> None:
    """A load goes to this machine, or to what the user's own file names: nowhere else."""
    known = named_origins(target)
    refused = sorted(one for one in plan.origins() if not allowed(one, known))
    if refused:
        raise SetUpError(f"cible refusée : {', '.join(refused)} n'est ni locale, ni écrite dans cible.toml.")


def named_origins(target: Target | None) -> frozenset[str]:
    """Origins that a `cible.toml` names."""
    if target is None:
        return frozenset()
    served = [part.base_url for part in (target.sas, target.third_party) if part is not None]
    named = [url for url in (target.driver.url, target.sandbox.url, *served) if url and not url.startswith("/")]
    return frozenset(map(origin, named))


@contextmanager
def _disturbing(profile: Profile, place: Place, watch: Watch) -> Iterator[None]:
    """During the load: ask for the faults of the profile as they come due, and look at the memory from time to time."""
    stop = threading.Event()

    def disturbing() -> None:
        began, asked = time.monotonic(), [0] * len(profile.disturbances)
        while not stop.wait(0.2):
            elapsed = time.monotonic() - began
            if elapsed > MEMORY_EVERY_S * len(watch.rss_mb):
                watch.note_memory()
            for rank, one in enumerate(profile.disturbances):
                if elapsed >= (asked[rank] + 1) * one["toutes_les_s"]:
                    asked[rank] += 1
                    fault = {key: value for key, value in one.items() if key != "toutes_les_s"}
                    place.tenant.add_fault(fois=1, **fault)

    thread = threading.Thread(target=disturbing, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _reconciled(stage: Stage, seen: Harvest) -> tuple[list[Discrepancy], list[str]]:
    """Discrepancies, and the ends that were read."""
    tenant, entries = stage.place.tenant, seen.entries
    found: list[Discrepancy] = []
    read: list[str] = []
    of_mes = [entry for entry in entries if entry.end == "mes"]
    if stage.driven is not None and stage.driven.usagers:
        shown = stage.driven.shown(*_period())
        if shown is not None:
            found += reconcile.compare(of_mes, shown, "produit")
            read.append("produit")
    if "mes" in stage.scene or "pilote" in stage.scene:
        people = stage.driven.usagers if stage.driven else [one["person"] for one in stage.scene["mes"]["people"]]
        found += reconcile.compare(of_mes, ends.of_mes(tenant, people), "mes")
        read.append("mes")
    if "gap" in stage.scene:
        of_gap = [entry for entry in entries if entry.end == "gap"]
        found += reconcile.compare(of_gap, ends.of_manager(tenant), "gap")
        found += reconcile.races(of_gap, "gap")
        found += reconcile.integrity(tenant.call("GET", "/gap/bilan"), "gap")
        read.append("gap")
    if "agenda" in stage.scene:
        found += _in_the_agenda(stage.scene["agenda"], [entry for entry in entries if entry.end == "agenda"])
        read.append("agenda")
    return found, read


def _in_the_agenda(told: Mapping[str, Any], entries: Sequence[Entry]) -> list[Discrepancy]:
    """Discrepancies of the product's own agenda."""
    held = agenda_side.held(told)
    found = [*reconcile.compare(entries, held, "agenda"), *reconcile.races(entries, "agenda")]
    found += reconcile.overbooked(entries, held, "agenda")
    return found + reconcile.incoherent(agenda_side.offered_still(told, entries), "agenda")


def _drained(driven: Driven, entries: Sequence[Entry], limit_s: float) -> list[Entry]:
    """Let the product send what it kept, as long as it gets on with it; what it has then sent counts as accepted."""
    began = moved = time.monotonic()
    least = left = driven.drain()
    while left and time.monotonic() - moved < STILL_S and time.monotonic() - began < limit_s:
        time.sleep(1)
        left = driven.drain()
        if left < least:
            least, moved = left, time.monotonic()
    return [replace(one, outcome="accepte") if one.outcome == "attente" and not left else one for one in entries]


def _period() -> tuple[str, str]:
    """Days between which the load has made appointments."""
    first = first_day()
    return first.date().isoformat(), (first + timedelta(days=400)).date().isoformat()


def _judged(
    order: Order,
    stage: Stage,
    seen: Harvest,
    reconciled: tuple[list[Discrepancy], list[str]],
    watch: Watch,
    cpu: float | None,
) -> LoadVerdict:
    served = sandbox_side.read(stage.place.tenant, stage.mark)
    lag = harvest.percentile(sorted(seen.lags_s), 0.99)
    share = Share(seen.cpu, cpu, lag, sandbox_side.own_time(served), watch.three_memories())
    limits = [one.limit for one in order.profile.thresholds if one.of_latency]
    too_much = excesses(share, order.saturation, min(limits, default=None)) if limits else []
    found, read = reconciled
    figures = {**verdict.figures(seen), "cote_bac_a_sable": sandbox_side.figures(served)}
    checks = verdict.checks_of(
        seen,
        order.profile.thresholds,
        found,
        too_much,
        ends=read,
        strict=order.strict,
        disturbed=bool(order.profile.disturbances),
    )
    return LoadVerdict(order.profile.id, order.aim, checks, figures, share, too_much, stage.unplayed)


def _announced(plan: Plan) -> str:
    number = plan.arrivals.count(plan.duration_s)
    return f"{number} arrivées, {plan.duration_s:g} s au plus, {plan.processes} processus"
