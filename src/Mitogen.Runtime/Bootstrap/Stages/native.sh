# The second stage for a native payload: %PACKED% bytes follow, which %UNPACK% turns into an executable of %SIZE% bytes.
#
# The name of the directory goes by a variable: arguments can be read by everybody on the machine.
#
# It is run from a memory file where perl or python can make one (%MEMORY% runs $0 with the number of one, or $1 where there is none),
# else from a file that is unlinked before it runs. A file that is open for writing cannot be executed, so it is opened again. All of that
# goes by /proc; without it, the file is run by its name, and the new context deletes it.
#
# Where there is neither perl nor python there may be busybox, whose head and wc take the bytes one by one: dd takes blocks, and ls asks for
# the size. A dd that does not know how to fill its blocks would take less from a pipe.
mitogen_place=%DIRECTORY%;
s='unset mitogen_place;
head -c %PACKED% | %UNPACK% >/proc/self/fd/$0;
exec 9</proc/self/fd/$0;
eval "exec $0>&-";
[ $(wc -c </proc/self/fd/9) -eq %SIZE% ] && exec /proc/self/fd/9 %ARGUMENTS%;
echo "mitogen:%NONCE% failed payload"; exit 1';
d='%PLACE%
if dd bs=1 count=0 iflag=fullblock </dev/null 2>/dev/null; then
  { dd bs=65536 count=%BLOCKS% iflag=fullblock 2>/dev/null && head -c %REST%; } | %UNPACK% >"$f";
else
  head -c %PACKED% | %UNPACK% >"$f";
fi;
set -- $(ls -ln "$f");
[ "$5" = %SIZE% ] || fail payload;
exec 9<"$f";
[ -r /proc/self/fd/9 ] || exec "$f" %ARGUMENTS%;
clear;
d=;
exec /proc/self/fd/9 %ARGUMENTS%';
[ -d /proc/self/fd ] || eval "$d";
export mitogen_place;
%MEMORY%
