#!/bin/sh
# tidy.sh RUN-CLANG-TIDY CLANG-TIDY BUILD-FOLDER: the checks of .clang-tidy over all of src/. The analyzer
# looks at each function by itself, and with DMARCWARN_SUITE=all follows calls as well, five times as long.
set -eu
if [ "${DMARCWARN_SUITE:-sample}" = sample ]; then
    set -- "$@" -extra-arg=-Xclang -extra-arg=-analyzer-config -extra-arg=-Xclang -extra-arg=mode=shallow
fi
run=$1 tidy=$2 build=$3
shift 3
exec "$run" -clang-tidy-binary "$tidy" -quiet -j "$(nproc)" -p "$build" "$@" '/src/[a-z]+/'
