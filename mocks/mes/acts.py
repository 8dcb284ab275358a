"""What the usager and the operator of MES do on the national side; each act is written in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mocks.journal import events
from mocks.mes import model_pairings
from mocks.mes.model_pairings import Pairing
from mocks.mes.model_services import Snr
from mocks.mes.settings import DEFAULTS
from mocks.store import Session
from mocks.tenants import Tenant


class NoPairingError(LookupError):
    """The profile is not paired with this service."""


class UnknownActError(LookupError):
    """No act of that name."""


class UnknownFinalityError(ValueError):
    """The service does not have this finality."""


def play(session: Session, tenant: Tenant, act: str, person: str, snr: Snr, finality: str) -> Pairing:
    """Have the usager do something with one of the profile's pairings; returns the pairing as it then is.

    act: a key of ACTS. finality: code, for the acts about one consent. Raises UnknownActError, NoPairingError,
    UnknownFinalityError.
    """
    if act not in ACTS:
        raise UnknownActError(act)
    session.begin()
    pairing = model_pairings.living(session, tenant.name, person, snr.oid)
    if pairing is None:
        raise NoPairingError(snr.oid)
    ACTS[act](session, tenant, pairing, snr, finality)
    about = {"pairing": pairing.id, "oid": snr.oid, **({"finalite": finality} if act in ABOUT_ONE_FINALITY else {})}
    events.act(session, tenant, f"mes.usager.{act}", person, about)
    changed = model_pairings.by_id(session, tenant.name, pairing.id)
    assert changed is not None
    return changed


def _consent(given: bool) -> Callable[[Session, Tenant, Pairing, Snr, str], None]:
    def switch(session: Session, tenant: Tenant, pairing: Pairing, snr: Snr, finality: str) -> None:
        if finality not in (known["codeFinalite"] for known in snr.finalities):
            raise UnknownFinalityError(finality)
        model_pairings.set_consent(session, tenant.name, pairing, finality, given, tenant.now())

    return switch


def _unpair(session: Session, tenant: Tenant, pairing: Pairing, _snr: Snr, _finality: str) -> None:
    at_once = setting(tenant, "desappariement_refus") == "401"
    model_pairings.revoke(session, tenant.name, pairing, tenant.now(), tokens=at_once)


def _acknowledge(session: Session, tenant: Tenant, pairing: Pairing, snr: Snr, _finality: str) -> None:
    model_pairings.acknowledge(session, tenant.name, pairing, snr.version)


def _reapprove(session: Session, tenant: Tenant, pairing: Pairing, _snr: Snr, _finality: str) -> None:
    model_pairings.reapprove(session, tenant.name, pairing)


def _come_of_age(session: Session, tenant: Tenant, pairing: Pairing, _snr: Snr, _finality: str) -> None:
    model_pairings.come_of_age(session, tenant.name, pairing, tenant.now())


ACTS: Mapping[str, Callable[[Session, Tenant, Pairing, Snr, str], None]] = {
    "consentement_donne": _consent(True),
    "consentement_retire": _consent(False),
    "desappariement": _unpair,
    "version_reconnue": _acknowledge,
    "reapprobation_confirmee": _reapprove,
    "majorite": _come_of_age,
}
ABOUT_ONE_FINALITY = ("consentement_donne", "consentement_retire")


def setting(tenant: Tenant, key: str) -> Any:
    """A setting of the service, outside a call to it."""
    return tenant.settings.get(f"mes.{key}", DEFAULTS[key])
