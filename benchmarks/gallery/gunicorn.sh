#!/usr/bin/env bash
# The service of python-web.sh: benchmarks/gallery/gunicorn.sh 20 workers=2
exec "$(dirname "$0")/python-web.sh" "$@"
