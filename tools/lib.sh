# tools/lib.sh: what ./run and ./test share. Sourced by bash from the project's folder.

say() { printf '%s\n' "anser: $*" >&2; }
die() { say "$*"; exit 1; }

# as_root COMMAND…: as it is for root, else through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "this needs root or sudo: $*"
    fi
}

# packages_in FILE…: the package names of the lists, without reasons.
packages_in() { sed -e 's/#.*//' "$@" | awk 'NF { print $1 }'; }

package_is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# install_packages FILE…: installs what is missing of the lists, saying what and why.
install_packages() {
    command -v dpkg-query >/dev/null || { say "no Debian: install what tools/packages/ lists by other means"; return 0; }
    local name missing=()
    for name in $(packages_in "$@"); do
        package_is_installed "$name" || missing+=("$name")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${#missing[@]} Debian packages (as root):"
    for name in "${missing[@]}"; do
        grep -h "^$name " "$@" >&2
    done
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >build/apt.log 2>&1 ||
        { tail -20 build/apt.log >&2; die "apt-get update failed"; }
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" \
        >>build/apt.log 2>&1 </dev/null || { tail -40 build/apt.log >&2; die "apt-get install failed"; }
}

# tools_from FILE: installs the pinned tools of one requirements file into build/tools and puts them first in PATH.
tools_from() {
    local stamp
    stamp=build/tools/.$(basename "$1").$(sha256sum "$1" | cut -c1-16)
    if [ ! -f "$stamp" ]; then
        say "installing $(grep -c '^[a-z]' "$1") tools of $1 into build/tools"
        [ -x build/tools/bin/python3 ] || /usr/bin/python3 -m venv build/tools
        build/tools/bin/python3 -m pip install -q --disable-pip-version-check -r "$1" >build/pip.log 2>&1 ||
            { tail -20 build/pip.log >&2; die "pip install failed"; }
        touch "$stamp"
    fi
    case $PATH in
        "$PWD/build/tools/bin":*) ;;
        *) export PATH="$PWD/build/tools/bin:$PATH" ;;
    esac
}

# node_packages FOLDER: npm ci, once per lock file.
node_packages() {
    local stamp
    stamp=$(sha256sum "$1/package-lock.json" | cut -c1-32)
    [ "$stamp" = "$(cat "$1/node_modules/.anser-lock" 2>/dev/null)" ] && return 0
    say "installing the packages of $1"
    (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) >build/npm.log 2>&1 </dev/null ||
        { tail -30 build/npm.log >&2; die "npm ci failed in $1"; }
    echo "$stamp" >"$1/node_modules/.anser-lock"
}

# web_hash: a digest of all that the web build reads.
web_hash() {
    find web -type f -not -path '*/node_modules/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -c1-32
}

# build_web: builds the web app into build/web unless it is there already, from the same sources.
build_web() {
    [ -f web/package.json ] || return 0
    local hash
    hash=$(web_hash)
    [ -f build/web/index.html ] && [ "$hash" = "$(cat build/web.hash 2>/dev/null)" ] && return 0
    tools_from tools/requirements.txt
    node_packages web
    say "building the web app"
    (cd web && npm run --silent build) >build/web.log 2>&1 </dev/null || { tail -40 build/web.log >&2; die "the web app does not build"; }
    echo "$hash" >build/web.hash
}

# build_server KIND: see tools/build. Debian's python3 comes first, so that a newer one in PATH is not picked up by meson.
build_server() {
    PATH="/usr/bin:$PATH" tools/build "$1" >"build/build-$1.log" 2>&1 || { tail -60 "build/build-$1.log" >&2; die "build/$1 does not build"; }
}
