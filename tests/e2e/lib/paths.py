"""Where things lie in the checkout. Importing this module makes testdata/e2e and tests/peers importable."""
import os
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
SAMPLES = os.path.join(TOP, "testdata", "e2e")
PEERS = os.path.join(TOP, "tests", "peers")

for folder in (SAMPLES, PEERS):
    if folder not in sys.path:
        sys.path.insert(0, folder)


def cache():
    """Folder for what is fetched once and used by every later test run."""
    base = os.environ.get("DMARCWARN_TEST_CACHE") or os.path.join(TOP, "build", "test-cache")
    os.makedirs(base, exist_ok=True)
    return base
