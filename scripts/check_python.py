"""Says in one line what is missing before anything is installed."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # that is what is asked
    sys.exit(
        f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}. "
        "Name another one: make PYTHON=/path/to/python3.11 …"
    )
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit("Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv")
