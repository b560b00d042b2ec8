"""`careplan` without the log row, so that a run can say what the row costs. For the bench: no setting does this."""

from careplan.actions import audit
from careplan.cli import main

if __name__ == "__main__":
    # The server's processes are forks of this one.
    audit.record = lambda *_args, **_named: None
    main()
