"""Defects that show under load only: no scenario plays a thousand appointments. `banc load` catches them."""

from __future__ import annotations

from reference.defects.kind import Defect
from reference.spoil import switch

DEFECTS = (
    Defect(
        "un-sur-mille-perdu",
        (),
        "Un rendez-vous sur mille est dit envoyé et ne part jamais.",
        switch("un_sur_mille_perdu"),
        load=("L5",),
    ),
    Defect(
        "un-appel-sur-vingt-cinq-lent",
        (),
        "Un appel sur vingt-cinq du produit aux services part quatre secondes trop tard.",
        switch("un_appel_sur_vingt_cinq_lent"),
        load=("L3",),
    ),
    Defect(
        "agenda-sans-tour",
        (),
        "Deux agendas tiers qui réservent le même créneau au même instant l'obtiennent tous deux.",
        switch("agenda_sans_tour"),
        load=("L6",),
    ),
)
