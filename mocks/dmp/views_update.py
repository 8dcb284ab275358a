"""TD3.3: a document masked, hidden, deleted, archived (ITI-57)."""

from __future__ import annotations

from typing import Any

from mocks.dmp import access, answers, update
from mocks.dmp.model_documents import Entry
from mocks.dmp.model_update import Correction
from mocks.dmp.transaction import Answer, Handler, Transaction
from mocks.dmp.update import Update


def change(tx: Transaction, asked: Update) -> Answer:
    """Change the status or the metadata of a document."""
    person_id = "" if tx.person is None else tx.person.id
    correction = Correction(tx.registry, asked, person_id, tx.is_author, tx.setting)
    _tell(tx, asked, correction.targets())
    tx.require("modification")
    tx.same_patient([*(lot["patient_id"] for lot in asked.lots), *(one.entry["patient_id"] for one in asked.versions)])
    tx.call.context["stored"] = correction.make()
    return Answer(answers.registry_response(), "Success")


def _tell(tx: Transaction, asked: Update, targets: list[Entry | None]) -> None:
    """What the journal is told of an update."""
    target = next(iter(targets), None)
    before = set() if target is None else access.visibilities(target.facts)
    after = access.visibilities(asked.versions[0].entry) if asked.versions else before
    tx.call.context |= {
        "transaction": update.transaction(asked, before, after),
        "associations": asked.associations,
    }
    if asked.lots:
        tx.call.context["lot"] = {**asked.lots[0], "count": len(asked.lots)}
    seen: dict[str, Any] = {"target": None, "lid": None}
    if target is not None:
        seen = {"target": target.uuid, "lid": target.lid}
    if asked.statuses:
        one = asked.statuses[0]
        seen |= {"kind": "status", "target": one.target, "from": one.original, "to": one.new}
    elif asked.versions:
        seen |= {"kind": "metadata", "lid": asked.versions[0].entry["lid"]}
        seen |= {"previous": asked.versions[0].previous, "from": sorted(before), "to": sorted(after)}
        tx.call.context["documents"] = [{"id": one.entry["entry_uuid"], "entry": one.entry} for one in asked.versions]
    tx.call.context["update"] = seen


UPDATE = Handler(
    lambda request, _message: update.read(request),
    change,
    lambda errors, partial: answers.registry_response(errors, partial=partial),
)
