# What /bin/sh is asked to run by a tool that could start the user's login shell itself: that shell runs files of the user's, which could ask
# for the password in the tool's words. So it is started by the line that comes when this word was heard.
mg_m=mito""gen:%NONCE%;
echo "$mg_m" shell;
%LISTEN%
