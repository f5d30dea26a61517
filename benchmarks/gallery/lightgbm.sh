#!/bin/sh
# LightGBM by hand, interleaved: the CPU seconds of training, as the program itself counts them.
# lightgbm.sh N name=value...   prints `baseline<TAB>CPU seconds` and `candidate<TAB>...`, N of each.
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
folder=$(mktemp -d /var/tmp/gallery-by-hand.XXXXXX)
trap 'rm -rf "$folder"' EXIT
export OMP_WAIT_POLICY=passive

# one ARM name=value...: one training.
one() {
  arm=$1
  shift
  words=
  for setting in "$@"; do
    case $setting in
      *=unset) ;;
      *) words="$words --$setting" ;;
    esac
  done
  # shellcheck disable=SC2086  words of our own, without spaces
  "$python" lightgbm_flights.py train --folder="$folder" $words |
    sed "s/.*\"train_cpu_s\": \([0-9.e-]*\).*/$arm\t\1/"
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
