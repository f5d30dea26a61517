#!/usr/bin/env bash
# Requests per second of a Python application, by wrk, for the entries python-web and gunicorn: see lib.sh.
# PYTHON is an interpreter that has gunicorn, uvicorn and granian (default: that of .venv).
source "$(dirname "$0")/lib.sh"

PYTHON=${PYTHON:-$here/../../.venv/bin/python}
defaults=(
  [server]=gunicorn [workers]=1 [backlog]=2048 [worker_class]= [threads]= [keep_alive]= [preload]= [loop]= [http]=
  [interface]= [runtime_mode]= [blocking_threads]=
)

# The interpreter may lie where nobody else may read, so it runs as whoever runs this.
plainly() { exec "$@"; }

start() {
  local name options=()
  port=$(free_port)
  empty_data
  cp "$workloads/python_web_app.py" "$data"
  for name in "${!value[@]}"; do
    case $name in server | preload) continue ;; esac
    [ -z "${value[$name]}" ] || options+=("--${name//_/-}=${value[$name]}")
  done
  [ "${value[preload]}" != true ] || options+=(--preload)
  case ${value[server]} in
  gunicorn) serve "$PYTHON" -m gunicorn "--bind=127.0.0.1:$port" "${options[@]}" python_web_app:wsgi ;;
  uvicorn) serve "$PYTHON" -m uvicorn "--port=$port" --no-access-log "${options[@]}" python_web_app:asgi ;;
  granian) serve "$PYTHON" -m granian "--port=$port" --no-access-log "${options[@]}" "python_web_app:${value[interface]:-asgi}" ;;
  esac
  until_works curl -fso /dev/null "http://127.0.0.1:$port/?0"
}

measure() {
  local url=http://127.0.0.1:$port/
  wrk -t 2 -c 16 -d 1 -s "$workloads/python_web_wrk.lua" "$url" >/dev/null
  wrk -t 2 -c 16 -d 1 -s "$workloads/python_web_wrk.lua" "$url" | awk '/^Requests\/sec:/ {print $2}'
}

pairs "$@"
