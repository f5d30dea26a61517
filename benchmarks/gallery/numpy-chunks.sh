#!/bin/sh
# numpy's element-wise arithmetic by hand, interleaved.
# numpy-chunks.sh N name=value...   prints `baseline<TAB>ns an element` and `candidate<TAB>...`, N of each.
# CONFIG=FILE in the environment: the candidate has what that export (format json) holds.
set -eu
pairs=$1
shift
python=${PYTHON:-python3}
if [ -n "${CONFIG-}" ]; then # its settings as name=value
  # shellcheck disable=SC2016,SC2046  Python's own, words without spaces
  set -- $("$python" -c 'import json, os
for name, value in json.load(open(os.environ["CONFIG"]))["settings"].items():
    print(name + "=" + json.dumps(value).strip(chr(34)))')
fi
cd "$(dirname "$0")/../../workloads"

# one ARM name=value...: one call in an interpreter of its own.
one() {
  arm=$1
  shift
  call='{"chunk": 65536, "in_place": False, "scratch": "float64"}'
  variables=
  for setting in "$@"; do
    name=${setting%%=*}
    value=${setting#*=}
    case $name in
      chunk) call="$call, chunk=$value" ;;
      in_place) if [ "$value" = true ]; then call="$call, in_place=True"; fi ;;
      scratch) call="$call, scratch='$value'" ;;
      trim_threshold) [ "$value" = unset ] || variables="$variables MALLOC_TRIM_THRESHOLD_=$value" ;;
      mmap_threshold) [ "$value" = unset ] || variables="$variables MALLOC_MMAP_THRESHOLD_=$value" ;;
    esac
  done
  # shellcheck disable=SC2086  words of our own, without spaces
  value=$(env $variables "$python" -c "import numpy_chunks; print(numpy_chunks.run(**dict($call))['ns'])")
  printf '%s\t%s\n' "$arm" "$value"
}

i=0
while [ "$i" -lt "$pairs" ]; do
  if [ $((i % 2)) -eq 0 ]; then
    one baseline
    one candidate "$@"
  else
    one candidate "$@"
    one baseline
  fi
  i=$((i + 1))
done
