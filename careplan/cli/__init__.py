"""The command line. Bad input gets one clear line on standard error and an exit code that is not 0."""

import sys
from typing import Any

import click

from careplan.cli.lazy import LazyGroup
from careplan.domain.errors import CareplanError

# The module of each command, in the order of the help.
_MODULES = {
    "serve": "running",
    "worker": "running",
    "db": "database",
    "demo": "demo",
    "check": "content",
    "content": "content",
    "questionnaire": "questionnaires",
    "plan": "plans",
    "account": "accounts",
    "audit": "audit",
}


@click.group(cls=LazyGroup, modules=_MODULES, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Personal care plans, self-rating forms and rehabilitation plans."""


def main(arguments: list[str] | None = None) -> None:
    sys.exit(_run(arguments))


def _run(arguments: list[str] | None) -> int:
    try:
        result: Any = cli.main(args=arguments, prog_name="careplan", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return error.exit_code
    except click.ClickException as error:
        return _fail(" ".join(error.format_message().split()), error.exit_code)
    except click.Abort:
        return _fail("stopped", 130)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone; Python would complain at exit
        return 1
    except OSError as error:
        return _fail(f"{error.strerror or error}: {error.filename}" if error.filename else str(error), 1)
    except CareplanError as error:
        from careplan.cli.sentences import sentence_for

        return _fail(sentence_for(error), 1)
    except _wrong_settings() as error:
        from careplan.cli.sentences import settings_sentence

        return _fail(settings_sentence(error), 2)
    except _database_errors() as error:
        reason = str(error.orig).strip().splitlines()[0]
        return _fail(f"the database does not answer as it should: {reason} (is `careplan db upgrade` done?)", 1)


# An except clause looks at its class only when an error comes that far; so only then are these libraries imported.
def _wrong_settings() -> type[Any]:
    from pydantic import ValidationError

    return ValidationError


def _database_errors() -> type[Any]:
    from sqlalchemy.exc import DatabaseError

    return DatabaseError


def _fail(sentence: str, code: int) -> int:
    click.echo(f"careplan: {sentence}", err=True)
    return code
