#!/usr/bin/env bash
# Requests per second of nginx that compresses, by wrk: benchmarks/gallery/nginx.sh 20 gzip_min_length=1000
source "$(dirname "$0")/service.sh"
reads_export
default=(
  [gzip_comp_level]=1 [gzip_min_length]=20 [gzip_buffers]="32 4k" [worker_processes]=auto [sendfile]=true
  [tcp_nopush]=true [output_buffers]="2 32k" [open_file_cache]=off
  [keepalive_requests]=1000 [multi_accept]=false
)

# nginx-static.sh has one parameter more, and not all of these.
[ -z "${GZIP_STATIC-}" ] || default[gzip_static]=off
stop_signal=QUIT

part_of() {
  case $1 in worker_processes) echo main ;; multi_accept) echo events ;; *) echo http ;; esac
}

# The directives of one part of nginx.conf. What an exported file says comes in place of ours; of other parts than
# its own it speaks in comments.
directives() {
  local file words name
  file=$(own_file)
  for name in "${!now[@]}"; do
    words=${now[$name]/%true/on}
    words=${words/%false/off}
    [ "$(part_of "$name")" = "$1" ] && [ "$words" != unset ] || continue
    [ -n "$file" ] && grep -Eq "^(# (INCOMPLETE: in [a-z]+: )?)?$name[: ]" "$file" || echo "$name $words;"
  done
  [ -n "$file" ] || return 0
  sed -n "s/^# INCOMPLETE: in $1: //p" "$file"
  grep '^[a-z]' "$file" | while read -r name words; do
    [ "$(part_of "$name")" != "$1" ] || echo "$name $words"
  done
}

start() {
  local kind
  port=$(free_port)
  empty_data
  "$python" "$workloads/nginx_documents.py" write --folder "$data/www" --gz
  {
    echo "daemon off; pid $data/nginx.pid; error_log stderr warn;"
    directives main
    echo "events { worker_connections 768;"
    directives events
    echo "} http { types { application/json json; } gzip on; gzip_types application/json; access_log access.log;"
    for kind in client_body fastcgi proxy scgi uwsgi; do echo "${kind}_temp_path $data/$kind;"; done
    directives http
    echo "server { listen 127.0.0.1:$port; root $data/www; } }"
  } >"$data/nginx.conf"
  give
  serve nginx -p "$data" -e stderr -c "$data/nginx.conf"
  until_works wrk -c 1 -t 1 -d 1 "http://127.0.0.1:$port/0.json"
}

measure() {
  local load=(wrk -t 2 -c 32 -d 1 -s "$workloads/nginx_wrk.lua" "http://127.0.0.1:$port/")
  "${load[@]}" >"$work/warm"
  "${load[@]}" | awk '/^Requests\/sec:/ { print $2 }'
}

pairs "$@"
