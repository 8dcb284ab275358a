"""`banc serve`: the sandbox on loopback until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from wsgiref.types import WSGIApplication

from harness.commands.pki import FOLDER, write
from harness.errors import SetUpError
from harness.verdict import ExitCode

if TYPE_CHECKING:
    from mocks.sandbox import Sandbox
    from mocks.servers.cheroot import RunningServer

STORE_VARIABLE, TOKEN_VARIABLE = "BANC_BASE", "BANC_JETON_ADMIN"
SUMMARY = "servir le bac à sable des services nationaux"
DESCRIPTION = """\
Sert le bac à sable jusqu'à SIGTERM ou Ctrl-C. La base de données est, par défaut, un fichier temporaire ;
--base donne une adresse SQLAlchemy (sqlite:///fichier.sqlite, postgresql+psycopg://...).
Hors de la machine locale, l'API du banc demande le jeton donné par la variable BANC_JETON_ADMIN.
Avec --port-tls, le même bac à sable est aussi servi en TLS, certificat du client exigé ; les certificats d'essai
sont fabriqués dans --dossier-pki (voir « banc pki »). Avec --messagerie, les ports de la messagerie sécurisée (SMTP,
IMAP) du locataire « defaut » sont ouverts aussi, sur des ports libres."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--hote", metavar="ADRESSE", default="127.0.0.1", help="adresse d'écoute (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8765, help="port d'écoute (8765 ; 0 : un port libre)")
    parser.add_argument("--base", metavar="URL", help="base de données du bac à sable")
    parser.add_argument("--processus", metavar="N", type=int, default=1, help="nombre de processus (1)")
    parser.add_argument("--port-tls", type=int, metavar="PORT", help="servir aussi en TLS mutuel (0 : un port libre)")
    parser.add_argument("--dossier-pki", type=Path, default=FOLDER, metavar="D", help=f"certificats ({FOLDER})")
    parser.add_argument("--messagerie", action="store_true", help="ouvrir aussi les ports de la messagerie sécurisée")
    parser.add_argument("--json", action="store_true", help="écrire les adresses en JSON, sur une ligne")


def run(arguments: argparse.Namespace) -> int:
    """Serve until told to stop. Raises SetUpError when the port is taken or the options contradict each other."""
    if arguments.processus > 1:
        return _serve_with_workers(arguments)
    from mocks.sandbox import Sandbox
    from mocks.servers.cheroot import PortInUseError

    sandbox = Sandbox(arguments.base, judge=judge_entries, admin_token=os.environ.get(TOKEN_VARIABLE))
    services = [service.name for service in sandbox.services]
    with ExitStack() as stack:
        stack.callback(sandbox.close)
        port = arguments.port
        try:
            plain = stack.enter_context(sandbox.serve(arguments.hote, port))
            port = arguments.port_tls
            secure = None if port is None else stack.enter_context(_secure(sandbox, arguments))
        except PortInUseError:
            raise SetUpError(port_in_use(arguments.hote, port)) from None
        except OSError as error:
            raise SetUpError(f"impossible d'écouter sur {arguments.hote}:{port} : {error}.") from error
        mail = _mail_ports(sandbox) if arguments.messagerie else {}
        _wait_for_signal(plain.url, services, secure.url if secure else "", mail, as_json=arguments.json)
    return ExitCode.CONFORME


def _secure(sandbox: Sandbox, arguments: argparse.Namespace) -> RunningServer:
    from mocks.pki import Pki
    from mocks.servers.tls import Tls

    pki = Pki()
    write(pki, arguments.dossier_pki)
    return sandbox.serve(arguments.hote, arguments.port_tls, tls=Tls(pki))


def _mail_ports(sandbox: Sandbox) -> dict[str, Any]:
    from mocks.mssante import ports
    from mocks.tenants import DEFAULT

    return ports.opened(sandbox, DEFAULT)


def judge_entries(entries: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings of all rules over these journal entries, as the admin API shows them."""
    import rules
    from rules.core import judge
    from rules.exchange import Exchange

    rules.load_all()
    return [asdict(finding) for finding in judge(map(Exchange, entries)).findings]


def port_in_use(host: str, port: int) -> str:
    """What to say, and to do, when the port is taken."""
    return (
        f"le port {port} de {host} est déjà pris, peut-être par un autre « banc serve » ; "
        "l'arrêter, ou donner un autre port avec --port (0 : un port libre)."
    )


def _wait_for_signal(
    url: str, services: Sequence[str], secure_url: str, mail: Mapping[str, Any], *, as_json: bool
) -> None:
    # cheroot must not be stopped from a signal handler: the handler only wakes this thread.
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    announce(url, services, secure_url, mail, as_json=as_json)
    stop.wait()
    print("Arrêt du bac à sable.", file=sys.stderr)


def announce(
    url: str,
    services: Sequence[str],
    secure_url: str = "",
    mail: Mapping[str, Any] = MappingProxyType({}),
    *,
    as_json: bool,
) -> None:
    """Print the base addresses.

    url: root of the sandbox; services: their names; secure_url: with mutual TLS; mail: ports of the secure mail.
    """
    bases = {name: f"{url}/{name}" for name in services}
    if as_json:
        secure: dict[str, Any] = {"url_tls": secure_url} if secure_url else {}
        if mail:
            secure["messagerie"] = dict(mail)
        print(json.dumps({"url": url, **secure, "admin": f"{url}/_banc", "bases": bases}), flush=True)
        return
    print(f"Bac à sable prêt : {url}/")
    for name, base in bases.items():
        print(f"  {name:<12} {base}")
    print(f"  {'admin':<12} {url}/_banc")
    if secure_url:
        print(f"Les mêmes services en TLS, certificat du client exigé : {secure_url}/")
    if mail:
        print("Messagerie sécurisée (locataire « defaut ») :")
        for name in [name for name in mail if name != "dossier"]:
            print(f"  {name:<16} {mail[name]['hote']}:{mail[name]['port']}")
        print(f"  {'certificats':<16} {mail['dossier']}")
    print("Ctrl-C pour arrêter.", flush=True)


def make_worker() -> WSGIApplication:
    """What each process of a sandbox of several processes serves; BANC_BASE names the store they share."""
    from mocks.sandbox import Sandbox

    token = os.environ.get(TOKEN_VARIABLE)
    return Sandbox(os.environ[STORE_VARIABLE], judge=judge_entries, admin_token=token, listens=False).wsgi


def _serve_with_workers(arguments: argparse.Namespace) -> int:
    if not arguments.base:
        raise SetUpError("--processus demande une base partagée : la donner avec --base.")
    from mocks.servers import granian
    from mocks.servers.cheroot import PortInUseError, refuse_taken

    try:
        refuse_taken(arguments.hote, arguments.port)
    except PortInUseError:
        raise SetUpError(port_in_use(arguments.hote, arguments.port)) from None
    os.environ[STORE_VARIABLE] = arguments.base
    granian.serve(f"{__name__}:make_worker", arguments.hote, arguments.port, arguments.processus)
    return ExitCode.CONFORME
