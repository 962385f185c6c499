# The keeper of one throwaway server: it stops the server and removes its
# folder when no test process holds the pipe any more.
#
#   sh keeper.sh FOLDER GRACE PIDFILE [COMMAND...]
#
# File descriptor 3 is the reading end of the pipe FOLDER/alive. Every test
# process that joins opens the other end, writes one line and keeps it open.
# GRACE is how many seconds to wait for a next process. COMMAND starts the
# server; without one, PIDFILE of the server says what to stop.
folder=$1
grace=$2
pidfile=$3
shift 3

pid=
if [ $# -gt 0 ]; then
	"$@" 3<&- &
	pid=$!
fi

while :; do
	cat <&3 >/dev/null # ends when the last writer is gone
	sleep "$grace" 3<&- # it must not look like a reader should this shell be killed
	# Whoever joined meanwhile has written a line; otherwise this is the end.
	read -r line <&3 || break
done

# From here on nobody joins: a process that finds no "open" after it opened the
# pipe lets go and starts another server. Those that saw it are waited for.
rm -f "$folder/open"
cat <&3 >/dev/null

if [ -z "$pid" ] && [ -f "$pidfile" ]; then
	read -r pid <"$pidfile"
fi
if [ -n "$pid" ] && kill -QUIT "$pid" 2>/dev/null; then
	wait "$pid" 2>/dev/null || sleep 1
fi
rm -rf "$folder"
