#!/bin/sh
# aarch64.sh COMPILER SOURCE-FOLDER: the reader's own sources are compiled for aarch64 with warnings as errors. Headers of libraries are
# those of this machine: what is asked of them is the same on both.
set -eu
cd "$2"
includes=
for room in base model mail unpack report wire worker; do
    includes="$includes -Isrc/$room/include -Isrc/$room"
done
n=0
for file in src/worker/*.c src/wire/*.c src/intake/*.c; do
    # shellcheck disable=SC2086
    "$1" -std=gnu17 -O2 -Wall -Wextra -Wconversion -Werror -D_GNU_SOURCE '-DDW_BUILD_ID="cross"' $includes -Isrc/intake/include -Isrc/intake \
        -idirafter /usr/include/libxml2 -idirafter /usr/include -idirafter "/usr/include/$(uname -m)-linux-gnu" -c "$file" -o /dev/null
    n=$((n + 1))
done
echo "$n files compiled for aarch64"
