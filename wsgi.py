"""The WSGI entry: `granian --interface wsgi wsgi:app`."""

from careplan import create_app

app = create_app()
