#!/bin/sh
# Installs the Debian packages that are missing, for: build, try, test, lint (default: build).
#   packaging/deps.sh [--list] [build] [try] [test] [lint] [fuzz]
# Nothing is removed for it, nothing recommended comes along, and no service is started.
set -eu

# Of the names that a package has in different releases, the one that this release has.
known() {
    for name; do
        if [ -n "$(apt-cache madison "$name" 2>/dev/null)" ] || dpkg-query -W "$name" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    echo "$1"
}

packages() {
    case $1 in
    build) echo ca-certificates gcc libc6-dev cmake ninja-build pkg-config scdoc \
        libcurl4-openssl-dev libidn2-dev libjansson-dev libseccomp-dev libsmartcols-dev libsqlite3-dev \
        libssl-dev libxml2-dev libyaml-dev libzip-dev zlib1g-dev ;;
    try) echo dovecot-imapd openssl python3 ;;
    # The last ones are what Postfix needs, which the tests fetch and never install. Debian 13 and Ubuntu 24.04 have
    # other names for some.
    test) packages try && echo libcmocka-dev perl php-cli php-xml php-zip python3-jsonschema python3-yaml strace tzdata valgrind apparmor systemd \
        libnsl2 libsasl2-2 \
        "$(known libdb5.3 libdb5.3t64)" "$(known libicu72 libicu74 libicu76)" ;;
    fuzz) echo clang libclang-rt-dev llvm ;;
    lint) echo binutils clang-format-14 clang-tidy-14 cppcheck gcc-aarch64-linux-gnu libc6-dev-arm64-cross python3 shellcheck ;;
    esac
}

missing() {
    for package in "$@"; do
        case $(dpkg-query -W -f='${db:Status-Abbrev}' "$package" 2>/dev/null) in
        ?i*) ;;
        *) echo "$package" ;;
        esac
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        env DEBIAN_FRONTEND=noninteractive "$@"
    else
        sudo env DEBIAN_FRONTEND=noninteractive "$@"
    fi
}

# While it is there, packages may not start their services (invoke-rc.d, deb-systemd-invoke).
policy=/usr/sbin/policy-rc.d
mark="dmarcwarn: packages for its tests start no services"
put_policy() {
    if [ -e "$policy" ] && ! grep -q "$mark" "$policy"; then
        echo "deps.sh: $policy is there already and decides whether services start" >&2
        return
    fi
    trap take_policy EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    printf '#!/bin/sh\n# %s\nexit 101\n' "$mark" | as_root sh -c "cat > $policy && chmod 755 $policy"
}
take_policy() {
    as_root rm -f "$policy"
}

# A server that we bring in for a test does not start at the next boot either.
service=dovecot
disable_service() {
    if [ -e /etc/init.d/$service ]; then
        as_root update-rc.d $service disable
    fi
}

install_packages() {
    as_root apt-get update -q || echo "deps.sh: the lists of packages could not be updated; trying those that are here" >&2
    plan=$(as_root apt-get -s install -q --no-install-recommends "$@")
    removed=$(echo "$plan" | sed -n 's/^Remv \([^ ]*\).*/\1/p' | tr '\n' ' ')
    if [ -n "$removed" ]; then
        echo "deps.sh: to install $* these packages would have to go: ${removed% }; nothing was installed" >&2
        exit 69
    fi
    had_service=no
    if [ -e /etc/init.d/$service ]; then had_service=yes; fi
    put_policy
    as_root apt-get install -q -y --no-remove --no-install-recommends "$@"
    if [ $had_service = no ]; then disable_service; fi
}

list_only=
if [ "${1:-}" = --list ]; then
    list_only=yes
    shift
fi
for group; do
    case $group in
    build | try | test | lint | fuzz) ;;
    *)
        echo "deps.sh: there is no group '$group'; write build, try, test, lint or fuzz" >&2
        exit 64
        ;;
    esac
done
wanted=$(for group in "${@:-build}"; do packages "$group"; done | tr ' ' '\n' | sort -u)
if [ -n "$list_only" ]; then
    echo "$wanted"
    exit 0
fi
if ! command -v dpkg-query >/dev/null; then
    echo "deps.sh: this is no Debian; what Debian calls the packages that are needed:" >&2
    echo "$wanted" >&2
    exit 69
fi
# shellcheck disable=SC2086 # names of packages have no blanks
needed=$(missing $wanted | tr '\n' ' ')
if [ -z "$needed" ]; then
    exit 0
fi
if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "deps.sh: neither root nor sudo; as root: apt-get install --no-install-recommends ${needed% }" >&2
    exit 77
fi
# shellcheck disable=SC2086
install_packages $needed
