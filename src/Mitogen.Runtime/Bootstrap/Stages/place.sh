# Makes a directory of our own, d, in the first place that is writable, allows execution and has room for %SIZE% bytes; memory first.
# Its name ($mitogen_place) cannot be guessed, and nobody has seen it before mkdir is told: what is there already is not ours. A place is
# left alone in which somebody else could put another directory under that name: one that is neither this user's nor root's, or that others
# may write to and that is not sticky. It is deleted when the shell ends, however that happens short of SIGKILL.
n=$mitogen_place;
unset mitogen_place;
umask 077;
safe() {
  set -- "$1" $(ls -ldn "$1/.");
  case $2 in
    d????????[tT]*) ;;
    d????w*|d???????w*) return 1;;
  esac;
  [ "$4" = 0 ] || [ -O "$1/." ];
};
fail() { echo "mitogen:%NONCE% failed $*"; exit 1; };
clear() { [ "$d" ] && rm -rf "$d"; };
trap clear 0;
trap "exit 1" 1 2 13 15;
for p in "$XDG_RUNTIME_DIR" /dev/shm /tmp /var/tmp "$HOME" .; do
  [ -d "$p" ] && safe "$p" || continue;
  d=$p/.mitogen-$n;
  mkdir "$d" 2>/dev/null || { d=; continue; };
  f=$d/mitogen;
  {
    echo "#!/bin/sh" >"$f" && chmod 700 "$f" && "$f" &&
    if command -v dd >/dev/null; then dd if=/dev/zero of="$f" bs=65536 count=%ROOM%; else head -c %SIZE% /dev/zero >"$f"; fi && : >"$f";
  } 2>/dev/null && break;
  clear;
  d=;
done;
[ "$d" ] || fail place;
