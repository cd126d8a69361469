# The first stage: what a connection's tool is asked to run, as sh -c '...', perhaps by way of a login shell that is not sh. So it has
# no quote, backslash, exclamation mark or newline (here lines are joined by a space and comments are dropped when it is built).
#
# It reports the system, the loaders of its C libraries and which of some tools it has, and then runs the one line that comes down its
# standard input.

# The marker is put together here so that a shell that prints its commands does not print the marker.
m=mito""gen:%NONCE%;

# A current directory that cannot be entered (another user's, or a deleted one) is a trap for everything that is started in it.
cd . 2>/dev/null || cd /;

echo "$m" report $(uname -sm) /lib*/ld-* $(for c in perl python3 gzip tar; do command -v $c; done);
%LISTEN%
