# The second stage for a native executable that may lie on the target already, in a directory that only this user can enter: it is entered
# first and is the current one from then on, so nobody can put another in its place. What others could put there before must be this user's own,
# and is made so that nobody else can write to it; the hash is taken of the opened file, and that file is executed. If it is not there, it is asked for, and kept where the directory allows execution and has room; else it is run as if there
# were no cache. A home that is somebody else's (sudo -E) is left alone.
%ENVIRONMENT%
mg_umask=$(umask);
umask 077;
mg_pwd=$PWD;
mg_oldpwd=$OLDPWD;
back() {
  umask $mg_umask;
  cd "$mg_pwd" 2>/dev/null || cd /;
  OLDPWD=$mg_oldpwd;
  [ "$OLDPWD" ] || unset OLDPWD;
};
mg_c=${XDG_CACHE_HOME:-$HOME/.cache}/mitogen;
{ [ -d /proc/self/fd ] && [ -O "${XDG_CACHE_HOME:-$HOME}" ] && mkdir -p "$mg_c" && cd "$mg_c" && [ -O . ] && chmod 700 . || mg_c=; } 2>/dev/null;
if [ "$mg_c" ] && [ -f %HASH% ] && [ -r %HASH% ]; then
  exec 9<%HASH%;
  { [ -O /proc/self/fd/9 ] && chmod 700 /proc/self/fd/0 <&9 || exec 9</dev/null; } 2>/dev/null;
  mg_h=$(sha256sum </proc/self/fd/9);
  if [ "${mg_h%% *}" = %HASH% ] && [ -x /proc/self/fd/9 ]; then
    back;
    echo "mitogen:%NONCE% cached";
    exec /proc/self/fd/9 %ARGUMENTS%;
  fi;
  exec 9<&-;
fi;
echo "mitogen:%NONCE% send";
mg_t=%DIRECTORY%;
if [ "$mg_c" ] && {
  echo "#!/bin/sh" >$mg_t && chmod 700 $mg_t && ./$mg_t &&
  { dd if=/dev/zero of=$mg_t bs=65536 count=%ROOM% || head -c %SIZE% /dev/zero >$mg_t; } && : >$mg_t;
} 2>/dev/null; then
  trap "rm -f $mg_t" 0;
  trap "exit 1" 1 2 13 15;
  %TAKE%
  look() { ls -ln $mg_t; };
  take | %UNPACK% >$mg_t;
  exec 9<$mg_t;
  whole || { echo "mitogen:%NONCE% failed executable"; exit 1; };
  mv -f $mg_t %HASH%;
  trap - 0;
  back;
  exec /proc/self/fd/9 %ARGUMENTS%;
fi;
[ "$mg_c" ] && rm -f $mg_t;
back;
%NATIVE%
