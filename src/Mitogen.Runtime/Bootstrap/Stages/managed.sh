# The second stage for the managed agent: %PACKED% bytes follow, which %UNPACK% turns into a tar archive of %SIZE% bytes with the staged
# set. The agent deletes the directory as soon as it has loaded it.
for h in %DOTNET%; do
  [ -x "$h" ] || continue;
  t=$(readlink -f "$h");
  for v in "${t%/*}"/shared/Microsoft.NETCore.App/*; do
    case ${v##*/} in
      [1-9][0-9].*) r=$h;;
      [*]) ;;
      *) k="$k ${v##*/} ($h)";;
    esac;
  done;
  [ "$r" ] && break;
done;
[ "$r" ] || { echo "mitogen:%NONCE% failed runtime$k"; exit 1; };
mitogen_place=%DIRECTORY%;
%PLACE%
head -c %PACKED% | %UNPACK% | tar xof - -C "$d" || fail payload;
# The runtime's own pipes for debuggers lie in /tmp and stay there when it is killed. The agent takes this out of its environment again.
export DOTNET_EnableDiagnostics=0;
trap - 0;
exec "$r" exec "$d/Mitogen.Agent.dll" %ARGUMENTS%
