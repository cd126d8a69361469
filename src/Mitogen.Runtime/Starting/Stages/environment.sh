# Variables that change what a .NET runtime does are the target's, and the program's own settings are to hold. The runtime does not get to
# see them; the context gives them to its program and to what that starts, as KeptEnvironment says.
case $(env) in
  *DOTNET_*|*COMPlus_*|*CORECLR_*|*COREHOST_*)
    for mg_v in $(env | sed "s/=.*//"); do
      case $mg_v in
        *[!A-Za-z0-9_]*) ;;
        DOTNET_ROOT*) ;;
        DOTNET_*|COMPlus_*|CORECLR_*|COREHOST_*)
          eval '[ "${'$mg_v'+set}" ] && export mitogen_kept_'$mg_v'="$'$mg_v'" && unset '$mg_v;;
      esac;
    done;;
esac 2>/dev/null;
