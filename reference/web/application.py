"""WSGI application of the product: pages, APIs, and the driver of the bench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask

from reference.server import agenda, regulators, sas
from reference.web import booking, driver, dui, fc_pages, mes_pages, portal, pro_pages, returns

if TYPE_CHECKING:
    from reference.product import Product


def build(product: Product) -> Flask:
    """The application of one product; each product has its own."""
    app = Flask(__name__)
    app.config.update(PRODUCT=product, MAX_CONTENT_LENGTH=1_000_000)
    blueprints = [module.routes for module in (portal, mes_pages, fc_pages, pro_pages, dui, driver, returns)]
    blueprints += [module.routes for module in (booking, sas, agenda, regulators)]
    for blueprint in (*blueprints, pro_pages.inside):
        app.register_blueprint(blueprint)
    app.after_request(portal.protect)
    return app
