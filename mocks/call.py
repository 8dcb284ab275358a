"""The call in progress: what a view of a mock needs to know, and what it tells the journal."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from flask import request

from mocks import faults, tenants
from mocks.store import Session
from mocks.tenants import Tenant

if TYPE_CHECKING:
    from mocks.service import Service

ENVIRON_KEY = "banc.call"
View = TypeVar("View", bound=Callable[..., Any])


class FaultPlayedError(Exception):
    """A transport fault that waited for the person to be known must be played now."""

    def __init__(self, fault: Mapping[str, Any]) -> None:
        self.fault = fault


@dataclass
class Call:
    """One call to a service, from arrival to journal.

    operation, person, client_id, context and notes go to the journal; the service fills them as it learns them.
    """

    tenant: Tenant
    session: Session
    service: Service
    base_url: str  # of this service and tenant, without a final slash
    now: datetime
    body: bytes
    too_large: bool = False
    operation: str = ""
    person: str | None = None
    client_id: str | None = None
    context: dict[str, Any] = field(default_factory=dict)
    notes: list[dict[str, str]] = field(default_factory=list)
    fault: str | None = None
    cut: bool = False
    late_s: float = 0  # to wait between the commit and the answer
    errands: list[Callable[[], None]] = field(default_factory=list)  # to be run once it is committed, in a thread

    def setting(self, key: str) -> Any:
        """A setting of the service (without its prefix), the tenant's value or the service's default."""
        return self.tenant.settings.get(f"{self.service.name}.{key}", self.service.settings[key])

    def note(self, code: str, text: str) -> None:
        """Write in the journal something noticed that was not refused."""
        self.notes.append({"code": code, "text": text})

    def identify(self, person: str | None) -> None:
        """Say whom the call concerns. Raises FaultPlayedError when a fault waits for that person."""
        self.person = person
        if person is not None:
            self._play_late()

    def rename(self, operation: str) -> None:
        """Say which operation this is, in a view that `names_operation`. Raises FaultPlayedError as `identify`."""
        self.operation = operation
        exceeded = self.limit()
        if exceeded is not None:
            raise FaultPlayedError(exceeded)
        self._play_late()

    def _play_late(self) -> None:
        fault = self.play(faults.TRANSPORT) if self.fault is None else None
        nature = None if fault is None else fault["nature"]
        if fault is not None and nature not in ("lenteur", "coupure_apres"):  # already played; played at the end
            raise FaultPlayedError(fault)

    def play(self, natures: tuple[str, ...]) -> Mapping[str, Any] | None:
        """The fault of these natures that meets this call, counted as played; None when there is none.

        A `lenteur` has been waited for when this returns, or will be before the answer.
        """
        if not self.tenant.faults:
            return None
        if faults.find(self.tenant.faults, self.operation, self.person, natures) is None:
            return None
        held = self.session.writing
        self.session.begin()  # two calls at once must not both take the last one
        current = tenants.load(self.session, self.tenant.name)
        index = faults.find(current.faults, self.operation, self.person, natures)
        if index is None:
            return None
        fault = current.faults[index]
        self.tenant = replace(current, faults=faults.used(current.faults, index))
        tenants.save(self.session, self.tenant)
        self.fault = str(fault["nature"])
        if self.fault == "lenteur":
            self._slow_down(float(fault.get("secondes", 1)), held=held)
        return fault

    def limit(self) -> Mapping[str, Any] | None:
        """The limit of rate that this call exceeds, None when it is allowed; by real time, never the tenant's."""
        if faults.find(self.tenant.faults, self.operation, None, (faults.RATE,)) is None:
            return None
        self.session.begin()  # the calls of all processes are counted together
        current = tenants.load(self.session, self.tenant.name)
        index = faults.find(current.faults, self.operation, None, (faults.RATE,))
        if index is None:
            return None
        fault, allowed = faults.spent(current.faults[index], time.time())
        left = [*current.faults[:index], fault, *current.faults[index + 1 :]]
        self.tenant = replace(current, faults=left)
        tenants.save(self.session, self.tenant)
        self.session.commit()  # the view has its own transaction
        self.fault = None if allowed else faults.RATE
        return None if allowed else fault

    def _slow_down(self, seconds: float, *, held: bool) -> None:
        """Wait without the write lock, which others need. held: the view had opened a transaction, that stays whole."""
        if held:
            self.late_s += seconds
            return
        self.session.commit()
        time.sleep(seconds)


def names_operation(view: View) -> View:
    """Mark a view of an address that serves several operations: it must call `rename`, which plays the faults."""
    view.names_operation = True  # type: ignore[attr-defined]
    return view


def current_call() -> Call:
    """The call that the running view serves."""
    call: Call = request.environ[ENVIRON_KEY]
    return call
