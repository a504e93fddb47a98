#!/bin/sh
# Prints the Python to build the virtual environment with: 3.10 or newer, and able to make one. PYTHON names another.
set -eu

old='' bare=''
for python in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.10}; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || { old="$old $python"; continue; }
    "$python" -c 'import ensurepip, venv' 2>/dev/null || { bare="$bare $python"; continue; }
    echo "$python"
    exit
done
if [ -n "$bare" ]; then
    echo "error: Python lacks its venv module, tried:$bare; install it (Debian and Ubuntu: apt install python3-venv)" >&2
else
    echo "error: Python 3.10 or newer is needed, tried:$old; install it, or name it: make PYTHON=/path/to/python3" >&2
fi
exit 1
