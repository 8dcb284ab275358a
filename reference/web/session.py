"""Who is in front of the page: cookie of the portal, forms protected against foreign sites."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from flask import abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from reference.login.records import ProSession
from reference.login.sessions import COOKIE as PRO_COOKIE
from reference.people import COOKIE
from reference.records import Session

if TYPE_CHECKING:
    from reference.product import Product

View = Callable[..., Any]


def product() -> Product:
    """The product that this application serves."""
    return cast("Product", current_app.config["PRODUCT"])


def current() -> Session | None:
    """Session of the browser, when its cookie is one of ours."""
    return product().people.session(request.cookies.get(COOKIE))


def logged(view: View) -> View:
    """Only with a session: the view receives the person; others go to the login page and come back after it."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        session = current()
        if session is None:
            return redirect(url_for("portal.login", suite=_here()))
        if request.method == "POST" and not hmac.compare_digest(request.form.get("anti_csrf", ""), session.csrf):
            abort(403, "Le formulaire n'est plus valable : rechargez la page.")
        return view(product().people.usager(session.usager), *args, **kwargs)

    return guarded


def professional() -> ProSession | None:
    """Session of the professional in front of the page, when her cookie is one of ours and still good."""
    return product().desk.sessions.alive(request.cookies.get(PRO_COOKIE))


def professional_only() -> Response | None:
    """Before a page of the DUI: send to the login page who has no session, refuse a form of a foreign site."""
    session = professional()
    if session is None:
        return redirect(url_for("pro.login", suite=_here()))
    if request.method == "POST" and not hmac.compare_digest(request.form.get("anti_csrf", ""), session.csrf):
        abort(403, "Le formulaire n'est plus valable : rechargez la page.")
    return None


def open_when(switch: str, view: View) -> View:
    """The view behind a session, unless a defect leaves it open (it then shows who opened the last session)."""
    guarded = logged(view)

    @wraps(view)
    def maybe(*args: Any, **kwargs: Any) -> Any:
        if current() is None and product().defects.has(switch):
            last = product().store.all(Session)[-1]
            return view(product().people.usager(last.usager), *args, **kwargs)
        return guarded(*args, **kwargs)

    return maybe


def local(target: str, otherwise: str = "/") -> str:
    """A page of ours to go on with; never an address of another site. otherwise: page for all others."""
    split = urlsplit(target)
    inside = not split.scheme and not split.netloc and target.startswith("/") and "\\" not in target
    return target if inside else otherwise


def with_cookie(response: Response, cookie: str, name: str = COOKIE) -> Response:
    """Put a session cookie: not readable by scripts, sent back when somebody returns from another site (Lax)."""
    response.set_cookie(name, cookie, httponly=True, samesite="Lax", secure=request.is_secure)
    return response


def _here() -> str:
    query = request.query_string.decode()
    return request.path + (f"?{query}" if query else "")
