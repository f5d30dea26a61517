# What the scripts of this folder share: a place and a port of their own, a service without rights, pairs of runs.
# Nothing of autotune is used: what they print can contradict it.
#
# A script defines start (ARM: sets `pid`), and measure (prints one number); it calls `pairs "$@"` last.
#   NAME.sh N name=value...      N pairs, the defaults against these values
#   CONFIG=FILE NAME.sh N        ... against a configuration as `autotune export` wrote it
# One line for each run: arm (baseline, candidate), a tab, the value. What else is said goes to standard error.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
workloads=$here/../../workloads
place=$(mktemp -d /var/tmp/gallery.XXXXXXXX)
chmod 711 "$place"
data=$place/data
CONFIG=${CONFIG:+$(realpath "$CONFIG")}
pid=
declare -A defaults=() changed=() value=()

leave() {
  stop || true
  rm -rf "$place"
}
trap leave EXIT
trap 'exit 130' INT TERM HUP

say() { echo "$*" >&2; }

# Runs a command without root's rights, where we have them: it becomes the process that is asked for.
plainly() {
  if [ "$(id -u)" -eq 0 ]; then
    exec setpriv --reuid=nobody --regid="$(id -g nobody)" --init-groups -- "$@"
  fi
  exec "$@"
}

# An empty folder that belongs to who runs the service.
empty_data() {
  rm -rf "$data"
  mkdir -m 700 "$data"
  give
}

give() { if [ "$(id -u)" -eq 0 ]; then chown -R nobody: "$data"; fi; }

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

# Starts a command in the background, in the data; `pid` is its process.
serve() {
  (cd "$data" && plainly "$@") >"$place/log" 2>&1 &
  pid=$!
}

# Waits until a command succeeds, 30 s at most.
until_works() {
  local left=600
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    if [ "$left" -eq 0 ] || ! kill -0 "$pid" 2>/dev/null; then
      say "the service does not work:"
      tail -5 "$place/log" >&2
      exit 1
    fi
    sleep 0.05
  done
}

# Ends the service with the signal that the script names.
stop() {
  [ -n "$pid" ] || return 0
  kill -"${stop_signal:-TERM}" "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  pid=
}

# Makes `value` the values of an arm: the defaults, and for the candidate what the command line says.
choose() {
  local name
  value=()
  for name in "${!defaults[@]}"; do value[$name]=${defaults[$name]}; done
  if [ "$1" = candidate ]; then
    for name in "${!changed[@]}"; do value[$name]=${changed[$name]}; done
  fi
}

# Whether this arm reads the exported file.
exported() { [ "$1" = candidate ] && [ -n "$CONFIG" ]; }

once() {
  local found
  choose "$1"
  start "$1"
  found=$(measure)
  stop
  printf '%s\t%s\n' "$1" "$found"
}

pairs() {
  local count=${1:?"how many pairs?"} setting i
  shift
  for setting in "$@"; do
    [ -n "${defaults[${setting%%=*}]+known}" ] || { say "no parameter '${setting%%=*}' here: ${!defaults[*]}"; exit 2; }
    changed[${setting%%=*}]=${setting#*=}
  done
  for ((i = 0; i < count; i++)); do
    if ((RANDOM % 2)); then once baseline; once candidate; else once candidate; once baseline; fi
  done
}
