# The first stage: what a connection's tool is asked to run, as sh -c '...', perhaps by way of a login shell that is not sh. So it has
# no quote, backslash, exclamation mark or newline (here lines are joined by a space and comments are dropped when it is built).
#
# It reports the system, the loaders of its C libraries and which of some tools it has, and then runs the one line that comes down its
# standard input. The stages' own variables begin with mg_: one that the user has would be changed for the program, too.

# A login shell may redirect its input as well, and then nothing more would come.
[ -c /dev/stdin ] && {
  [ -t 0 ] || {
    echo "Standard input is a device before the first command runs: does a file of the login shell redirect it?" >&2;
    exit 1;
  };
};

# The marker is put together here so that a shell that prints its commands does not print the marker.
mg_m=mito""gen:%NONCE%;

# A current directory that cannot be entered (another user's) or is deleted is a trap for everything that is started in it. A shell can
# enter a deleted one, and some then call it a dot: the slash makes another directory of that.
[ . -ef "/$PWD" ] 2>/dev/null || cd /;

# What is compressed is sent unasked: so gzip has to show that it runs. Where standard output is closed, nobody hears the report.
echo "$mg_m" report $(uname -sm) /lib*/ld-* $(
  for mg_c in perl python3 tar; do command -v $mg_c; done;
  gzip -c </dev/null >/dev/null 2>/dev/null && command -v gzip
) >&1 || {
  echo "Standard output is closed before the first command runs: does a file of the login shell close it?" >&2;
  exit 1;
};
%LISTEN%
