# The second stage for a native executable: %PACKED% bytes follow, which %UNPACK% turns into an executable of %SIZE% bytes.
#
# The name of the directory goes by a variable: arguments can be read by everybody on the machine.
#
# It is run from a memory file where perl or python can make one (%MEMORY% runs $0 with the number of one, or $1 where there is none),
# else from a file that is unlinked before it runs. A file that is open for writing cannot be executed, so it is opened again. All of that
# goes by /proc; without it, the file is run by its name, and the new context deletes it.
%ENVIRONMENT%
mg_place=%DIRECTORY%;
mg_take='%TAKE%';
mg_memory='eval "$mg_take";
unset mg_take mg_place;
look() { ls -lnL /proc/$$/fd/$0; };
take | %UNPACK% >/proc/self/fd/$0;
exec 9</proc/self/fd/$0;
eval "exec $0>&-";
whole && exec /proc/self/fd/9 %ARGUMENTS%;
echo "mitogen:%NONCE% failed executable"; exit 1';
mg_file='eval "$mg_take";
unset mg_take;
%PLACE%
look() { ls -ln "$mg_f"; };
take | %UNPACK% >"$mg_f";
exec 9<"$mg_f";
whole || fail executable;
umask $mg_umask;
[ -r /proc/self/fd/9 ] || exec "$mg_f" %ARGUMENTS% 9<&-;
clear;
mg_d=;
exec /proc/self/fd/9 %ARGUMENTS%';
[ -d /proc/self/fd ] || eval "$mg_file";
export mg_place mg_take;
%MEMORY%
