#!/bin/sh
# Products of small matrices by hand, interleaved.
# numpy-dgemm.sh N name=value...   prints `baseline<TAB>gflops` and `candidate<TAB>...`, N of each.
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
  call='{"order_a": "C", "order_b": "C", "order_out": "C"}'
  variables=
  for setting in "$@"; do
    name=${setting%%=*}
    value=${setting#*=}
    case $name in
      threads) [ "$value" = unset ] || variables="$variables OPENBLAS_NUM_THREADS=$value" ;;
      thread_timeout) [ "$value" = unset ] || variables="$variables OPENBLAS_THREAD_TIMEOUT=$value" ;;
      order_*) call="$call, $name='$value'" ;;
    esac
  done
  # shellcheck disable=SC2086  words of our own, without spaces
  value=$(env $variables "$python" -c "import numpy_dgemm; print(numpy_dgemm.run(**dict($call))['gflops'])")
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
