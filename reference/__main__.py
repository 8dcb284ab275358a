"""`python -m reference --port N [--defaut ID ...] [--config FILE]`: the product as a process of its own.

The file is TOML and holds the parameters of `configurer` (`[mes]`, `fuseau`, `avec_echange`).
"""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import tomllib
from pathlib import Path

from cheroot.wsgi import Server

from reference.product import Product, Refusal


def main(arguments: list[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Returns 0, or 2 when the options are wrong."""
    options = _parser().parse_args(arguments)
    try:
        product = Product(options.donnees, options.url or f"http://127.0.0.1:{options.port}", options.defaut)
        if options.config is not None:
            product.configurer(**tomllib.loads(options.config.read_text(encoding="utf-8")))
    except (ValueError, TypeError, OSError, Refusal) as error:
        print(error, file=sys.stderr)
        return 2
    serve(product, options.port)
    return 0


def serve(product: Product, port: int) -> None:
    """Serve on the loopback; a signal only sets an event, since stopping cheroot inside a handler would deadlock."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    server = Server(("127.0.0.1", port), product.application, numthreads=8, request_queue_size=128)
    server.prepare()
    serving = threading.Thread(target=server.serve, daemon=True)
    serving.start()
    print(f"portail prêt : http://127.0.0.1:{server.bind_addr[1]}", flush=True)
    stopped.wait()
    server.stop()
    serving.join()
    product.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reference", description="Un petit DUI et son portail usager.")
    parser.add_argument("--port", type=int, default=8766, help="port local (0 : libre)")
    parser.add_argument("--url", default="", help="adresse publique des pages")
    parser.add_argument("--defaut", action="append", default=[], help="défaut à activer (reference.defects)")
    parser.add_argument("--config", type=Path, help="fichier TOML des paramètres de « configurer »")
    parser.add_argument("--donnees", type=Path, help="dossier de la base de données (absent : en mémoire)")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
