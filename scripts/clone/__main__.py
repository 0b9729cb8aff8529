"""Entry point of `python3 -m scripts.clone`; old Pythons can read it too, and are told what is needed."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - the Python on the PATH may well be older
    sys.exit(
        "The portal needs Python 3.11 or newer; this is {}.{}. Name another one: make demo PYTHON=python3.11".format(
            *sys.version_info
        )
    )

from scripts.clone.commands import main

sys.exit(main(sys.argv[1:]))
