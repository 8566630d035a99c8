# Shared by the scripts: what a machine needs to build Martlet. Sourced, not run.

say() { printf '%s\n' "$*" >&2; }

fail() { say "$0: $*"; exit 1; }

# Runs a command as root: plainly where we are root, else through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo "$@"
    else fail "this needs root, and there is no sudo: $*"
    fi
}

# Installs the Debian packages among the arguments that are missing.
install_packages() {
    command -v dpkg-query >/dev/null 2>&1 || {
        say "This is no Debian or Ubuntu: please install what these packages hold yourself: $*"
        return
    }
    missing=""
    for package in "$@"; do
        dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
    done
    [ -z "$missing" ] && return
    say "Installing:$missing"
    as_root apt-get update -qq || fail "the package lists cannot be fetched; is there a network?"
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null \
        || fail "these packages cannot be installed:$missing"
}

require_swift() {
    command -v swift >/dev/null 2>&1 || fail "no Swift toolchain found; install Swift 6.2 or later from swift.org/install"
    version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -1)
    major=${version%%.*}
    minor=${version#*.}
    if [ "${major:-0}" -lt 6 ] || { [ "$major" -eq 6 ] && [ "${minor:-0}" -lt 2 ]; }; then
        fail "Swift ${version:-of unknown version} is too old; install Swift 6.2 or later from swift.org/install"
    fi
}

build_packages="libsqlite3-dev libpq-dev libsecp256k1-dev libssl-dev zlib1g-dev pkg-config"
test_packages="python3 python3-venv xz-utils curl postgresql"
