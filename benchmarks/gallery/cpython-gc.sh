#!/bin/sh
# The order book by hand, interleaved, timed by date.
# cpython-gc.sh N name=value...   prints `baseline<TAB>seconds` and `candidate<TAB>...`, N of each.
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

# Seconds with all digits, of nanoseconds.
seconds() {
  printf '%d.%09d' $(($1 / 1000000000)) $(($1 % 1000000000))
}

# one ARM name=value...: the time of one run, the interpreter's start included.
one() {
  arm=$1
  shift
  words=
  variables=
  for setting in "$@"; do
    value=${setting#*=}
    if [ "$value" = unset ]; then continue; fi
    case $setting in
      allocator=*) variables="$variables PYTHONMALLOC=$value" ;;
      arenas=*) variables="$variables MALLOC_ARENA_MAX=$value" ;;
      trim_threshold=*) variables="$variables MALLOC_TRIM_THRESHOLD_=$value" ;;
      top_pad=*) variables="$variables MALLOC_TOP_PAD_=$value" ;;
      *) words="$words --$(echo "${setting%%=*}" | tr _ -)=$value" ;;
    esac
  done
  start=$(date +%s%N)
  # shellcheck disable=SC2086  words of our own, without spaces
  env $variables "$python" cpython_gc.py run --records="$folder/records" --answer="$folder/answer" $words
  end=$(date +%s%N)
  printf '%s\t%s\n' "$arm" "$(seconds $((end - start)))"
}

"$python" cpython_gc.py prepare --records="$folder/records"

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
