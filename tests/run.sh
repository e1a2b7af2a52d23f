#!/bin/sh
# All that must be true before anything is called done: installs what is missing, builds with warnings as
# errors, runs every test. Ends with ctest's closing lines and its exit code.
#   tests/run.sh [--all | --sample] [--asan] [CTEST-OPTION…]
# --sample (the default) runs long suites on a sample, --all on everything they have: tests see it as
# DMARCWARN_SUITE. --asan builds with the sanitizers for addresses and undefined behaviour, without lint.
# Where clang has libFuzzer (packaging/deps.sh fuzz), each fuzzer gets two seconds first.
set -eu
cd "$(dirname "$0")/.."

preset=ci
export DMARCWARN_SUITE=sample
while [ $# -gt 0 ]; do
    case $1 in
    --all) DMARCWARN_SUITE=all ;;
    --sample) DMARCWARN_SUITE=sample ;;
    --asan) preset=asan ;;
    *) break ;;
    esac
    shift
done
if [ $preset = asan ]; then
    packaging/deps.sh build test
    set -- -LE lint "$@"
else
    packaging/deps.sh build test lint
fi
has_fuzzer() {
    echo 'int LLVMFuzzerTestOneInput(const char *p, unsigned long n) { return p && n == 0; }' |
        clang -x c -fsanitize=fuzzer,address -o /dev/null - 2>/dev/null
}
if [ $preset = ci ] && [ $# = 0 ] && has_fuzzer; then
    cmake --preset fuzz
    cmake --build --preset fuzz
    ctest --preset fuzz -j "$(nproc)"
fi
cmake --preset $preset
cmake --build --preset $preset
set -- ctest --preset $preset -j "$(nproc)" "$@"
# Some tests need a terminal; a chroot often has none to give.
if [ ! -e /dev/pts/ptmx ] && [ "$(id -u)" = 0 ]; then
    # shellcheck disable=SC2016
    set -- unshare --mount --propagation unchanged sh -c \
        'mount -t devpts -o newinstance,ptmxmode=0666 devpts /dev/pts && exec "$@"' sh "$@"
fi
exec "$@"
