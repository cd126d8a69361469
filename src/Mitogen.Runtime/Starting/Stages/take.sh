# Takes the %PACKED% bytes of the executable from standard input, and gives up when what they become has not grown for %PATIENCE% seconds, as
# look shows it: a dead line may never end.
#
# Of the tools that can count, dd is the quickest where it knows how to fill its blocks (else it takes less from a pipe); busybox's head takes the
# bytes one by one. What is run in the background can be given up, but has no standard input of its own.
#
# What stop ends may be a copy of this shell still, which forgets all signals but SIGKILL. Before a shell has started anything itself, the last
# process is that of the shell above.
stop() { [ "$!" = "$mg_t" ] || kill -9 $!; wait $!; exit 1; };
take() {
  exec 3<&0;
  (
    trap stop 15;
    if dd bs=1 count=0 iflag=fullblock </dev/null; then
      dd bs=65536 count=%BLOCKS% iflag=fullblock <&3 & wait $!;
      dd bs=%REST% count=1 iflag=fullblock <&3 & wait $!;
    elif head -c 0 </dev/null; then
      head -c %PACKED% <&3 & wait $!;
    else
      dd bs=1 count=%PACKED% <&3 & wait $!;
    fi;
  ) & mg_t=$!;
  (
    trap stop 15;
    mg_o=;
    while sleep %PATIENCE% & wait $!; do
      mg_n=$(look);
      [ "$mg_n" = "$mg_o" ] && kill $mg_t && exit;
      mg_o=$mg_n;
    done
  ) </dev/null >/dev/null 3<&- & mg_w=$!;
  wait $mg_t;
  kill $mg_w;
  wait $mg_w;
} 2>/dev/null;

# Whether descriptor 9 is a file of %SIZE% bytes. Where there is no /proc, or ls has its own way, its bytes are counted.
whole() {
  set -- $(ls -lnL /proc/self/fd/0 <&9);
  [ "$5" = %SIZE% ] || [ "$(wc -c <&9)" -eq %SIZE% ];
} 2>/dev/null;
