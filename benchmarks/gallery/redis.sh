#!/usr/bin/env bash
# Requests per second of Redis, SET and GET, by redis-benchmark: benchmarks/gallery/redis.sh 20 io_threads=2
source "$(dirname "$0")/service.sh"
reads_export
default=(
  [io_threads]=1 [io_threads_do_reads]=false [hz]=10 [dynamic_hz]=true [activerehashing]=true
  [maxmemory_policy]=noeviction [lazyfree_lazy_server_del]=false [jemalloc_bg_thread]=true [tcp_backlog]=511
)

# redis-durable.sh: every SET goes to a file, and SET alone is measured.
APPENDONLY=${APPENDONLY:-no}
[ "$APPENDONLY" = no ] || default+=([appendfsync]=always [no_appendfsync_on_rewrite]=false)

start() {
  local name words
  port=$(free_port)
  empty_data
  {
    for name in "${!now[@]}"; do
      words=${now[$name]/%true/yes}
      words=${words/%false/no}
      [ "$words" = unset ] || echo "${name//_/-} $words"
    done
    [ -z "$(own_file)" ] || grep '^[a-z]' "$(own_file)"
  } >"$data/redis.conf"
  give
  serve redis-server "$data/redis.conf" --port "$port" --bind 127.0.0.1 --dir "$data" --appendonly "$APPENDONLY"
  until_works redis-cli -e -p "$port" ping
}

rate() {
  redis-benchmark -p "$port" -t "$1" -n "$2" -r 50000 -d 256 -c 50 --csv | awk -F'"' 'END { print $4 }'
}

measure() {
  local first
  if [ "$APPENDONLY" = yes ]; then
    first=$(rate set 1000)
    rate set "$(awk -v rate="$first" 'BEGIN { n = int(rate); print (n > 1000 ? n : 1000) }')"
  else
    awk -v set="$(rate set 20000)" -v get="$(rate get 20000)" 'BEGIN { printf "%.2f\n", 2 / (1 / set + 1 / get) }'
  fi
}

pairs "$@"
