#!/usr/bin/env bash
# Prepares the image: an interpreter, the packages at the versions that the course was tested with, and the grader.
# Run once, as root, when the image is built. What it prints stands in the log of the build.
set -euo pipefail
source=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=${AUTOGRADER_ROOT:-/autograder}
venv=$root/venv

fits() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

choose() {
    for python in ${AUTOGRADER_PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if fits "$python"; then
            echo "$python"
            return
        fi
    done
    return 1
}

install() {
    command -v apt-get >/dev/null || return 0
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || true
    for package in "$@"; do
        if apt-get install -y -qq --no-install-recommends $package; then return; fi
    done
}

python=$(choose) || { install "python3 python3-venv"; python=$(choose); } \
    || { install "python3.13 python3.13-venv" "python3.12 python3.12-venv" "python3.11 python3.11-venv"; python=$(choose); } \
    || { echo "no Python 3.11 or newer can be had here: choose a newer image (Ubuntu 24.04)" >&2; exit 1; }
ldconfig -p 2>/dev/null | grep -q libseccomp || install libseccomp2

echo "setting up $venv with $("$python" --version)"
"$python" -m venv --clear "$venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
if [ -d "$source/wheels" ]; then
    "$venv/bin/python" -m pip install --quiet --no-index --find-links "$source/wheels" -r "$source/requirements.txt"
else
    "$venv/bin/python" -m pip install --quiet -r "$source/requirements.txt"
fi
# The grader itself, as it was when the zip was built. Not left in the source folder: nobody but root looks in there.
site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
cp -R "$source/autograder" "$site/"
"$venv/bin/python" -m compileall -q "$site/autograder" || true

# For whoever reads the log: what this image can give. (A layer may be missing here and there when a hand-in is graded.)
"$venv/bin/python" -I -m autograder doctor --config "$source/grading.yml" || true
