#!/usr/bin/env bash
# Requests per second of Redis, by redis-benchmark, for the entries redis and redis-durable: see lib.sh.
# With APPENDONLY=yes (redis-durable.sh) all SETs go to an append-only file, and SET alone is measured.
source "$(dirname "$0")/lib.sh"

APPENDONLY=${APPENDONLY:-no}
defaults=([io_threads]=1 [io_threads_do_reads]=no [hz]=10 [dynamic_hz]=yes [activerehashing]=yes)
if [ "$APPENDONLY" = yes ]; then
  defaults+=([appendfsync]=always [no_appendfsync_on_rewrite]=no)
else
  defaults+=(
    [maxmemory_policy]=noeviction [lazyfree_lazy_server_del]=no [jemalloc_bg_thread]=yes [tcp_backlog]=511
  )
fi

start() {
  local name words
  port=$(free_port)
  empty_data
  {
    for name in "${!value[@]}"; do
      words=${value[$name]}
      case $words in true) words=yes ;; false) words=no ;; esac
      # An exported file says only what differs from the baseline.
      echo "${name//_/-} $words"
    done
    if exported "$1"; then grep -v '^#' "$CONFIG"; fi
  } >"$data/redis.conf"
  give
  serve redis-server "$data/redis.conf" --port "$port" --bind 127.0.0.1 --dir "$data" --appendonly "$APPENDONLY"
  until_works redis-cli -e -p "$port" ping
}

rate() { redis-benchmark -p "$port" -t "$1" -n "$2" -r 50000 -d 256 -c 50 --csv | awk -F'"' 'END {print $4}'; }

measure() {
  local set get
  if [ "$APPENDONLY" = yes ]; then
    set=$(rate set 1000)
    rate set "$(awk -v rate="$set" 'BEGIN {n = int(rate * 2); print (n > 1000 ? n : 1000)}')"
  else
    set=$(rate set 30000)
    get=$(rate get 30000)
    awk -v s="$set" -v g="$get" 'BEGIN {print 2 / (1 / s + 1 / g)}'
  fi
}

pairs "$@"
