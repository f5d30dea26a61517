#!/usr/bin/env bash
# Transactions per second of PostgreSQL under TPC-B, by pgbench, for the entries postgres and postgres-async: see lib.sh.
source "$(dirname "$0")/lib.sh"

PATH=$(printf '%s:' $(ls -d /usr/lib/postgresql/*/bin | sort -rV))$PATH
stop_signal=INT
# What is not here is PostgreSQL's own default, and is not written for the baseline.
defaults=(
  [synchronous_commit]=on [wal_writer_delay]=200 [fsync]=on [full_page_writes]=on [wal_sync_method]=fdatasync
  [commit_delay]=0 [commit_siblings]=5 [wal_compression]=off [wal_buffers]=-1 [shared_buffers]=128
  [max_wal_size]=1024 [bgwriter_delay]=200
)

unit_of() {
  case $1 in
  shared_buffers | max_wal_size) echo MB ;;
  wal_writer_delay | bgwriter_delay) echo ms ;;
  esac
}

start() {
  local name
  port=$(free_port)
  empty_data
  serve initdb -D "$data" -U postgres --auth=trust --no-sync
  wait "$pid"
  {
    echo "listen_addresses = ''"
    echo "unix_socket_directories = '$data'"
    if exported "$1"; then
      cp "$CONFIG" "$data/exported.conf"
      echo "include_if_exists 'exported.conf'"
    else
      for name in "${!value[@]}"; do
        [ "${value[$name]}" = "${defaults[$name]}" ] || echo "$name = '${value[$name]}$(unit_of "$name")'"
      done
    fi
  } >>"$data/postgresql.conf"
  give
  serve postgres -D "$data" -p "$port"
  until_works pg_isready -q -h "$data" -p "$port"
  pgbench -h "$data" -p "$port" -U postgres -i -q -s 5 postgres 2>/dev/null >&2
  psql -q -h "$data" -p "$port" -U postgres -c "VACUUM pgbench_accounts" -c CHECKPOINT postgres
}

measure() {
  local load=(pgbench -h "$data" -p "$port" -U postgres -c 8 -j 2)
  "${load[@]}" -T 1 postgres >/dev/null 2>&1
  "${load[@]}" -T 2 postgres 2>/dev/null | sed -n 's/^tps = \([0-9.]*\) (without.*/\1/p'
}

pairs "$@"
