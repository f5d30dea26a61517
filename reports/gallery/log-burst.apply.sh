#!/bin/sh
# autotune profile log-burst, run 2026-11-27T22-12-10
# verdict: better, p50_ms +84.7% [+81.5%, +89.8%] (positive is better), 12 pairs, margin 10%
# limits: p95_ms <= 1.05 * baseline: held; failures == 0: held
# risks: none
# The proof holds for all changes together, on the machine that it was given on.
# Use, as root: sh THIS_FILE apply | undo | status. Old values are on disk before anything is changed.
set -u
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH
LC_ALL=C
export LC_ALL
umask 077
undo=${AUTOTUNE_UNDO:-/var/lib/autotune/export-log-burst-2026-11-27T22-12-10.undo}
us=$(printf '\037') # between the fields of the undo file: no value of the kernel holds it
force=no

# What is set: path, kind, value. A `pair` is coupled with its `twin`, which the kernel sets to 0: both are kept.
places() {
  "$1" /proc/sys/net/unix/max_dgram_qlen plain 4087 || return 1
  "$1" /proc/sys/net/core/wmem_default plain 8279583 || return 1
}

now() { # the value at path $1, one space for each white space; of a list of choices the one in brackets
  text=$(cat -- "$1") || return 1
  case $1:$text in
    /sys/*:*\[*\]*) printf '%s\n' "$text" | sed -n 's/.*\[\([^]]*\)\].*/\1/p' ;;
    *) printf '%s' "$text" | tr -s ' \t\n' '   ' | sed 's/^ //; s/ $//' ;;
  esac
}

remember() {
  old=$(now "$1") || return 1
  printf '%s\n' "$1$us$2$us$old$us$3"
}

change() {
  [ "$2" = twin ] && return 0
  printf '%s\n' "$3" >"$1" || return 1
  found=$(now "$1")
  [ "$found" = "$3" ] && return 0
  echo "$1: $3 was asked for, the kernel made it $found" >&2
  return 1
}

show() {
  [ "$2" = twin ] && return 0
  found=$(now "$1") || found='not there'
  if [ "$found" = "$3" ]; then echo "as proven  $1 = $found"; else echo "differs    $1 = $found, proven: $3"; all=no; fi
}

put_back() { # uses path, kind, old and new of one line of the undo file
  found=$(now "$path") || return 1
  [ "$found" = "$old" ] && return 0
  if [ "$kind" != twin ] && [ "$force" = no ] && [ "$found" != "$new" ]; then
    echo "$path is $found, which this script did not write: left alone. To set $old all the same: sh $0 undo force" >&2
    return 1
  fi
  case $kind:$old in pair:0 | twin:0) return 0 ;; esac # its partner's value sets it to 0
  printf '%s\n' "$old" >"$path" || return 1
  found=$(now "$path")
  [ "$found" = "$old" ] && return 0
  echo "$path: $old was there before, the kernel made it $found" >&2
  return 1
}

undo_all() {
  bad=0
  sed '1!G;h;$!d' "$undo" >"$undo.back" || return 1 # last change first
  while IFS=$us read -r path kind old new; do put_back || bad=1; done <"$undo.back"
  rm -f "$undo.back"
  [ "$bad" = 0 ] && rm -f "$undo"
}

apply() {
  mkdir -p "${undo%/*}" || return 6
  places remember >"$undo.$$" || { rm -f "$undo.$$"; echo "a value cannot be read; nothing was changed" >&2; return 4; }
  sync "$undo.$$"
  # A link is made only where there is none yet: the first old values are never written over.
  if ! ln "$undo.$$" "$undo" 2>/dev/null; then
    rm -f "$undo.$$"
    echo "$undo holds the old values of an earlier apply; nothing was changed. First: sh $0 undo" >&2
    return 7
  fi
  rm -f "$undo.$$"
  sync "${undo%/*}"
  if places change; then
    echo "applied; to take it back: sh $0 undo"
    return 0
  fi
  force=yes
  if undo_all; then echo "not applied; all is as it was" >&2; return 4; fi
  echo "not applied, and NOT ALL IS AS IT WAS; the old values are in $undo" >&2
  return 5
}

undo() {
  [ -e "$undo" ] || { echo "nothing to undo"; return 0; }
  if undo_all; then echo "all is as it was"; return 0; fi
  echo "NOT ALL IS AS IT WAS; the old values are in $undo" >&2
  return 5
}

status() {
  all=yes
  places show
  [ -e "$undo" ] && echo "the old values are in $undo"
  [ "$all" = yes ]
}

trap '' HUP INT TERM # what was begun is ended
[ "${2:-}" = force ] && force=yes
case ${1:-} in
  apply) apply ;;
  undo) undo ;;
  status) status ;;
  *) echo "use: sh $0 apply | undo [force] | status" >&2; exit 2 ;;
esac
