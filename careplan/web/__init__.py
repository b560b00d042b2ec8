"""HTTP: views, forms and what stands around them."""

from flask import Flask

from careplan.web import access, compression, errors, frame, kept_text, security, templating


def init_app(app: Flask) -> None:
    """Register all blueprints; every route is closed unless `access.PUBLIC` names it."""
    from careplan.web import kept_pages, letters  # noqa: F401  (the latter for its route)
    from careplan.web.account import bp as account
    from careplan.web.documents import bp as documents
    from careplan.web.edit import bp as edit
    from careplan.web.kiosk import bp as kiosk
    from careplan.web.manage import bp as manage
    from careplan.web.patient import bp as patient
    from careplan.web.staff import bp as staff

    compression.init_app(app)  # first, so that it has the answer last
    security.init_app(app)
    errors.init_app(app)
    templating.init_app(app)
    frame.init_app(app)  # before access, so that a refusal, too, has its frame
    kept_text.init_app(app)  # before access shuts the door
    kept_pages.init_app(app)
    access.init_app(app)
    for blueprint in (account, patient, staff, documents, manage, edit, kiosk):
        app.register_blueprint(blueprint)
