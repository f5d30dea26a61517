#!/usr/bin/env bash
# Requests per second of a Python application, by wrk: benchmarks/gallery/python-web.sh 20 server=granian
# PYTHON is an interpreter that has gunicorn, uvicorn and granian; the one of .venv unless it is said.
source "$(dirname "$0")/service.sh"
default=(
  [server]=gunicorn [workers]=1 [backlog]=2048 [worker_class]=sync [threads]=1 [keep_alive]=2 [preload]=false
  [loop]=asyncio [http]=h11 [interface]=asgi [runtime_mode]=st [blocking_threads]=1
)

python=${PYTHON:-$here/../../.venv/bin/python}

# The interpreter may lie where nobody else may read: the server runs as whoever runs this.
plainly() { exec "$@"; }
give() { :; }

# Options of these names, in the words of the servers.
options() {
  local name
  for name in "$@"; do
    [ "${now[$name]}" = unset ] || echo "--${name//_/-}=${now[$name]}"
  done
}

start() {
  local app=asgi words
  port=$(free_port)
  empty_data
  cp "$workloads/python_web_app.py" "$data"
  case ${now[server]} in
  gunicorn)
    app=wsgi
    words="--bind=127.0.0.1:$port $(options workers backlog worker_class threads keep_alive)"
    [ "${now[preload]}" != true ] || words+=" --preload"
    ;;
  uvicorn) words="--port=$port --no-access-log $(options workers backlog loop http)" ;;
  granian)
    app=${now[interface]/#unset/asgi}
    words="--port=$port --no-access-log $(options workers backlog loop interface runtime_mode)"
    [ "$app" != wsgi ] || words+=" $(options blocking_threads)"
    ;;
  esac
  serve "$python" -m "${now[server]}" $words "python_web_app:$app"
  until_works wrk -c 1 -t 1 -d 1 "http://127.0.0.1:$port/?0"
}

measure() {
  local load=(wrk -t 2 -c 16 -d 1 -s "$workloads/python_web_wrk.lua" "http://127.0.0.1:$port/")
  "${load[@]}" >"$work/warm"
  "${load[@]}" | awk '/^Requests\/sec:/ { print $2 }'
}

pairs "$@"
