"""DMP-025, DMP-028, DMP-054, DMP-057 to DMP-060, DMP-065, DMP-068: what the product shows of the DMP to its users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from rules.core import Authority, Examined, Finding, Level, rule
from rules.dmp import (
    APPROVED,
    CONSULTATIONS,
    DEPOSITS,
    DEPRECATED,
    HIDDEN_FROM_PATIENT,
    HIDDEN_FROM_REPRESENTATIVES,
    HOMO,
    IHE,
    MASKED,
    P4D,
    QUERIES,
    RETRIEVES,
    WITH_VIHF,
    mapping,
    texts,
    vihf,
)
from rules.dmp_answers import answered_entries
from rules.dmp_lot import utc_time
from rules.dmp_searches import parameters
from rules.exchange import Exchange
from rules.instants import parse_instant
from rules.reading import dig, objects, shown, text
from rules.selectors import DONE, UNCERTAIN, On, action
from rules.windows import during

_ABOUT = action("lire_a_propos") & DONE
_TRACES = action("lire_traces_dmp") & DONE
_SEARCHES = action("rechercher_documents")
_OPENS = action("ouvrir_document")
_SENDS = action("deposer_document", "remplacer_document") & DONE
_LISTS = action("lire_documents") & DONE
_EMERGENCIES = (_SEARCHES | _OPENS) & On(lambda e: e.resource.get("motif_acces") == "bris_de_glace")
_FIND = QUERIES & On(lambda e: dig(e.context, "query", "name") == "FindDocuments")
_TWO_YEARS = timedelta(days=2 * 366 + 1)
_ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
_STATES = {
    MASKED: "masque",
    HIDDEN_FROM_PATIENT: "invisible_patient",
    HIDDEN_FROM_REPRESENTATIVES: "invisible_representants",
    _ARCHIVED: "archive",
    DEPRECATED: "obsolete",
}
_WHOLE = ("Success", "AA", "")


@rule(
    "DMP-025",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_GEN-1180)",
    title="LPS_Nom et LPS_Version du VIHF sont le nom et la version que le produit affiche.",
    over="scenario",
)
def named_as_it_shows(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The homologation number is masked in the journal: whether the product shows it cannot be told from here."""
    about = next((mapping(e.answer_json) for e in exchanges if _ABOUT(e)), None)
    if about is None:
        return
    for e in filter(WITH_VIHF, exchanges):
        attributes = mapping(vihf(e).get("attributes"))
        wrong = [
            Finding(f"VIHF, attribut {name}", shown(about.get(key)), shown(texts(attributes.get(name))), exchange=e.id)
            for name, key in (("LPS_Nom", "nom"), ("LPS_Version", "version"))
            if texts(attributes.get(name)) != [about.get(key)]
        ]
        yield from wrong if wrong else (Examined(e.id),)


@rule(
    "DMP-028",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_AIR-070)",
    title="Chaque appel au DMP laisse une trace qui nomme l'utilisateur et la structure.",
    over="scenario",
)
def calls_are_traced(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Counted over the calls of the person concerned; a trace may tell more calls than the record holds."""
    for e in filter(_TRACES, exchanges):
        traces = [one for _, one in objects(dig(e.answer_json, "appels"))]
        calls = [one for one in exchanges if WITH_VIHF(one) and one.id < e.id and e.person in (None, one.person)]
        bare = [one for one in traces if not (text(one.get("auteur")).strip() and text(one.get("structure")).strip())]
        if len(traces) < len(calls):
            yield Finding("lire_traces_dmp.appels", f"{len(calls)} traces", str(len(traces)), exchange=e.id)
        elif bare:
            yield Finding("lire_traces_dmp.appels", "auteur et structure", "une trace sans l'un d'eux", exchange=e.id)
        elif calls:
            yield Examined(e.id)


@rule(
    "DMP-054",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, cinématique de consultation",
    title="La première recherche automatique porte sur deux ans au plus, et sur les documents en vigueur (Approved).",
    over="scenario",
)
def first_search_is_bounded(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Every FindDocuments of an automatic search; the clock of the product is read on its assertion."""
    automatic = _SEARCHES & On(lambda e: e.resource.get("mode", "automatique") == "automatique")
    for e in filter(automatic, exchanges):
        for call in filter(_FIND, during(e, exchanges)):
            since = parameters(call, "XDSDocumentEntryServiceStartTimeFrom")
            start = utc_time(since[0].ljust(14, "0")) if since else None
            statuses = parameters(call, "XDSDocumentEntryStatus")
            now = parse_instant(vihf(call).get("issue_instant")) or call.instant
            if start is None or now - start > _TWO_YEARS:
                at = "$XDSDocumentEntryServiceStartTimeFrom"
                yield Finding(at, "une date d'il y a deux ans au plus", shown(since), exchange=call.id)
            elif statuses != [APPROVED]:
                yield Finding("$XDSDocumentEntryStatus", APPROVED, shown(statuses), exchange=call.id)
            else:
                yield Examined(call.id)


@rule(
    "DMP-057",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, cinématique de consultation",
    title="Le filtre de types en vigueur est montré à l'utilisateur, et s'enlève.",
    over="scenario",
)
def filter_is_shown(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in filter(_SEARCHES & DONE, exchanges):
        said = set(texts(dig(e.answer_json, "filtre", "types")))
        for call in filter(_FIND, during(e, exchanges)):
            asked = {one.partition("^")[0] for one in parameters(call, "XDSDocumentEntryTypeCode")}
            if asked - said:
                seen = shown(sorted(said))
                yield Finding("rechercher_documents.filtre", f"types {sorted(asked)}", seen, exchange=e.id)
            elif asked or e.resource.get("types"):
                yield Examined(e.id)


@rule(
    "DMP-058",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (états d'un document trouvé)",
    title="La liste montre qu'un document est masqué, invisible au patient ou aux représentants, archivé ou obsolète.",
    over="scenario",
)
def states_are_shown(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """States: those of the last answer that spoke of the document."""
    known: dict[str, set[str]] = {}
    for e in exchanges:
        if QUERIES(e) and not UNCERTAIN(e):
            # A metadata update leaves an old entry of the same uniqueId behind: the one in force tells the states.
            for one in sorted(answered_entries(e), key=lambda one: one.status != DEPRECATED):
                known[one.unique_id] = {_STATES[name] for name in (*one.visibility, one.status) if name in _STATES}
        if not (_SEARCHES & DONE)(e):
            continue
        for place, told in objects(dig(e.answer_json, "documents")):
            states = known.get(text(told.get("unique_id")), set())
            missing = states - set(texts(told.get("etats")))
            if missing:
                at = f"rechercher_documents.documents[{place}].etats"
                yield Finding(at, ", ".join(sorted(missing)), shown(told.get("etats")), exchange=e.id)
            elif states:
                yield Examined(e.id)


@rule(
    "DMP-059",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_3.2-1025)",
    title="L'ouverture d'un document invisible au patient ou à ses représentants avertit l'utilisateur.",
    over="scenario",
)
def hidden_documents_raise_an_alert(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in filter(_OPENS & DONE, exchanges):
        returned = [
            one
            for call in filter(RETRIEVES, during(e, exchanges))
            for _, one in objects(dig(call.context, "retrieve", "returned"))
        ]
        hidden = {HIDDEN_FROM_PATIENT, HIDDEN_FROM_REPRESENTATIVES}
        if not any(hidden & set(texts(one.get("confidentiality"))) for one in returned):
            continue
        if text(dig(e.answer_json, "alerte")).strip():
            yield Examined(e.id)
        else:
            yield Finding("ouvrir_document.alerte", "un avertissement", "rien", exchange=e.id)


@rule(
    "DMP-060",
    Level.SHALL,
    Authority.DEDUITE,
    f"{P4D}, cinématique de consultation",
    title="Un document déjà dans le dossier (même uniqueId) n'y entre pas une seconde fois.",
    over="scenario",
)
def nothing_is_imported_twice(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    for e in filter(_LISTS, exchanges):
        names = [text(one.get("unique_id")) for _, one in objects(dig(e.answer_json, "documents"))]
        doubled = sorted({name for name in names if name and names.count(name) > 1})
        if doubled:
            yield Finding("lire_documents.documents", "un document par uniqueId", shown(doubled[0]), exchange=e.id)
        elif any(one.get("origine") == "dmp" for _, one in objects(dig(e.answer_json, "documents"))):
            yield Examined(e.id)


@rule(
    "DMP-065",
    Level.SHALL,
    Authority.DEDUITE,
    f"{HOMO} (EX_0.3-1050)",
    title="En bris de glace, le VIHF dit la finalité d'urgence, et un bandeau reste affiché.",
    over="scenario",
)
def emergency_is_said(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The code of this purpose is not published: it has to be another than `normal`."""
    for e in filter(_EMERGENCIES, exchanges):
        calls = [one for one in during(e, exchanges) if CONSULTATIONS(one)]
        plain = next((one for one in calls if dig(vihf(one), "purpose", "code") == "normal"), None)
        if plain is not None:
            yield Finding("VIHF, attribut purposeofuse", "la finalité d'urgence", "normal", exchange=plain.id)
        elif DONE(e) and not text(dig(e.answer_json, "bandeau")).strip():
            yield Finding(f"{_name(e)}.bandeau", "un bandeau pendant l'accès", "rien", exchange=e.id)
        elif DONE(e):
            yield Examined(e.id)


def _name(e: Exchange) -> str:
    return e.operation.removeprefix("produit.")


@rule(
    "DMP-068",
    Level.SHALL,
    Authority.DEDUITE,
    f"{IHE}, RegistryResponse",
    title="Un échec ou un succès partiel, répondu en HTTP 200, est reconnu et montré.",
    over="scenario",
)
def failures_are_told(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """A document refused as a duplicate and found again is deposited: see DMP-051."""
    for e in filter(_SENDS | (_SEARCHES & DONE) | (_OPENS & DONE), exchanges):
        last = next((one for one in reversed(during(e, exchanges)) if _transaction_of(e)(one)), None)
        if last is None or UNCERTAIN(last) or text(last.context.get("response_status")) in _WHOLE:
            continue
        told = mapping(e.answer_json)
        if _is_told(e, told, text(last.context.get("refusal"))):
            yield Examined(e.id)
        else:
            at = f"{_name(e)}.{'envoi' if _SENDS(e) else 'message'}"
            seen = shown(told.get("envoi")) if _SENDS(e) else shown(told.get("message"))
            yield Finding(at, f"l'échec ({last.context['response_status']})", seen, exchange=e.id)


def _transaction_of(e: Exchange) -> On:
    if _SENDS(e):
        return DEPOSITS
    return RETRIEVES if _OPENS(e) else QUERIES & On(lambda one: one.context.get("transaction") == "TD3.1a")


def _is_told(e: Exchange, told: Mapping[str, object], refusal: str) -> bool:
    if _SENDS(e):
        again = refusal == "XDSDuplicateUniqueIdInRegistry"
        return again or (told.get("envoi") != "depose" and bool(text(told.get("message")).strip()))
    return bool(text(told.get("message")).strip())
