"""Real servers and small helpers for the end-to-end tests. Python standard library only, 3.9 and newer."""
from . import paths  # noqa: F401  makes testdata/e2e and tests/peers importable
