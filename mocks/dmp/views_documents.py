"""TD2.1, TD3.1, TD3.2: documents deposited, searched, retrieved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mocks.dmp import answers, deposit, deposit_rules, query
from mocks.dmp.deposit import Deposit
from mocks.dmp.model_deposit import Deposition
from mocks.dmp.model_documents import Content, Entry
from mocks.dmp.model_query import Found, Search
from mocks.dmp.names import DELETED, RPLC, XDS_B
from mocks.dmp.query import LEAF, QUERIES, StoredQuery
from mocks.dmp.refusals import RefusedError, XdsError
from mocks.dmp.transaction import Answer, Handler, Transaction
from mocks.soap.attachments import Message

PARTIAL = "succes_partiel"
FROM_A_STRUCTURE = "structure"
_LEFT_OUT = "Une partie de la réponse manque (panne demandée au banc)."


def provide(tx: Transaction, asked: Deposit) -> Answer:
    """TD2.1: register a lot."""
    replaces = any(one["type"] == RPLC for one in asked.associations)
    tx.call.context |= {
        "transaction": "TD2.1b" if replaces else "TD2.1a",
        "documents": [document.as_json() for document in asked.documents],
        "associations": asked.associations,
        "signature_lot": asked.signature,
    }
    if asked.lots:
        tx.call.context["lot"] = {**asked.lots[0], "count": len(asked.lots)}
    for code, text in deposit_rules.notes(asked):
        tx.call.note(code, text)
    person = tx.require("alimentation")
    tx.same_patient([*(lot["patient_id"] for lot in asked.lots), *(one.entry["patient_id"] for one in asked.documents)])
    errors = list(deposit_rules.errors(asked, tx.setting))
    if errors:
        raise RefusedError(*errors)
    if tx.call.play((PARTIAL,)) is not None:
        return _partly(tx, answers.registry_response([_partial("XDSRepositoryError")], partial=True))
    deposition = Deposition(tx.registry, asked, person.id, FROM_A_STRUCTURE, tx.setting)
    tx.call.context["stored"] = deposition.register()
    return Answer(answers.registry_response(), "Success")


def search(tx: Transaction, asked: StoredQuery) -> Answer:
    """TD3.1: run a stored query."""
    seen = tx.call.context["query"] = asked.as_json()
    tx.call.context["transaction"] = "TD3.1b" if asked.is_local else "TD3.1a"
    person = tx.require("recherche_locale" if asked.is_local else "consultation")
    query.check(asked)
    tx.same_patient([asked.patient])
    _note_unknown(tx, asked)
    alone = asked.is_local and tx.authorisation != "valide" and not tx.who.exempt
    found = Search(tx.registry, person.id, tx.is_author if alone else tx.sees).answer(asked)
    seen["hidden"] = found.hidden
    _bound(tx, asked, found)
    errors: list[XdsError] = []
    if found.ids and tx.call.play((PARTIAL,)) is not None:
        _without_last(found)
        errors = [_partial("XDSRegistryError")]
        told_partial(tx, errors)
    seen |= {"returned": found.ids, "statuses": {one.uuid: one.status for one in found.entries}}
    objects = _leaves(found) if asked.returns == LEAF else [answers.reference(one) for one in found.ids]
    element = answers.query_response(objects, errors, partial=True)
    return Answer(element, "PartialSuccess" if errors else "Success")


def _note_unknown(tx: Transaction, asked: StoredQuery) -> None:
    known = {name for names in QUERIES[asked.id].get("cles", {}).values() for name in names}
    for name in asked.parameters:
        if name not in known and not name.startswith(("$XDS", "$patientId", "$MetadataLevel", "$AssociationTypes")):
            tx.call.note("parametre-inconnu", f"paramètre que la requête n'a pas : {name}")


def _bound(tx: Transaction, asked: StoredQuery, found: Found) -> None:
    if asked.returns != LEAF:
        return
    if found.others and found.entries:
        raise RefusedError(XdsError("XDSResultNotSinglePatient", "Les fiches demandées sont de plusieurs patients."))
    most = tx.setting("resultats_maximum")
    if len(found.entries) > most:
        raise RefusedError(XdsError("XDSTooManyResults", f"Plus de {most} fiches : demandez des ObjectRef."))


def _without_last(found: Found) -> None:
    for results in (found.associations, found.lots, found.entries):
        if results:
            results.pop()
            return


def _leaves(found: Found) -> list[Any]:
    lots = [answers.leaf(one.xml) for one in found.lots]
    return [*map(answers.entry_leaf, found.entries), *lots, *(answers.leaf(one.xml) for one in found.associations)]


@dataclass(frozen=True)
class Wanted:
    """One document that is asked for."""

    repository: str
    unique_id: str


def read_wanted(request: Any, _message: Message) -> list[Wanted]:
    """The documents that a RetrieveDocumentSetRequest asks for."""
    return [
        Wanted(
            (one.findtext(f"{{{XDS_B}}}RepositoryUniqueId") or "").strip(),
            (one.findtext(f"{{{XDS_B}}}DocumentUniqueId") or "").strip(),
        )
        for one in request.iterfind(f"{{{XDS_B}}}DocumentRequest")
    ]


def retrieve(tx: Transaction, asked: list[Wanted]) -> Answer:
    """TD3.2: give documents back."""
    seen = tx.call.context["retrieve"] = {
        "asked": [{"repository": one.repository, "unique_id": one.unique_id} for one in asked],
        "returned": [],
    }
    tx.call.context["transaction"] = "TD3.2"
    person = tx.require("consultation")
    if not asked:
        raise RefusedError(XdsError("XDSRepositoryError", "La demande ne nomme aucun document."))
    errors: list[XdsError] = []
    found: list[tuple[str, Content]] = []
    for one in asked:
        entry, error = _wanted_entry(tx, one, person.id)
        content = None if entry is None else tx.registry.content(entry.unique_id)
        if entry is None or content is None:
            errors.append(error)
            continue
        found.append((entry.unique_id, content))
        seen["returned"].append(told_content(entry, content))
    if found and tx.call.play((PARTIAL,)) is not None:
        found.pop()
        seen["returned"].pop()
        errors.append(_partial("XDSRepositoryError"))
    if errors and not found and tx.call.fault != PARTIAL:
        raise RefusedError(*errors)
    if errors:
        told_partial(tx, errors)
    repository = tx.setting("repository_unique_id")
    element, attachments = answers.retrieve_response(found, repository, errors, partial=True)
    return Answer(element, "PartialSuccess" if errors else "Success", attachments)


def told_content(entry: Entry, content: Content) -> dict[str, Any]:
    """A document given back, as the journal tells it."""
    codes = [code["code"] for code in entry.facts["confidentiality"]]
    return {"unique_id": entry.unique_id, "sha1": content.sha1, "size": content.size, "confidentiality": codes}


def _wanted_entry(tx: Transaction, wanted: Wanted, person: str) -> tuple[Entry | None, XdsError]:
    """The entry of a document that the caller may read, or why there is none."""
    if wanted.repository != tx.setting("repository_unique_id"):
        text = f"Entrepôt inconnu : {wanted.repository}."
        return None, XdsError("XDSUnknownRepositoryId", text, wanted.unique_id)
    error = XdsError("XDSDocumentUniqueIdError", f"Document inconnu : {wanted.unique_id}.", wanted.unique_id)
    entries = tx.registry.entries("unique_id", wanted.unique_id)
    last = next((one for one in entries if one.latest), None)
    if last is None or last.person != person or last.status == DELETED or not tx.sees(last):
        return None, error
    return last, error


def told_partial(tx: Transaction, errors: Sequence[XdsError]) -> None:
    """Tell the journal what an answer leaves out."""
    tx.call.context["errors"] = [error.as_json() for error in errors]


def _partly(tx: Transaction, element: Any) -> Answer:
    told_partial(tx, [_partial("XDSRepositoryError")])
    return Answer(element, "PartialSuccess")


def _partial(code: str) -> XdsError:
    return XdsError(code, _LEFT_OUT)


def _refuse_retrieve(errors: Sequence[XdsError], partial: bool) -> Any:
    return answers.retrieve_response([], "", errors, partial=partial)[0]


PROVIDE = Handler(deposit.read, provide, lambda errors, partial: answers.registry_response(errors, partial=partial))
QUERY = Handler(
    lambda request, _message: query.read(request),
    search,
    lambda errors, partial: answers.query_response([], errors, partial=partial),
)
RETRIEVE = Handler(read_wanted, retrieve, _refuse_retrieve)
