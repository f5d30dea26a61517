#!/usr/bin/env bash
# Requests per second of nginx, by wrk, for the entries nginx and nginx-static: see lib.sh.
source "$(dirname "$0")/lib.sh"

stop_signal=QUIT
main=(worker_processes)
events=(multi_accept)
defaults=(
  [worker_processes]=auto [multi_accept]=off [gzip_comp_level]=1 [gzip_min_length]=20 [gzip_buffers]="32 4k"
  [gzip_static]=off [sendfile]=on [tcp_nopush]=on [output_buffers]="2 32k" [open_file_cache]=off
  [access_log]="access.log combined" [keepalive_requests]=1000
)

# The directives of one part of nginx.conf (main, events, http), those of a file put in their place.
directives() {
  local part=$1 name words
  for name in "${!value[@]}"; do
    words=${value[$name]}
    case $words in true) words=on ;; false) words=off ;; esac
    if [ "$(part_of "$name")" = "$part" ] && ! grep -Eqs "(^|: )$name " "$2"; then echo "$name $words;"; fi
  done
  [ -z "$2" ] || if grep -q '^[a-z]' "$2" && [ "$(part_of "$(grep -om1 '^[a-z_]*' "$2")")" = "$part" ]; then
    grep '^[a-z]' "$2"
  else
    sed -n "s/^# INCOMPLETE: in $part: //p" "$2"
  fi
}

part_of() {
  case " ${main[*]} " in *" $1 "*) echo main; return ;; esac
  case " ${events[*]} " in *" $1 "*) echo events; return ;; esac
  echo http
}

start() {
  local file=
  if exported "$1"; then file=$CONFIG; fi
  port=$(free_port)
  empty_data
  python3 "$workloads/nginx_documents.py" write --folder "$data/www" --gz
  {
    echo "daemon off; pid $data/nginx.pid; error_log stderr warn;"
    directives main "$file"
    echo "events { worker_connections 768;"
    directives events "$file"
    echo "} http { types { application/json json; } gzip on; gzip_types application/json;"
    for kind in client_body fastcgi proxy scgi uwsgi; do echo "${kind}_temp_path $data/$kind;"; done
    directives http "$file"
    echo "server { listen 127.0.0.1:$port; root $data/www; } }"
  } >"$data/nginx.conf"
  give
  serve nginx -p "$data" -e stderr -c "$data/nginx.conf"
  until_works curl -fso /dev/null "http://127.0.0.1:$port/0.json"
}

measure() {
  local url=http://127.0.0.1:$port/
  wrk -t 2 -c 32 -d 1 -s "$workloads/nginx_wrk.lua" "$url" >/dev/null
  wrk -t 2 -c 32 -d 1 -s "$workloads/nginx_wrk.lua" "$url" | tee "$place/said" | awk '/^Requests\/sec:/ {print $2}'
  grep response_bytes "$place/said" >&2
}

pairs "$@"
