# Sourced by the scripts that measure a service by hand, on top of pairs.sh: each run has a new service on new data.
#
# A script defines `start`, which leaves the service in `pid`, and `measure`, which prints the figure. Where it calls
# `reads_export`, the file that CONFIG names is not taken apart: the candidate's service reads it as it is.
source "$(dirname "${BASH_SOURCE[0]}")/pairs.sh"

data=$work/data
config=
pid=
chmod 711 "$work"
trap 'stop; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

reads_export() {
  config=${CONFIG:+$(realpath "$CONFIG")}
  unset CONFIG
}

# The exported file in the candidate's runs; nothing in the baseline's.
own_file() { if [ "$arm" = candidate ]; then echo "$config"; fi; }

# Becomes a command without root's rights, where we have them.
plainly() {
  if [ "$(id -u)" -eq 0 ]; then
    exec setpriv --reuid=nobody --regid="$(id -g nobody)" --init-groups -- "$@"
  fi
  exec "$@"
}

# Makes the data an empty folder; `give` makes them the service's own.
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

# Starts a command in the data, in the background.
serve() {
  (cd "$data" && plainly "$@") >"$work/log" 2>&1 &
  pid=$!
}

# Waits until a command succeeds, half a minute at most.
until_works() {
  local left=600
  until "$@" >/dev/null 2>&1; do
    left=$((left - 1))
    if [ "$left" -eq 0 ] || ! kill -0 "$pid" 2>/dev/null; then
      echo "the service does not work: $(tail -1 "$work/log")" >&2
      exit 1
    fi
    sleep 0.05
  done
}

# Ends the service in order, by the signal that the script names, and waits for its end.
stop() {
  if [ -n "$pid" ]; then
    kill -"${stop_signal:-TERM}" "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    pid=
  fi
}

# In place of that of pairs.sh: the service has to be known to this shell, which ends it.
print_once() {
  local figure
  start
  figure=$(measure)
  stop
  printf '%s\t%s\n' "$arm" "$figure"
}
