"""The WSGI entry: `granian --interface wsgi wsgi:app`."""

from careplan import create_app
from careplan.web import shelf

app = create_app()
shelf.watch(app)
