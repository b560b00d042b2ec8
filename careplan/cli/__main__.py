"""`python -m careplan.cli`: the command line without the installed script."""

from careplan.cli import main

main()
