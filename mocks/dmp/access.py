"""Who may do what on a DMP (sheet DMP §2). Pure: a refusal is a key of `data/refus.json`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mocks.dmp import hl7, model_records
from mocks.dmp.model_records import Record
from mocks.dmp.names import MASKED
from mocks.dmp.vihf import Claims

Kind = Literal["existence", "autorisation", "alimentation", "consultation", "recherche_locale", "modification"]
Mode = Literal["indirect", "direct", "air"]
Setting = Callable[[str], Any]
_BY_AUTHORISATION = {
    model_records.NONE: "autorisation-absente",
    model_records.EXPIRED: "autorisation-expiree",
    model_records.BLOCKED: "professionnel-bloque",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as the VIHF says. exempt: its purpose opens the consultation without authorisation."""

    professional: str
    structure: str
    mode: Mode
    exempt: bool = False

    @property
    def holder(self) -> str:
        """Whose authorisation counts: the structure's in indirect mode, else the professional's (banc)."""
        return self.structure if self.mode == "indirect" else self.professional


def caller(said: Claims, setting: Setting) -> Caller:
    """Who calls."""
    modes: dict[str, Mode] = {setting("mode_direct"): "direct", setting("mode_air"): "air"}
    purpose = (said["purpose"] or {}).get("code")
    return Caller(
        professional=said["name_id"] or "",
        structure=said["structure"] or "",
        mode=modes.get(said["mode"] or "", "indirect"),
        exempt=purpose in (setting("finalite_urgence"), setting("finalite_regulation")),
    )


def refusal(kind: Kind, who: Caller, record: Record, authorisation: str, setting: Setting) -> str | None:
    """Why that caller may not do this, None when nothing forbids it. authorisation: what the caller's holder has."""
    if kind == "existence":
        return None
    if record.status != model_records.ACTIVE:
        return f"dmp-{record.status}"
    if authorisation == model_records.BLOCKED:
        return "professionnel-bloque"
    if not _mode_allows(kind, who.mode, setting):
        return "mode-interdit"
    if kind == "consultation" and not who.exempt:
        return _BY_AUTHORISATION.get(authorisation)
    return None


def _mode_allows(kind: Kind, mode: Mode, setting: Setting) -> bool:
    if mode == "air":
        return kind in ("consultation", "autorisation") or setting("alimentation_air") == "accepter"
    return not (kind == "consultation" and mode == "indirect" and setting("consultation_indirecte") == "refuser")


def is_author(facts: Mapping[str, Any], who: Caller, setting: Setting) -> bool:
    """Whether the caller is an author of an entry, or its structure is (setting `auteur`)."""
    authors = facts["authors"]
    if who.professional and any(hl7.person_id(one["person"] or "") == who.professional for one in authors):
        return True
    structures = [hl7.institution_id(xon) for one in authors for xon in one["institutions"]]
    return setting("auteur") == "professionnel_ou_structure" and bool(who.structure) and who.structure in structures


def sees(facts: Mapping[str, Any], who: Caller, record: Record, setting: Setting) -> bool:
    """Whether a search of that caller finds an entry (masking; sheet DMP §12)."""
    if MASKED not in visibilities(facts) or who.professional in record.treating:
        return True
    return bool(setting("masque_visible_auteur")) and is_author(facts, who, setting)


def visibilities(facts: Mapping[str, Any]) -> set[str]:
    """The confidentiality codes of an entry."""
    return {str(one["code"]) for one in facts["confidentiality"]}
