#!/bin/sh
# Called by certbot and by run.sh with RENEWED_LINEAGE: puts the certificate where nginx, which is not root, may read it.
# nginx looks at its time, so one that is there already stays untouched.
set -eu
from=$RENEWED_LINEAGE
to=/run/certificates
if cmp -s "$from/fullchain.pem" "$to/site.crt" && cmp -s "$from/privkey.pem" "$to/site.key"; then
    exit 0
fi
cp "$from/privkey.pem" "$to/site.key.new"
cp "$from/fullchain.pem" "$to/site.crt.new"
# www-data of the image.
chown 33:33 "$to/site.key.new" "$to/site.crt.new"
chmod 400 "$to/site.key.new"
mv "$to/site.key.new" "$to/site.key"
mv "$to/site.crt.new" "$to/site.crt"
echo "nginx is handed the certificate ${from##*/}."
