"""DMP-031, DMP-032: the lot of a submission, and its signature."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from profiles.keys import OID
from rules.core import Authority, Finding, Level, rule
from rules.dmp import DEPOSITS, P4D, PARTAGE, WITH_LOT, code, cx, listed, lot, mapping, texts, vihf
from rules.exchange import Exchange
from rules.instants import parse_instant
from rules.reading import dig, shown, text
from rules.selectors import On

_SECONDS = "%Y%m%d%H%M%S"
_SLACK = timedelta(minutes=10)
_TIME = re.compile(r"\d{4}(\d{2}){0,5}", re.ASCII)


def utc_time(value: Any) -> datetime | None:
    """A DTM of XDS with its seconds, as an instant; None when it is none."""
    try:
        return datetime.strptime(text(value), _SECONDS).replace(tzinfo=UTC) if len(text(value)) == 14 else None
    except ValueError:
        return None


@rule(
    "DMP-031",
    Level.SHALL,
    Authority.DEDUITE,
    f"{PARTAGE}, SubmissionSet",
    title="Un envoi porte un lot, et un seul, avec ses identifiants, son auteur et sa date en temps universel.",
    on=WITH_LOT,
)
def complete_lot(exchange: Exchange) -> Iterator[Finding]:
    sent = lot(exchange)
    if sent.get("count") not in (1, None):
        yield Finding("RegistryPackage", "un seul lot", shown(sent.get("count")))
    for key, name in (("unique_id", "uniqueId"), ("source_id", "sourceId")):
        if not re.fullmatch(OID, text(sent.get(key))):
            yield Finding(f"lot, {name}", "un OID", shown(sent.get(key)))
    if cx(sent.get("patient_id")) is None:
        yield Finding("lot, patientId", "l'INS du patient, en CX", shown(sent.get("patient_id")))
    if not all(code(sent.get("content_type"))):
        yield Finding("lot, contentTypeCode", "un code et son système", shown(sent.get("content_type")))
    authors = map(mapping, listed(sent.get("authors")))
    if not any(text(one.get("person")) or texts(one.get("institutions")) for one in authors):
        yield Finding("lot, author", "un auteur", "aucun")
    yield from _submission_time(exchange)


def _submission_time(exchange: Exchange) -> Iterator[Finding]:
    """The clock of the product is read on its own assertion; a lot that waited in a queue has an older time."""
    written = lot(exchange).get("submission_time")
    at, expected = "lot, submissionTime", "une date en temps universel, sans décalage (AAAAMMJJhhmmss)"
    if not _TIME.fullmatch(text(written)):
        yield Finding(at, expected, shown(written))
        return
    sent, now = utc_time(written), parse_instant(vihf(exchange).get("issue_instant"))
    if sent is not None and now is not None and sent > now + _SLACK:
        yield Finding(at, f"au plus {now:{_SECONDS}} : le temps universel, non l'heure locale", shown(written))


@rule(
    "DMP-032",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, TD2.1",
    title="Le lot déposé est signé (XAdES).",
    on=DEPOSITS & On(lambda e: bool(dig(e.context, "signature_lot", "state"))),
)
def lot_is_signed(exchange: Exchange) -> Iterator[Finding]:
    """The metadata of the entry of the signature are not published: an entry of type E1762 is looked for."""
    state = text(dig(exchange.context, "signature_lot", "state"))
    if state == "absente":
        yield Finding("lot, signature", "une entrée de type E1762 avec la signature XAdES du lot", "aucune")
    elif state == "invalide":
        reason = text(dig(exchange.context, "signature_lot", "reason"))
        yield Finding("lot, signature", "une signature XAdES valide", shown(reason or "une signature invalide"))
