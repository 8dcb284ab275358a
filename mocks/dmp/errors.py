"""SOAP faults of the service: those of any message, and those of the VIHF (`data/vihf.json`)."""

from __future__ import annotations

from typing import Any

import orjson

from mocks.dmp.names import BANC
from mocks.dmp.settings import DATA
from mocks.soap import faults
from mocks.soap.faults import Faults, Kind
from mocks.soap.names import WSA, WSSE

PROBLEMS: dict[str, dict[str, Any]] = orjson.loads((DATA / "vihf.json").read_bytes())
KINDS = {
    **faults.KINDS,
    **{code: Kind("Sender", row["statut"], row["texte"], row["sous_code"]) for code, row in PROBLEMS.items()},
    "banc_action": Kind(
        "Sender", 400, "Cette action n'est pas une opération de cette adresse.", "wsa:ActionNotSupported"
    ),
    "banc_entete_absent": Kind("Sender", 400, "Un bloc d'en-tête manque.", "wsa:MessageAddressingHeaderRequired"),
}
FAULTS = Faults(KINDS, detail=f"{{{BANC}}}Erreur", prefix="banc", names={"banc": BANC, "wsa": WSA, "wsse": WSSE})
