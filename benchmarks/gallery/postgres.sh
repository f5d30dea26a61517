#!/usr/bin/env bash
# Transactions per second of PostgreSQL under TPC-B, by pgbench: benchmarks/gallery/postgres.sh 20 commit_delay=100
source "$(dirname "$0")/service.sh"
reads_export
default=(
  [synchronous_commit]=on [wal_writer_delay]=200 [fsync]=true [full_page_writes]=true [wal_sync_method]=fdatasync
  [commit_delay]=0 [commit_siblings]=5 [wal_compression]=off [wal_buffers]=-1 [shared_buffers]=128
  [max_wal_size]=1024 [bgwriter_delay]=200
)

declare -A unit=([shared_buffers]=MB [max_wal_size]=MB [wal_writer_delay]=ms [bgwriter_delay]=ms)
stop_signal=INT
PATH=$(printf '%s:' $(ls -d /usr/lib/postgresql/*/bin | sort -rV))$PATH

# What is not written is PostgreSQL's own default, as in the baseline everything is.
settings() {
  local name
  for name in "${!now[@]}"; do
    case ${now[$name]} in unset | "${default[$name]}") ;; *) echo "$name = '${now[$name]}${unit[$name]-}'" ;; esac
  done
}

start() {
  port=$(free_port)
  empty_data
  serve initdb -D "$data" -U postgres --auth=trust --no-sync
  wait "$pid"
  {
    printf "listen_addresses = ''\nunix_socket_directories = '%s'\n" "$data"
    settings
    [ -z "$(own_file)" ] || printf "include_if_exists '%s'\n" exported.conf
  } >>"$data/postgresql.conf"
  [ -z "$(own_file)" ] || cp "$(own_file)" "$data/exported.conf"
  give
  serve postgres -D "$data" -p "$port"
  until_works pg_isready -q -h "$data" -p "$port"
  at=(-h "$data" -p "$port" -U postgres)
  pgbench "${at[@]}" -i -q -s 5 postgres >"$work/made" 2>&1
  psql "${at[@]}" -q -c "VACUUM pgbench_accounts" -c CHECKPOINT postgres
}

measure() {
  pgbench "${at[@]}" -c 8 -j 2 -T 1 postgres >"$work/warm" 2>&1
  pgbench "${at[@]}" -c 8 -j 2 -T 2 postgres 2>"$work/said" | sed -n 's/^tps = \([0-9.]*\) (without.*/\1/p'
}

pairs "$@"
