# The second stage for a native payload that may lie on the target already, in a directory that only this user can enter. Its hash is
# taken of the opened file, and that file is executed, so nobody can put another in its place in between. If it is not there, it is asked for,
# and kept where the directory allows execution and has room; else it is run as if there were no cache.
umask 077;
c=${XDG_CACHE_HOME:-$HOME/.cache}/mitogen;
f=$c/%HASH%;
mkdir -p "$c" 2>/dev/null;
[ -O "$c" ] && chmod 700 "$c" || c=;
if [ "$c" ] && [ -f "$f" ]; then
  exec 9<"$f";
  h=$(sha256sum </proc/self/fd/9);
  [ "${h%% *}" = %HASH% ] && echo "mitogen:%NONCE% cached" && exec /proc/self/fd/9 %ARGUMENTS%;
  exec 9<&-;
fi;
echo "mitogen:%NONCE% send";
t=$c/%DIRECTORY%;
if [ "$c" ] && { echo "#!/bin/sh" >"$t" && chmod 700 "$t" && "$t" && head -c %SIZE% /dev/zero >"$t" && : >"$t"; } 2>/dev/null; then
  trap "rm -f \"$t\"" 0;
  trap "exit 1" 1 2 13 15;
  head -c %PACKED% | %UNPACK% >"$t";
  [ $(wc -c <"$t") -eq %SIZE% ] || { echo "mitogen:%NONCE% failed payload"; exit 1; };
  exec 9<"$t";
  mv -f "$t" "$f";
  exec /proc/self/fd/9 %ARGUMENTS%;
fi;
[ "$c" ] && rm -f "$t";
%NATIVE%
