"""The admin API under `/_banc` and the index page at `/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from wsgiref.types import WSGIApplication

from flask import Flask, Response, g, jsonify, render_template, request

from mocks import real_people, tenants
from mocks.admin import access, bodies, errors, views
from mocks.admin.errors import AdminError
from mocks.admin.openapi import document
from mocks.admin.operations import OPERATIONS, TENANT, Operation
from mocks.service import MAX_BODY

if TYPE_CHECKING:
    from mocks.sandbox import Sandbox

View = Callable[..., Any]


def make_app(sandbox: Sandbox) -> WSGIApplication:
    """The admin application of a sandbox, with the parts that its services add."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    errors.register(app)
    app.add_url_rule("/", "accueil", lambda: _index(sandbox))
    app.add_url_rule("/_banc/openapi.json", "openapi", lambda: jsonify(_document(sandbox)))
    for operation, view in _offered(sandbox):
        rule = "/_banc" + re.sub(r"{(\w+)}", r"<\1>", operation.path)
        app.add_url_rule(rule, operation.name, _view(operation, view), methods=[operation.method])
    _frame(app, sandbox)
    wsgi: WSGIApplication = app.wsgi_app
    return wsgi


def _frame(app: Flask, sandbox: Sandbox) -> None:
    """Around each call: who may, which tenant, one transaction."""

    @app.before_request
    def _open() -> None:
        if not request.path.startswith("/_banc"):
            return
        access.check(request, sandbox.admin_token)
        if real_people.seen_in(request.get_data(), [request.full_path.encode()]):
            raise AdminError(real_people.STATUS, real_people.CODE, real_people.MESSAGE)
        arguments: dict[str, Any] = request.view_args or {}
        name = arguments.pop("tenant", None)
        g.sandbox = sandbox
        g.opened = sandbox.store.session(name or "")
        g.session = g.opened.__enter__()
        if name is not None:
            try:
                g.tenant = tenants.load(g.session, name)
            except tenants.UnknownTenantError:
                raise AdminError(404, "locataire-inconnu", f"Aucun locataire « {name} » dans ce bac à sable.") from None

    @app.after_request
    def _commit(response: Response) -> Response:
        if "session" in g and response.status_code < 400:
            wrote = g.session.writing
            g.session.commit()
            if wrote:
                sandbox.store.notify()
        return response

    @app.teardown_request
    def _close(_error: BaseException | None) -> None:
        if "opened" in g:
            g.opened.__exit__(None, None, None)


def _offered(sandbox: Sandbox) -> Iterator[tuple[Operation, View]]:
    """Every operation with its view: those of the sandbox, then those that each service adds."""
    for operation in OPERATIONS:
        yield operation, getattr(views, operation.name)
    for service in sandbox.services:
        if service.admin is None:
            continue
        part = service.admin()
        for operation in part.operations:
            mounted = f"{TENANT}/{service.name}{operation.path}"
            yield replace(operation, path=mounted, name=f"{service.name}.{operation.name}"), part.views[operation.name]


def _view(operation: Operation, view: View) -> View:
    def run(**arguments: Any) -> Response:
        body = bodies.json_body(operation) if operation.body is not None else {}
        result = view(body, bodies.query_values(operation), **arguments)
        response = Response(status=204) if operation.success == 204 else jsonify(result)
        response.status_code = operation.success
        return response

    return run


def _document(sandbox: Sandbox) -> dict[str, Any]:
    return document((operation for operation, _ in _offered(sandbox)), version("banc"))


def _index(sandbox: Sandbox) -> str:
    return render_template("accueil.html", services=sandbox.services, root=request.host_url.rstrip("/"))
