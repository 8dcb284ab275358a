"""The processes of Locust: one alone, or a master and its workers, on this machine or on several."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from harness.errors import HarnessError, SetUpError
from load.harvest import Harvest, read
from load.plan import Plan
from load.servers import free_port

GRACE_S = 120.0
WEB_PORT = 8089


class GeneratorError(HarnessError):
    """Locust did not run to its end: an error of the bench."""


@dataclass(frozen=True)
class Generator:
    """How the load is made.

    processes: how many share the arrivals. awaited: they are started by somebody, elsewhere, and join `bind`;
    otherwise they are started here. bind: host and port on which the master waits for its workers, on this machine
    unless told. web: the live page of Locust, on this machine.
    """

    processes: int = 1
    awaited: bool = False
    bind: tuple[str, int] = ("127.0.0.1", 0)
    web: bool = False

    def run(self, plan: Plan, folder: Path) -> Harvest:
        """Make the calls of a plan. folder: of this run, read by nobody else. Raises HarnessError."""
        environment = _environment(folder, plan)
        alone = self.processes == 1 and not self.awaited
        with ExitStack() as stack:
            if alone:
                command = [*_locust(), *self._screen()]
            else:
                host, port = self.bind[0], self.bind[1] or free_port()
                command = [*_locust(), *self._screen(), *self._master(host, port)]
            master = _start(command, environment, folder / "generateur.log", stack)
            if not alone and not self.awaited:
                for rank in range(self.processes):
                    _start(_worker(host, port), environment, folder / f"ouvrier-{rank}.log", stack)
            try:
                code = master.wait(plan.duration_s + plan.patience_s + GRACE_S + (600 if self.awaited else 0))
            except subprocess.TimeoutExpired:
                raise GeneratorError("Le générateur de charge ne s'arrête pas ; il a été interrompu.") from None
        harvest = Path(environment["BANC_CHARGE_RECOLTE"])
        if not harvest.exists():
            raise GeneratorError(f"Le générateur de charge s'est arrêté (code {code}) :\n{_tail(folder)}")
        return read(harvest)

    def _screen(self) -> Sequence[str]:
        if not self.web:
            return ["--headless"]
        return ["--web-host", "127.0.0.1", "--web-port", str(WEB_PORT), "--autostart", "--autoquit", "1"]

    def _master(self, host: str, port: int) -> Sequence[str]:
        return [
            *("--master", "--master-bind-host", host, "--master-bind-port", str(port)),
            *("--expect-workers", str(self.processes), "--expect-workers-max-wait", "600"),
        ]


def work(host: str, port: int, known: frozenset[str]) -> int:
    """Be a worker of the master at this address until it is done. known: origins that `cible.toml` names.

    Returns the exit code of Locust: 2 when the master asks to load somebody else.
    """
    environment = {**os.environ, "BANC_CHARGE_PERMIS": " ".join(sorted(known))}
    return subprocess.run(_worker(host, port), env=environment, check=False).returncode


def _locust() -> list[str]:
    file = str(resources.files("load").joinpath("locustfile.py"))
    # The number of failures is ours to judge; users end their call before they stop.
    quiet = ["--only-summary", "--loglevel", "WARNING", "--exit-code-on-error", "0", "--stop-timeout", "60"]
    return [sys.executable, "-m", "locust", "-f", file, *quiet]


def _worker(host: str, port: int) -> list[str]:
    return [*_locust(), "--worker", "--master-host", host, "--master-port", str(port)]


def _environment(folder: Path, plan: Plan) -> Mapping[str, str]:
    path = folder / "plan.json"
    path.touch(mode=0o600)  # it holds tokens
    path.write_text(plan.to_json(), encoding="utf-8")
    told = {"BANC_CHARGE_PLAN": str(path), "BANC_CHARGE_RECOLTE": str(folder / "recolte.json")}
    allowed = {"BANC_CHARGE_PERMIS": " ".join(sorted(plan.origins()))}
    return {**os.environ, **told, **allowed}


def _start(
    command: Sequence[str], environment: Mapping[str, str], log: Path, stack: ExitStack
) -> subprocess.Popen[bytes]:
    output = stack.enter_context(log.open("ab"))
    try:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, start_new_session=True)
    except OSError as error:
        raise SetUpError(f"Locust ne peut pas être lancé : {error}.") from error
    stack.callback(_end, process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _tail(folder: Path) -> str:
    logs = sorted([*folder.glob("generateur.log"), *folder.glob("ouvrier-*.log")])
    return "\n".join(path.read_text(encoding="utf-8", errors="replace")[-1500:] for path in logs)
