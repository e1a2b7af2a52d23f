#!/bin/bash
# Lines of the rooms that read strangers' octets, as far as the fuzzers' seeds and corpora reach them.
#   tests/fuzz/coverage.sh [CORPUS]      build/fuzz/corpus if not said
# Builds the preset `fuzz-coverage`, replays every input once, prints llvm-cov's table; the whole report is in
# build/fuzz-coverage/report.txt.
set -eu
cd "$(dirname "$0")/../.."
corpus=${1:-build/fuzz/corpus}
build=build/fuzz-coverage
cmake --preset fuzz-coverage >/dev/null
cmake --build --preset fuzz-coverage >&2

# What the fuzzers do not run in these rooms is I/O of a process: sockets, seccomp, the parent's poll loop.
rooms="src/mail src/unpack src/report src/wire src/intake/answer.c src/intake/stage.c src/intake/spool.c
src/worker/reader.c src/worker/documents.c src/worker/feedback.c src/worker/tls.c
src/fetch/imap_answer.c src/fetch/imap_date.c src/fetch/imap_list.c src/fetch/imap_proto.c src/fetch/imap_quota.c
src/fetch/imap_reader.c src/fetch/imap_rounds.c src/fetch/imap_settle.c src/fetch/mbox.c src/fetch/utf7.c
src/config/tree.c src/text src/model/ip.c src/model/domain.c src/token/answer.c"

rm -f "$build"/*.profraw
ctest --test-dir "$build" -R '^fuzz/wire-seeds$' >/dev/null
objects=()
for seeds in "$build"/tests/fuzz/*.seeds; do
    name=${seeds##*/}
    name=${name%.seeds}
    mapfile -t inputs < <(grep . "$seeds")
    if [ -d "$corpus/$name" ]; then inputs+=("$corpus/$name"); fi
    objects+=(-object "$build/bin/fuzz-$name")
    LLVM_PROFILE_FILE=$build/$name.profraw "$build/bin/fuzz-$name" "${inputs[@]}" >"$build/$name.log" 2>&1 ||
        echo "coverage.sh: fuzz-$name: $(tail -n 1 "$build/$name.log")" >&2
done
llvm-profdata merge -o "$build/all.profdata" "$build"/*.profraw
# shellcheck disable=SC2086 # a list of paths without blanks
llvm-cov report "${objects[@]:1}" -instr-profile="$build/all.profdata" $rooms >"$build/report.txt"
awk '/\.[ch] / || /^TOTAL/ { printf "%-28s %5s lines %8s\n", $1, $8, $10 }' "$build/report.txt"
