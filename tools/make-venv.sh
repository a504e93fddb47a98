#!/bin/sh
# Makes the virtual environment $1 from requirements-dev.txt, every file checked by its hash, and installs the package
# itself into it, editable.
set -eu

venv=$1
python=$(tools/find-python.sh)
echo "Installing the development environment into $venv: about a minute, once." >&2
rm -rf "$venv" # an interrupted one, or one of another Python
"$python" -m venv "$venv"
pip="$venv/bin/python -m pip --quiet --disable-pip-version-check --no-input"
$pip install --require-hashes --requirement requirements-dev.txt
# The build backend is in the lock, so that nothing without a hash is fetched for this step either.
$pip install --no-deps --no-build-isolation --editable .
