"""The part of `make bench` that measures how resources are judged: speed, start, memory.

Each part runs in a process of its own, on one core, with a cache folder made for the run. The rates are medians of
rounds in which the candidates take turns, so that a busy machine slows them all.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROUNDS = 9
ROUND_SECONDS = 0.15
SIZE = 3_000  # bytes of the judged Appointment


def measured() -> dict[str, Any]:
    """All the figures; see the keys."""
    with tempfile.TemporaryDirectory(prefix="banc-mesure-profils-") as cache:
        first, second = part("every_profile", cache), part("every_profile", cache)
        return {
            **part("speed", cache),
            "all_profiles": first["profiles"],
            "all_profiles_cold_s": first["seconds"],
            "all_profiles_cached_s": second["seconds"],
            "all_profiles_memory_mb": {"process": first["process_mb"], "beyond_python": first["beyond_python_mb"]},
            "service_cached_s": part("service", cache)["seconds"],
        }


def part(name: str, cache: str) -> dict[str, Any]:
    """The figures of one part, measured in a process of its own."""
    command = [sys.executable, "-m", "load.profiles_bench", name]
    done = subprocess.run(command, env={**os.environ, "BANC_CACHE": cache}, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def visit() -> dict[str, Any]:
    """An Appointment of 3 KB, as products send them."""
    from load.bench import appointment

    made = appointment(1, {"system": "urn:oid:1.2.250.1.213.1.4.10", "value": "255069999999934"})
    missing = SIZE - len(json.dumps(made, ensure_ascii=False).encode())
    return {**made, "comment": made["comment"] + "." * missing}


def speed() -> dict[str, Any]:
    """Whole verdicts on one Appointment, beside the parser of fhir.resources; the schema alone, beside jsonschema."""
    from fhir.resources.R4B.appointment import Appointment
    from jsonschema import Draft202012Validator

    from profiles import default_registry, validate

    made = visit()
    profile = made["meta"]["profile"][0]
    schema, engine = default_registry().compiled(profile).parts()
    plain = Draft202012Validator(schema)
    rates = per_second(
        verdict=lambda: validate(made, profile) == [],
        fhir_resources=lambda: Appointment.model_validate(made) is not None,
        schema=lambda: engine.is_valid(made),
        jsonschema=lambda: plain.is_valid(made),
    )
    return {
        "appointment_bytes": len(json.dumps(made, ensure_ascii=False).encode()),
        "verdicts_per_s": round(rates["verdict"]),
        "times_fhir_resources": round(rates["verdict"] / rates["fhir_resources"], 1),
        "schema_per_s": round(rates["schema"]),
        "schema_times_jsonschema": round(rates["schema"] / rates["jsonschema"], 1),
    }


def per_second(**candidates: Callable[[], bool]) -> dict[str, float]:
    """Calls per second of each candidate. Raises AssertionError for one that refuses: that would be another measure."""
    rounds: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(ROUNDS):
        for name, call in candidates.items():
            calls, start = 0, time.perf_counter()
            while (elapsed := time.perf_counter() - start) < ROUND_SECONDS:
                assert call(), name
                calls += 1
            rounds[name].append(calls / elapsed)
    return {name: statistics.median(found[1:]) for name, found in rounds.items()}  # the first round warms up


def every_profile() -> dict[str, Any]:
    """Seconds to load and compile all the profiles that the bench ships, and the memory that they take."""
    import jsonschema_rs  # noqa: F401  (its own weight is none of the profiles')

    from profiles import default_registry

    before, start = resident_mb(), time.perf_counter()
    registry = default_registry()
    for canonical in registry.versions():
        registry.compiled(canonical)
    seconds, after = time.perf_counter() - start, resident_mb()
    return {
        "profiles": len(registry.versions()),
        "seconds": round(seconds, 3),
        "process_mb": round(after, 1),
        "beyond_python_mb": round(after - before, 1),
    }


def service() -> dict[str, Any]:
    """Seconds until the first verdict of a service on an Appointment, definitions read and profiles from the cache."""
    from profiles import validate

    made = visit()
    profile = made["meta"]["profile"][0]
    start = time.perf_counter()
    assert validate(made, profile) == []
    return {"seconds": round(time.perf_counter() - start, 3)}


def resident_mb() -> float:
    """Memory of this process now, in MB (its highest so far where the system does not tell)."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        import resource

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


PARTS: dict[str, Callable[[], dict[str, Any]]] = {
    "speed": speed,
    "every_profile": every_profile,
    "service": service,
}

if __name__ == "__main__":
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(json.dumps(PARTS[sys.argv[1]]()))
