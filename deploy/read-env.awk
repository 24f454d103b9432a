# Prints NAME=VALUE for those of `wanted`, names between blanks, that .env sets, as Compose reads them: quotes,
# comments behind a value, the ends of lines of other systems, values over several lines. The last one of a name holds.
#
# What Compose would put in or unfold (`$`, `\n`, several lines) is refused for these names, not guessed at.
function refuse(why) {
    print "read-env: .env line " NR ": " name " " why > "/dev/stderr"
    refused = 1
    exit 2
}

# Takes the text behind an opening quotation mark up to the one that closes; `closed` says whether it was there.
function inside(text,    at, character, taken) {
    closed = 0
    taken = ""
    for (at = 1; at <= length(text); at++) {
        character = substr(text, at, 1)
        if (character == "\\" && substr(text, at + 1, 1) == mark) {
            at++
            taken = taken mark
        } else if (character == mark) {
            closed = 1
            return taken
        } else {
            taken = taken character
        }
    }
    return taken
}

{ sub(/\r$/, "") }

mark != "" {
    inside($0)
    if (closed) mark = ""
    next
}

{
    line = $0
    sub(/^[ \t]+/, "", line)
    sub(/^export[ \t]+/, "", line)
    if (line ~ /^#/ || !match(line, /^[A-Za-z_][A-Za-z0-9_.-]*[ \t]*[=:]/)) next
    name = substr(line, 1, RLENGTH - 1)
    sub(/[ \t]+$/, "", name)
    value = substr(line, RLENGTH + 1)
    sub(/^[ \t]+/, "", value)
    is_wanted = index(" " wanted " ", " " name " ") > 0
    mark = substr(value, 1, 1)
    if (mark == "'" || mark == "\"") {
        value = inside(substr(value, 2))
        if (!closed) {
            if (is_wanted) refuse("goes over several lines: write it in one")
            next
        }
        if (is_wanted && mark == "\"" && value ~ /[$\\]/) refuse("holds `$` or `\\`: write it in single quotation marks")
        mark = ""
    } else {
        mark = ""
        sub(/ #.*/, "", value)
        sub(/[ \t]+$/, "", value)
        if (is_wanted && value ~ /\$/) refuse("holds `$`: write it in single quotation marks")
    }
    if (is_wanted) found[name] = value
}

END {
    if (refused) exit 2
    for (name in found) print name "=" found[name]
}
