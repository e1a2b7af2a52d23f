#!/bin/bash
# Fuzzes for SECONDS each target, one after the other: all of them, or those that are named.
#   tests/fuzz/run.sh [--build FOLDER] [--corpus FOLDER] [--seed N] SECONDS [TARGET…]
# Builds them first (the preset `fuzz`: clang and libFuzzer), unless --build names a folder that has them.
# --corpus: where what was learnt is kept, build/fuzz/corpus if not said. --seed: begins with the same random numbers
# each time. Prints a line for each target; what broke something lies in CORPUS/finds/TARGET, and the end says what to do
# with it. Ends with 1 when something was found. README.md beside this file tells what each target is given.
set -eu
cd "$(dirname "$0")/../.."

build='' corpus='' seed=0
while [ $# -gt 1 ]; do
    case $1 in
    --build) build=$2 ;;
    --corpus) corpus=$2 ;;
    --seed) seed=$2 ;;
    *) break ;;
    esac
    shift 2
done
case ${1:-} in
-h | --help)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0"
    exit 0
    ;;
'' | *[!0-9]*)
    echo "run.sh: how many seconds a target? tests/fuzz/run.sh SECONDS [TARGET…] (--help says more)" >&2
    exit 64
    ;;
esac
seconds=$1
shift
if [ -z "$build" ]; then
    build=build/fuzz
    cmake --preset fuzz >/dev/null
    cmake --build --preset fuzz >&2
    # Some seeds are made by the code itself.
    ctest --test-dir "$build" -R '^fuzz/wire-seeds$' >/dev/null
fi
if [ $# = 0 ]; then
    for seeds in "$build"/tests/fuzz/*.seeds; do
        name=${seeds##*/}
        set -- "$@" "${name%.seeds}"
    done
fi

found=0
one() {
    local name=$1 dict log corpus_of finds
    corpus_of=${corpus:-$build/corpus}/$name
    finds=${corpus:-$build/corpus}/finds/$name
    mkdir -p "$corpus_of" "$finds"
    dict=tests/fuzz/dict/$name.dict
    log=$build/$name.log
    mapfile -t seeds <"$build/tests/fuzz/$name.seeds"
    files=()
    for file in "${seeds[@]}"; do
        if [ -e "$file" ]; then files+=("$file"); fi
    done
    # Seeds that are single files are copied, as libFuzzer takes folders only.
    for i in "${!files[@]}"; do
        if [ -f "${files[$i]}" ]; then
            cp "${files[$i]}" "$corpus_of/"
            unset "files[$i]"
        fi
    done
    # A whole mail is worth more than its first 4 KiB; a find is one that needs more than a second.
    if ! "$build/bin/fuzz-$name" -seed="$seed" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=1500 -dict="$dict" \
        -artifact_prefix="$finds/" -print_final_stats=1 -verbosity=1 "$corpus_of" "${files[@]}" >"$log" 2>&1; then
        found=1
        tail -n 30 "$log"
    fi
    printf '%-10s %10s executions %8s a second %6s edges %6s inputs, finds: %s\n' "$name" \
        "$(sed -n 's/^stat::number_of_executed_units: //p' "$log")" \
        "$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")" \
        "$(grep -o 'cov: [0-9]*' "$log" | tail -n 1 | cut -d' ' -f2)" \
        "$(find "$corpus_of" -type f | wc -l)" "$(find "$finds" -type f | wc -l)"
}
for target; do
    if [ ! -e "$build/tests/fuzz/$target.seeds" ]; then
        echo "run.sh: no target '$target'; tests/fuzz/README.md names them" >&2
        exit 64
    fi
    one "$target"
done
if [ $found = 1 ]; then
    cat >&2 <<END
run.sh: something was found. For each file of ${corpus:-$build/corpus}/finds/TARGET:
  see it again       $build/bin/fuzz-TARGET FILE
  make it small      $build/bin/fuzz-TARGET -minimize_crash=1 -max_total_time=60 -exact_artifact_path=small FILE
  keep it            cp small testdata/fuzz/TARGET/found-WHAT, and a line in testdata/fuzz/README.md
  mend what broke    until  ctest --preset ci -R fuzz/TARGET  passes, with the file in its place
What may be of use to an attacker is first told as SECURITY.md says.
END
fi
exit $found
