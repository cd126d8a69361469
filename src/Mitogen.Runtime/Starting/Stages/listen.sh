# Reads lines and runs those that are ours, without the marker in front. A shell reads a line byte by byte, so what follows the line is left
# for what the line starts. Any other line is somebody's answer to a question that was not asked: it is not run, and nobody gets to see it.
# At the end of its input the shell ends.
while read -r mg_l; do
  case "$mg_l" in "$mg_m "*) eval "${mg_l#* }";; esac;
done;
exit 1
