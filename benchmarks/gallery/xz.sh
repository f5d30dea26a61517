#!/bin/sh
# xz on telemetry by hand, interleaved, timed by date.
# xz.sh N name=value...   prints `baseline<TAB>seconds` and `candidate<TAB>...`, N of each.
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

# one ARM name=value...: the time of packing once, with the defaults of xz -6 where nothing is said.
one() {
  arm=$1
  shift
  filter=
  lzma=
  for setting in "$@"; do
    case $setting in
      delta=unset) ;;
      delta=*) filter="--delta=dist=${setting#*=}" ;;
      dict=*) lzma="$lzma,${setting}KiB" ;;
      *) lzma="$lzma,$setting" ;;
    esac
  done
  rm -f "$folder/corpus.xz"
  start=$(date +%s%N)
  # shellcheck disable=SC2086  no filter at all, or one word
  xz --keep --threads=1 --check=crc64 $filter --lzma2="preset=6$lzma" "$folder/corpus"
  end=$(date +%s%N)
  printf '%s\t%s\n' "$arm" "$(seconds $((end - start)))"
}

"$python" xz_telemetry.py prepare --corpus="$folder/corpus"

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
