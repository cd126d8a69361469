# Becomes the user's login shell, as the users' list has it, in the home folder; that shell runs the first stage. A shell that runs nothing
# says so to people only, if at all.
#
# Shells of csh's family take -l only alone, and so read the files of a login here.
mg_u=$(id -un);
mg_e=$(getent passwd "$mg_u" 2>/dev/null || grep "^$mg_u:" /etc/passwd);
[ "${mg_e##*:}" ] && SHELL=${mg_e##*:};
export SHELL;
cd "$HOME" 2>/dev/null || cd /;
unset OLDPWD;
mg_f="exec sh -c '"'%FIRST%'"'";
case $SHELL in
  */nologin|*/false) echo "mitogen:%NONCE% failed login $SHELL"; exit 1;;
  *csh) exec "$SHELL" -c "if (-r /etc/csh.login) source /etc/csh.login; if (-r ~/.login) source ~/.login; $mg_f";;
  *) exec "$SHELL" -l -c "$mg_f";;
esac
