#!/bin/sh
# shells.sh SHELLCHECK SOURCE-FOLDER: every shell script passes shellcheck.
set -eu
cd "$2"
find packaging tests docs .ci -type f \( -name '*.sh' -o -path .ci/run \) -print0 | sort -z | xargs -0 "$1"
