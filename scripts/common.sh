# Shared by the set-up scripts; sourced, never run.
# BUNDLE: folder made by `make bundle`, from which everything is installed without a network.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUNDLE=${BUNDLE:-$ROOT/vendor-bundle}
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_ROOT_USER_ACTION=ignore
export PIP_RETRIES=${PIP_RETRIES:-5}

say() { printf '%s\n' "$@" >&2; }
stop() { say "$@"; exit 3; }
have_bundle() { [ -d "$BUNDLE/wheels" ]; }

# as_root COMMAND…: as root ourselves, else through sudo, else say what is needed.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else stop "This step needs root and there is no sudo. As root, run:" "    $*"
    fi
}

# The Python that the environment is made of: 3.11 if there is one, else a newer python3.
system_python() {
    local name
    for name in python3.11 python3; do
        if command -v "$name" >/dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    stop "Python 3.11 or newer is missing. On Debian 12: apt-get install python3"
}

# fingerprint FILE…: one hash over the contents, to know whether an earlier run did the same work already.
fingerprint() { cat "$@" | sha256sum | cut -d' ' -f1; }

# inbox_of DATA: the scan folder of the archive in a data folder, as its settings say.
inbox_of() {
    "$ROOT/.venv/bin/python" -c 'import sys; from pathlib import Path; from config.settings import load_settings
print(load_settings(Path(sys.argv[1])).inbox_folder)' "$1"
}
