# Makes a directory of our own, mg_d, in the first place that is writable, allows execution and has room for %SIZE% bytes; memory first.
# Its name ($mg_place) cannot be guessed, and nobody has seen it before mkdir is told: what is there already is not ours. A place is
# left alone in which somebody else could put another directory under that name: one that is neither this user's nor root's, or that others
# may write to and that is not sticky. It is deleted when the shell ends, however that happens short of SIGKILL. What is made here is
# for this user alone; what the program makes is not ours to say.
mg_n=$mg_place;
unset mg_place;
mg_umask=$(umask);
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
clear() { [ "$mg_d" ] && rm -rf "$mg_d"; };
trap clear 0;
trap "exit 1" 1 2 13 15;
for mg_p in "$XDG_RUNTIME_DIR" /dev/shm /tmp /var/tmp "$HOME" .; do
  [ -d "$mg_p" ] && safe "$mg_p" || continue;
  mg_d=$mg_p/.mitogen-$mg_n;
  mkdir "$mg_d" 2>/dev/null || { mg_d=; continue; };
  mg_f=$mg_d/mitogen;
  {
    echo "#!/bin/sh" >"$mg_f" && chmod 700 "$mg_f" && "$mg_f" &&
    { dd if=/dev/zero of="$mg_f" bs=65536 count=%ROOM% || head -c %SIZE% /dev/zero >"$mg_f"; } && : >"$mg_f";
  } 2>/dev/null && break;
  clear;
  mg_d=;
done;
[ "$mg_d" ] || fail place;
