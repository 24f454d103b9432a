# shellcheck shell=sh
# What the site is called and where its certificate is, for whoever sources this: from PUBLIC_URL, unless it is told.
#
#   SITE_NAME            the host of PUBLIC_URL, where people are
#   SERVER_NAMES         every name that the certificate holds for (SITE_NAME)
#   OTHER_NAMES          those of them that lead there; one that nobody can have, where there is none (RFC 6761)
#   TLS_CERTIFICATE      /etc/ssl/certs/FIRST_NAME.crt
#   TLS_CERTIFICATE_KEY  /etc/ssl/private/FIRST_NAME.key
: "${PUBLIC_URL:?is not set: it is the address that people use, such as https://books.example.org}"

# The same name however it is written.
in_small_letters() {
    printf '%s' "$1" | tr '[:upper:]' '[:lower:]'
}

host=${PUBLIC_URL#*://}
host=${host%%/*}
SITE_NAME=$(in_small_letters "${host%%:*}")
: "${SERVER_NAMES:=$SITE_NAME}"
OTHER_NAMES=
for name in $(in_small_letters "$SERVER_NAMES"); do
    [ "$name" = "$SITE_NAME" ] || OTHER_NAMES="$OTHER_NAMES $name"
done
OTHER_NAMES=${OTHER_NAMES# }
: "${OTHER_NAMES:=none.invalid}"
first_name=${SERVER_NAMES%% *}
: "${TLS_CERTIFICATE:=/etc/ssl/certs/$first_name.crt}"
: "${TLS_CERTIFICATE_KEY:=/etc/ssl/private/$first_name.key}"
