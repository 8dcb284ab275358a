"""Queries of the registry for one search: what they give, and what they say went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from reference.defects import Defects
from reference.dmp import messages, registry
from reference.dmp.access import NO_ANSWER
from reference.dmp.client import Dmp, LostError, Order, RejectedError, Who
from reference.dmp.soap import Reply
from reference.refusal import Refusal

Parameters = Mapping[str, str | Sequence[str]]


class Asking:
    """The queries of one search. partial: what the registry could not give, "" when it gave all."""

    def __init__(self, dmp: Dmp, who: Who, defects: Defects) -> None:
        self._dmp, self._who, self._defects = dmp, who, defects
        self.partial = ""

    def query(self, name: str, asked: Parameters) -> Reply:
        """The answer of a stored query; Refusal when there is none, or when it is a refusal."""
        try:
            reply = self._dmp.call(self._who, Order("TD3.1a", messages.stored_query(name, asked)))
        except LostError:
            if self._defects.has("silence_pris_pour_vide"):
                return Reply(etree.Element("silence"))
            raise Refusal("dmp_sans_reponse", NO_ANSWER) from None
        except RejectedError as error:
            raise Refusal("dmp_refuse", f"Le DMP refuse la recherche : {error}") from error
        outcome = registry.verdict(reply)
        if outcome.status == "Failure" and not self._defects.has("echec_pris_pour_vide"):
            raise Refusal("recherche_refusee", f"La recherche n'a pas abouti. {outcome.said()}")
        if outcome.status == "PartialSuccess" and not self._defects.has("succes_partiel_muet"):
            self.partial = f"Le DMP n'a pas tout rendu. {outcome.said()}"
        return reply
