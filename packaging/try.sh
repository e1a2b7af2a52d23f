#!/bin/sh
# Shows what dmarcwarn does, on this machine and nowhere else: installs what is missing, builds, starts a
# private Dovecot with sample reports and a webhook listener on loopback, and runs dmarcwarn on them twice.
# Everything it starts and writes, but the build, is gone afterwards.
set -eu
cd "$(dirname "$0")/.."
packaging/deps.sh build try
cmake --preset release >/dev/null
cmake --build --preset release
DMARCWARN_BIN=$PWD/build/release/bin/dmarcwarn
export DMARCWARN_BIN PYTHONDONTWRITEBYTECODE=1
exec python3 packaging/try.py
