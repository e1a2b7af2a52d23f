#!/bin/bash
# Lines of the rooms that read strangers' octets, as far as the fuzzers' seeds and corpora reach them.
#   tests/fuzz/coverage.sh [CORPUS]      build/fuzz/corpus if not said; the seeds alone where there is no such folder
# Builds the preset `fuzz-coverage`, replays every input once, prints the lines of each file and room; ends with 1 when
# less than 90 of 100 lines of a room are reached. The whole report is in build/fuzz-coverage/report.txt.
set -eu
cd "$(dirname "$0")/../.."
corpus=${1:-build/fuzz/corpus}
build=build/fuzz-coverage
least=90
cmake --preset fuzz-coverage >/dev/null
cmake --build --preset fuzz-coverage >&2

# What the fuzzers do not run in these rooms is I/O of a process: sockets, seccomp, the parent's poll loop.
reading='^src/(mail|unpack|report|wire|text)/|^src/intake/(answer|stage|spool)[.]c|^src/config/tree[.]c|^src/token/answer[.]c'
reading+='|^src/worker/(reader|documents|delivery|guess|feedback|tls|tail|letters)[.]c|^src/model/(ip|domain|tlsrpt)[.]c'
reading+='|^src/base/(magic|utf8|utf16|base64|charset|num)[.]c|^src/fetch/(mbox|utf7)[.]c'
reading+='|^src/fetch/imap_(answer|date|list|proto|quota|reader|rounds|settle)[.]c'

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
llvm-cov report "${objects[@]:1}" -instr-profile="$build/all.profdata" >"$build/report.txt"
awk -v reading="$reading" -v least="$least" '
    function line(name, n, lost) { printf "%-32s %5d lines %7.2f%%\n", name, n, 100 * (n - lost) / n }
    $1 ~ reading && $8 > 0 {
        line($1, $8, $9)
        split($1, way, "/")
        lines[way[2]] += $8; missed[way[2]] += $9
        all += $8; lost += $9
    }
    END {
        for (room in lines) {
            line("room " room, lines[room], missed[room])
            low += 100 * missed[room] > (100 - least) * lines[room]
        }
        line("together", all, lost)
        exit low > 0
    }' "$build/report.txt"
