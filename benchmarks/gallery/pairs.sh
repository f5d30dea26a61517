# Sourced by the scripts beside it: the default and a candidate measured in turn, without autotune.
#
# A script fills `default` with the study's parameters, defines `once`, which prints the figure of one run under the
# values in `now`, and ends with `pairs "$@"`. It is called as SCRIPT N name=value..., for N pairs, the values being
# those in which the candidate differs from the default. It prints `baseline<TAB>figure` or `candidate<TAB>figure`.
# With CONFIG=FILE.json the values are those of that exported profile; a script that is exported in another format
# defines `exported`, which prints them as name=value.
set -euo pipefail
export LC_ALL=C.UTF-8

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
workloads=$here/../../workloads
python=${PYTHON:-python3}
work=$(mktemp -d -p /var/tmp gallery.XXXXXX)
trap 'rm -rf "$work"' EXIT

declare -A default now candidate

# Prints the words after the first two where the parameter named first is not `unset`, with its value at the end
# of the second: `given hash_log --zstd=hashLog=` prints --zstd=hashLog=17.
given() {
  [ "${now[$1]}" = unset ] || echo "$2${now[$1]}"
}

# The difference of two times in ns, as seconds.
seconds() {
  awk -v from="$1" -v to="$2" 'BEGIN { printf "%.6f\n", (to - from) / 1e9 }'
}

# Prints the line of one run; `arm` says which.
print_once() {
  local figure
  figure=$(once)
  printf '%s\t%s\n' "$arm" "$figure"
}

arm() {
  local arm=$1 name
  for name in "${!default[@]}"; do
    now[$name]=${default[$name]}
    [ "$arm" = baseline ] || now[$name]=${candidate[$name]}
  done
  print_once
}

exported() {
  "$python" -c 'import json, sys
for name, value in json.load(open(sys.argv[1]))["settings"].items():
    print(name, "unset" if value is None else value if isinstance(value, str) else json.dumps(value), sep="=")' "$1"
}

pairs() {
  local count=${1:?N name=value...} word name number
  shift
  if [ -n "${CONFIG-}" ]; then
    local words
    words=$(exported "$CONFIG")
    mapfile -t words <<< "$words"
    set -- "${words[@]}"
  fi
  for name in "${!default[@]}"; do candidate[$name]=${default[$name]}; done
  for word in "$@"; do
    name=${word%%=*}
    [[ -v default[$name] ]] || { echo "no parameter '$name'; there are: ${!default[*]}" >&2; exit 2; }
    candidate[$name]=${word#*=}
  done
  for ((number = 0; number < count; number++)); do
    # Each arm is first in every other pair.
    if ((number % 2)); then arm candidate; arm baseline; else arm baseline; arm candidate; fi
  done
}
