#!/bin/sh
# A circular dependency between rooms is an error of the configuration: base is made to need model here.
# circle.sh SOURCE-FOLDER
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 'cmake_language(DEFER CALL target_link_libraries dw_base PUBLIC dw_model)' > "$work/circle.cmake"
if cmake -S "$1" -B "$work/build" -G Ninja -DDW_TESTS=OFF -DCMAKE_PROJECT_INCLUDE="$work/circle.cmake" > "$work/log" 2>&1; then
    echo "a circle of dw_base and dw_model was accepted"
    exit 1
fi
if ! grep -q 'cyclic' "$work/log" && ! grep -q 'strongly connected component' "$work/log"; then
    echo "the configuration failed, but for another reason:"
    cat "$work/log"
    exit 1
fi
echo "a circle is refused:"
grep -A5 -i 'cmake error' "$work/log"
