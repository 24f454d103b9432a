#!/bin/sh
# Runs nginx in the foreground with what render.sh made: run.sh proxy|frontend PREFIX [DIRECTIVES]
#
# nginx writes down the whole address of a request that failed, and that of the page it came from; in both there may be
# the token of a link: to set up, to choose a new password, to confirm an address, to open one release. What it says is
# passed on without them. An address inside another (`return=`) is encoded, perhaps more than once.
set -eu

role=$1
prefix=$2
pipe=$prefix/errors.pipe

[ -p "$pipe" ] || mkfifo "$pipe"
# Ends by itself when nginx does.
sed -u -E 's/(([?&]|%(25)*(3F|26))(token|link)(=|%(25)*3D))[^&" ]*/\1hidden/gI' < "$pipe" >&2 &
exec nginx -p "$prefix" -c "$prefix/conf/$role.conf" -g "daemon off; ${3:-}" 2> "$pipe"
