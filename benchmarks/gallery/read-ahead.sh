#!/usr/bin/env bash
# KiB/s of fio reading a cold file, by its own output: benchmarks/gallery/read-ahead.sh 20 read_ahead=2048
# As root: writes the read-ahead of the disk below /var/tmp, and restores it. With CONFIG=FILE the candidate is what
# that script applies, and takes back.
source "$(dirname "$0")/pairs.sh"
default=([read_ahead]=128)

"$python" "$workloads/read_ahead_file.py" cold --below /var/tmp --data "$work"
device=$(readlink -f "/sys/dev/block/$(stat -c %Hd:%Ld /var/tmp)")
[ ! -e "$device/partition" ] || device=$(dirname "$device")
queue=$device/queue/read_ahead_kb
before=$(cat "$queue")
trap 'echo "$before" > "$queue"; rm -rf "$work"' EXIT

export AUTOTUNE_UNDO=$work/undo

once() {
  echo "$before" > "$queue"
  if [ "${now[read_ahead]}" = applied ]; then sh "$CONFIG" apply >&2; else echo "${now[read_ahead]}" > "$queue"; fi
  fio --name=read --filename="$work/file" --rw=read --bs=128k --ioengine=psync --readonly --loops=8 --invalidate=1 \
    --minimal | cut -d ';' -f 7
  if [ "${now[read_ahead]}" = applied ]; then sh "$CONFIG" undo >&2; fi
}

exported() {
  echo read_ahead=applied
}

pairs "$@"
