#!/usr/bin/env bash
# The service of nginx.sh, compressed files beside the plain ones: .../nginx-static.sh 20 gzip_static=on
GZIP_STATIC=1 exec "$(dirname "$0")/nginx.sh" "$@"
