#!/bin/sh
# format.sh CLANG-FORMAT SOURCE-FOLDER: every C file is laid out as .clang-format says.
set -eu
cd "$2"
find src tests docs -name '*.[ch]' -print0 | sort -z | xargs -0 "$1" --dry-run -Werror --style=file
