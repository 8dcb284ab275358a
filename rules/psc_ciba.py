"""PSC-18, PSC-19: connection without a browser (CIBA, poll mode)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.core import Authority, Examined, Finding, Level, rule
from rules.exchange import Exchange
from rules.oidc import CIBA, PSC, mark_of, of_grant
from rules.psc_login import CIBA_REQUESTS
from rules.reading import dig, shown, text
from rules.selectors import DONE, UNCERTAIN, action
from rules.windows import during

EDC = "ANS, Proxy e-Santé 0.0.2 (espace de confiance PSC)"
_TWO_DIGITS = re.compile(r"[0-9]{2}")
_POLLS = PSC & of_grant(CIBA)
_ASKS = action("connecter_professionnel")
_TOLERANCE_S = 0.5
_ENDS = {"denied": "le refus", "expired": "l'échéance", "done": "la connexion"}


@rule(
    "PSC-18",
    Level.SHALL,
    Authority.DEDUITE,
    EDC,
    title="La demande CIBA porte deux chiffres tirés au sort et affichés, l'identifiant national et le canal.",
    over="scenario",
)
def ciba_request(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """Two equal draws may be chance; from the fourth request on, always the same number is not."""
    said: list[str] = []
    for request in filter(CIBA_REQUESTS, exchanges):
        wrong: list[Finding | Examined] = list(_wrong_request(request))
        message = request.form.get("binding_message", "")
        said.append(message)
        if len(said) >= 4 and set(said) == {message}:
            seen = f"{message} à chaque demande"
            wrong.append(Finding("binding_message", "deux chiffres tirés au sort", seen, exchange=request.id))
        yield from wrong or [Examined(request.id)]
    for asked in filter(_ASKS, exchanges):
        sent = [e for e in during(asked, exchanges) if CIBA_REQUESTS(e) and DONE(e)]
        if sent and asked.status == 200:
            yield from _judged_display(asked, sent[-1])


def _wrong_request(request: Exchange) -> Iterator[Finding]:
    message, channel = request.form.get("binding_message", ""), request.form.get("channel", "")
    if not _TWO_DIGITS.fullmatch(message):
        yield Finding("binding_message", "deux chiffres, de 00 à 99", shown(message), exchange=request.id)
    if not request.form.get("login_hint"):
        yield Finding("login_hint", "l'identifiant national du professionnel", "rien", exchange=request.id)
    if channel not in ("CARD", "MOBILE"):
        yield Finding("channel", "CARD ou MOBILE", shown(channel), exchange=request.id)


def _judged_display(asked: Exchange, sent: Exchange) -> Iterator[Finding | Examined]:
    displayed, message = text(dig(asked.answer_json, "code_affiche")), sent.form.get("binding_message", "")
    wanted, hint = text(asked.resource.get("identifiant_national")), sent.form.get("login_hint", "")
    if displayed != message:
        expected = f"le binding_message envoyé ({message})"
        yield Finding("connecter_professionnel.code_affiche", expected, shown(displayed), exchange=asked.id)
    elif wanted and hint and hint != wanted:
        yield Finding("login_hint", wanted, shown(hint), exchange=sent.id)
    else:
        yield Examined(asked.id)


@rule(
    "PSC-19",
    Level.SHALL,
    Authority.DEDUITE,
    "OpenID CIBA Core 1.0 §7.3, §11",
    title="L'attente CIBA respecte l'intervalle, ralentit sur slow_down et s'arrête à l'échéance ou au refus.",
    on=_POLLS,
    over="scenario",
)
def polling(exchanges: Sequence[Exchange]) -> Iterator[Finding | Examined]:
    """The interval is counted between two polls: the first one may come at once.

    No time at all between two polls means that the bench had stopped its clock: nothing is said of the interval.
    """
    ended: dict[str, str] = {}
    least: dict[str, float] = {}
    last: dict[str, Exchange] = {}
    for poll in exchanges:
        request = text(dig(poll.context, "grant", "request")) or mark_of(poll.form.get("auth_req_id"))
        outcome, interval = text(dig(poll.context, "grant", "outcome")), _number(poll, "interval_s")
        if request in ended:
            seen = f"un appel après {ended[request]}"
            yield Finding("auth_req_id", "plus aucun appel pour cette demande", seen, exchange=poll.id)
        elif request in least:
            yield from _judged_interval(poll, last[request], max(least[request], interval))
        last[request] = poll
        least[request] = max(least.get(request, 0), interval) + (5 if outcome == "slow_down" else 0)
        if outcome in _ENDS and not UNCERTAIN(poll):
            ended[request] = _ENDS[outcome]


def _judged_interval(poll: Exchange, before: Exchange, least: float) -> Iterator[Finding | Examined]:
    elapsed = (poll.instant - before.instant).total_seconds()
    if elapsed and elapsed < least - _TOLERANCE_S:
        yield Finding("intervalle", f"au moins {least:g} s entre deux appels", f"{elapsed:g} s", exchange=poll.id)
    elif elapsed:
        yield Examined(poll.id)


def _number(poll: Exchange, name: str) -> float:
    value = dig(poll.context, "grant", name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0
