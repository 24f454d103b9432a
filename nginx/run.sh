#!/bin/sh
# Runs nginx in the foreground with what render.sh made: run.sh proxy|frontend PREFIX [DIRECTIVES]
#
# nginx writes down the whole address of a request that failed, and that of the page it came from; in both there may be
# the token of a link to set up or to choose a new password. What it says is passed on without them.
set -eu

role=$1
prefix=$2
pipe=$prefix/errors.pipe

[ -p "$pipe" ] || mkfifo "$pipe"
# Ends by itself when nginx does.
sed -u 's/\([?&]token=\)[^&" ]*/\1hidden/g' < "$pipe" >&2 &
exec nginx -p "$prefix" -c "$prefix/conf/$role.conf" -g "daemon off; ${3:-}" 2> "$pipe"
