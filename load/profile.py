"""Load profiles as data: read from a TOML file (the one shipped, or the user's), checked, bounded."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal, cast

import jsonschema_rs

from harness.errors import SetUpError
from harness.french import faults
from harness.target_faults import closest
from harness.toml_lines import error_line, line_of
from load.arrivals import Arrivals
from rules import Authority

Aim = Literal["produit", "bac-a-sable"]
SHIPPED = "profils.toml"


@dataclass(frozen=True, slots=True)
class Threshold:
    """What must not be exceeded.

    measure: p50, p95, p99, max (seconds), erreurs, erreurs_5xx (share of the calls, 0 to 1). on: the one action that
    it is about, "" for all. authority: only an official text may make a product non conforme.
    """

    measure: str
    limit: float
    authority: Authority
    source: str
    on: str = ""

    @property
    def of_latency(self) -> bool:
        return not self.measure.startswith("erreurs")


@dataclass(frozen=True, slots=True)
class Limits:
    """What no run exceeds: seconds, arrivals, arrivals per second."""

    duration_s: float
    arrivals: int
    rate: float


@dataclass(frozen=True, slots=True)
class Saturation:
    """Beyond these shares the bench measures itself, and says nothing of latency (comments of `profils.toml`)."""

    generator_cpu: float
    sandbox_cpu: float
    loop_lag: float
    sandbox_time: float


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile. mixes: weights of the actions (`service.action`), by what is aimed at.

    clients: connections that wait for an arrival. patience_s: seconds after which a call is given up.
    identifiers: least, median and most identifiers of a SAS search. unknown: share of them that nobody bears.
    throttle, disturbances: faults asked of the sandbox, for the whole run and every so many seconds.
    """

    id: str
    title: str
    source: str
    duration_s: float
    clients: int
    patience_s: float
    arrivals: Arrivals
    mixes: Mapping[str, Mapping[str, float]]
    thresholds: Sequence[Threshold]
    people: int = 1
    professionals: int = 0
    identifiers: tuple[int, int, int] = (1, 1, 1)
    unknown: float = 0.0
    throttle: Mapping[str, Any] = field(default_factory=dict)
    disturbances: Sequence[Mapping[str, Any]] = ()

    def mix(self, aim: Aim) -> Mapping[str, float]:
        """Weights for this aim. Raises SetUpError when the profile has none."""
        try:
            return self.mixes[aim]
        except KeyError:
            raise SetUpError(f"le profil {self.id} n'a pas de mélange « {aim} ».") from None


@dataclass(frozen=True, slots=True)
class Table:
    """A file of profiles, read."""

    limits: Limits
    saturation: Saturation
    profiles: Mapping[str, Profile]

    def profile(self, id_: str, *, duration_s: float | None = None, rate: float | None = None) -> Profile:
        """A profile, with another duration or rate when asked. Raises SetUpError (unknown, or beyond the limits)."""
        if id_ not in self.profiles:
            raise SetUpError(f"profil de charge inconnu « {id_} »{closest(id_, self.profiles)}.")
        found = self.profiles[id_]
        if duration_s is not None:
            found = replace(found, duration_s=duration_s)
        if rate is not None:
            found = replace(found, arrivals=found.arrivals.at(rate))
        self._bound(found)
        return found

    def _bound(self, profile: Profile) -> None:
        number, rate = profile.arrivals.count(profile.duration_s), profile.arrivals.peak
        for seen, limit, what in (
            (profile.duration_s, self.limits.duration_s, "secondes (limites.duree_s)"),
            (number, self.limits.arrivals, "arrivées (limites.arrivees)"),
            (rate, self.limits.rate, "arrivées par seconde (limites.debit)"),
        ):
            if seen > limit:
                raise SetUpError(f"le profil {profile.id} demande {seen:g} {what} ; la limite est {limit:g}.")


def load_table(path: Path | None = None) -> Table:
    """Read a file of profiles, the shipped one by default. Raises SetUpError (French) with the line and the key."""
    name = str(path or SHIPPED)
    try:
        text = (path or resources.files("load").joinpath(SHIPPED)).read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise SetUpError(f"Le fichier {name} ne peut pas être lu : {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise SetUpError(f"{name}, ligne {error_line(str(error))} : ce n'est pas du TOML valide ({error}).") from error
    for fault in faults(jsonschema_rs.validator_for(dict(_schema())).iter_errors(document)):
        raise SetUpError(f"{name}, ligne {line_of(text, fault.path)}, clé « {fault.path} » : {fault.text}.")
    limits, measured = document["limites"], document["mesure"]
    return Table(
        Limits(limits["duree_s"], limits["arrivees"], limits["debit"]),
        Saturation(
            measured["cpu_generateur"],
            measured["cpu_bac_a_sable"],
            measured["retard_boucle"],
            measured["temps_bac_a_sable"],
        ),
        {id_: _profile(id_, table) for id_, table in document["profils"].items()},
    )


@cache
def _schema() -> Mapping[str, Any]:
    text = resources.files("load").joinpath("profils.schema.json").read_text(encoding="utf-8")
    return cast(Mapping[str, Any], json.loads(text))


def _profile(id_: str, table: Mapping[str, Any]) -> Profile:
    wanted = table.get("identifiants", {"moins": 1, "mediane": 1, "plus": 1})
    return Profile(
        id=id_,
        title=table["titre"],
        source=table["source"],
        duration_s=table["duree_s"],
        clients=table["clients"],
        patience_s=table["patience_s"],
        arrivals=Arrivals.from_table(id_, table["arrivees"]),
        mixes=table["melange"],
        thresholds=tuple(_threshold(row) for row in table["seuils"]),
        people=table.get("personnes", 1),
        professionals=table.get("professionnels", 0),
        identifiers=(wanted["moins"], wanted["mediane"], wanted["plus"]),
        unknown=table.get("inconnus", 0.0),
        throttle=table.get("bride", {}),
        disturbances=tuple(table.get("perturbations", ())),
    )


def _threshold(row: Mapping[str, Any]) -> Threshold:
    return Threshold(row["mesure"], row["valeur"], Authority(row["autorite"]), row["source"], row.get("sur", ""))
