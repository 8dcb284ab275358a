"""What professionals are told of their meetings, as they wish."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from reference import clock
from reference.coordination import resources
from reference.coordination.records import Meeting, Notice, Wish
from reference.defects import Defects
from reference.store import Store

SAID = {"acceptee": "accepte", "refusee": "refuse", "autre_horaire": "propose un autre horaire"}


class Notices:
    """The notices of all professionals."""

    def __init__(self, store: Store, defects: Defects) -> None:
        self._store, self._defects = store, defects

    def wish(self, account: str, meetings: bool) -> None:
        """Whether a professional wants to be told of her meetings."""
        self._store.save(Wish(account, meetings))

    def take(self, account: str) -> list[dict[str, Any]]:
        """The notices of a professional; each is told once."""
        found = self._store.all(Notice, account)
        return [{"texte": one.text, "demande": one.meeting} for one in found if self._store.delete(one)]

    def compare(self, meeting: Meeting, old: dict[str, Any]) -> None:
        """Tell what has changed since."""
        new, title = meeting.resource, meeting.resource.get("description", "Rendez-vous")
        texts = []
        if new["start"] != old["start"]:
            when = clock.displayed(datetime.fromisoformat(new["start"]))
            texts.append(f"« {title} » : un autre horaire est proposé, le {when}.")
        if new["status"] != old["status"] and resources.STATUSES.get(new["status"]) == "annule":
            texts.append(f"« {title} » est annulé.")
        if new["status"] != old["status"] and new["status"] not in resources.STATUSES:
            texts.append(f"« {title} » est conclu : tous ont accepté.")
        before = resources.answers(old)
        for number, answer in resources.answers(new).items():
            said = SAID.get(resources.ANSWERS.get(answer, ""))
            if said and before.get(number) != answer:
                texts.append(f"« {title} » : {self._name(new, number)} {said}.")
        for account in meeting.accounts:
            self._tell(account, meeting.id, texts)

    def _tell(self, account: str, meeting: str, texts: list[str]) -> None:
        wish = self._store.get(Wish, account)
        if self._defects.has("rdv_sans_avis"):
            return
        if wish is not None and not wish.meetings and not self._defects.has("rdv_avis_malgre_tout"):
            return
        for text in texts:
            self._store.save(Notice(f"avis-{secrets.token_hex(6)}", account, text, meeting))

    def _name(self, resource: dict[str, Any], number: str) -> str:
        found = (p for known, p in resources.guests_of(resource) if known == number)
        return str(next(found, {}).get("actor", {}).get("display") or "un professionnel")
