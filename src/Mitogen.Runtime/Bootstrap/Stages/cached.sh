# The second stage for a native payload that may lie on the target already, in a directory that only this user can enter: it is entered
# first and is the current one from then on, so nobody can put another in its place. What others could put there before must be this user's own,
# and is made so that nobody else can write to it; the hash is taken of the opened file, and that file is executed. If it is not there, it is asked for, and kept where the directory allows execution and has room; else it is run as if there
# were no cache. A home that is somebody else's (sudo -E) is left alone.
umask 077;
w=$PWD;
back() { cd "$w" 2>/dev/null || cd /; };
c=${XDG_CACHE_HOME:-$HOME/.cache}/mitogen;
{ [ -d /proc/self/fd ] && [ -O "${XDG_CACHE_HOME:-$HOME}" ] && mkdir -p "$c" && cd "$c" && [ -O . ] && chmod 700 . || c=; } 2>/dev/null;
if [ "$c" ] && [ -f %HASH% ] && [ -r %HASH% ]; then
  exec 9<%HASH%;
  { [ -O /proc/self/fd/9 ] && chmod 700 /proc/self/fd/0 <&9 || exec 9</dev/null; } 2>/dev/null;
  h=$(sha256sum </proc/self/fd/9);
  if [ "${h%% *}" = %HASH% ] && [ -x /proc/self/fd/9 ]; then
    back;
    echo "mitogen:%NONCE% cached";
    exec /proc/self/fd/9 %ARGUMENTS%;
  fi;
  exec 9<&-;
fi;
echo "mitogen:%NONCE% send";
t=%DIRECTORY%;
if [ "$c" ] && { echo "#!/bin/sh" >$t && chmod 700 $t && ./$t && head -c %SIZE% /dev/zero >$t && : >$t; } 2>/dev/null; then
  trap "rm -f $t" 0;
  trap "exit 1" 1 2 13 15;
  head -c %PACKED% | %UNPACK% >$t;
  [ $(wc -c <$t) -eq %SIZE% ] || { echo "mitogen:%NONCE% failed payload"; exit 1; };
  exec 9<$t;
  mv -f $t %HASH%;
  back;
  exec /proc/self/fd/9 %ARGUMENTS%;
fi;
[ "$c" ] && rm -f $t;
back;
%NATIVE%
