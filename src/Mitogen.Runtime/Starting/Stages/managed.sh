# The second stage for the managed agent: %PACKED% bytes follow, which %UNPACK% turns into a tar archive of %SIZE% bytes with the staged
# set. The agent deletes the directory as soon as it has loaded it.
for mg_h in %DOTNET%; do
  [ -x "$mg_h" ] || continue;
  mg_t=$(readlink -f "$mg_h");
  for mg_v in "${mg_t%/*}"/shared/Microsoft.NETCore.App/*; do
    case ${mg_v##*/} in
      [1-9][0-9].*) mg_r=$mg_h;;
      [*]) ;;
      *) mg_k="$mg_k ${mg_v##*/} ($mg_h)";;
    esac;
  done;
  [ "$mg_r" ] && break;
done;
[ "$mg_r" ] || { echo "mitogen:%NONCE% failed runtime$mg_k"; exit 1; };
%ENVIRONMENT%
%TAKE%
mg_place=%DIRECTORY%;
%PLACE%
look() { ls -lnR "$mg_d"; };
take | %UNPACK% | tar xof - -C "$mg_d" || fail executable;

# The runtime's own pipes for debuggers lie in /tmp and stay there when it is killed.
export DOTNET_EnableDiagnostics=0;

# A runtime may end before the agent's first act: it has too little memory, or a library is missing. Then nobody would delete the directory, so
# somebody waits for the end of a pipe that the runtime holds: in a session of its own where that can be had, for whoever gives this start up
# kills its group. The agent ends that wait.
if mkdir "$mg_d/end" && mkfifo "$mg_d/end/pipe"; then
  exec 8<>"$mg_d/end/pipe";
  mg_d=$mg_d $(command -v setsid) sh -c 'trap "" 1 2 13 15; read -r mg_l <&7; rm -rf "$mg_d"' \
    </dev/null >/dev/null 7<"$mg_d/end/pipe" 8<&- &
  export mitogen_cleaner=$!;
fi 2>/dev/null;
umask $mg_umask;
trap - 0;
[ "$mitogen_cleaner" ] || exec "$mg_r" exec "$mg_d/Mitogen.Agent.dll" %ARGUMENTS%;
exec "$mg_r" exec "$mg_d/Mitogen.Agent.dll" %ARGUMENTS% 8<&8
