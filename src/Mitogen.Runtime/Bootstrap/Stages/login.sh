# Becomes the user's login shell, as the users' list has it, in the home folder; that shell runs the first stage.
#
# Shells of csh's family take -l only alone, and so read the files of a login here.
u=$(id -un);
e=$(getent passwd "$u" 2>/dev/null || grep "^$u:" /etc/passwd);
[ "${e##*:}" ] && SHELL=${e##*:};
export SHELL;
cd "$HOME" 2>/dev/null || cd /;
f="exec sh -c '"'%FIRST%'"'";
case $SHELL in
  *csh) exec "$SHELL" -c "if (-r /etc/csh.login) source /etc/csh.login; if (-r ~/.login) source ~/.login; $f";;
  *) exec "$SHELL" -l -c "$f";;
esac
