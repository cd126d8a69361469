# Makes a directory of our own, d, in the first place that is writable, allows execution and has room for %SIZE% bytes; memory first.
# Its name cannot be guessed, and it came by standard input, so nobody has seen it: what is there already is not ours. It is deleted
# when the shell ends, however that happens short of SIGKILL.
umask 077;
fail() { echo "mitogen:%NONCE% failed $*"; exit 1; };
clear() { [ "$d" ] && rm -rf "$d"; };
trap clear 0;
trap "exit 1" 1 2 13 15;
for p in "$XDG_RUNTIME_DIR" /dev/shm /tmp /var/tmp "$HOME" .; do
  [ -d "$p" ] || continue;
  d=$p/.mitogen-%DIRECTORY%;
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
