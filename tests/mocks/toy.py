"""A toy service: just enough to see what the core does around a service."""

from flask import Flask, abort, request

from mocks.call import current_call
from mocks.service import Service


def _make_app() -> Flask:
    app = Flask("toy")

    def write() -> tuple[dict[str, object], int]:
        call = current_call()
        call.identify(request.headers.get("X-Person"))
        call.context["body"] = len(request.get_data())
        return {"seen": request.get_data(as_text=True)}, 201

    def locked() -> dict[str, object]:
        call = current_call()
        call.session.begin()
        call.identify(request.headers.get("X-Person"))
        return {}

    def crash() -> None:
        current_call().session.begin()
        raise RuntimeError("crash")

    app.add_url_rule("/notes", "toy.write", write, methods=["POST"])
    app.add_url_rule("/locked", "toy.locked", locked, methods=["POST"])
    app.add_url_rule("/crash", "toy.crash", crash)
    app.add_url_rule("/stop", "toy.stop", lambda: abort(418))
    return app


TOY = Service(
    name="toy",
    title="Service d'essai",
    specification="aucune",
    version="0",
    national_urls=("https://toy.banc.test",),
    make_app=_make_app,
    settings={"delai_s": 5, "mode": "strict"},
    choices={"mode": ["strict", "souple"]},
)
