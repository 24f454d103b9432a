#!/bin/sh
# Called by certbot with RENEWED_LINEAGE: puts the certificate where nginx, which is not root, may read it.
set -eu
cp "$RENEWED_LINEAGE/privkey.pem" /run/certificates/site.key.new
cp "$RENEWED_LINEAGE/fullchain.pem" /run/certificates/site.crt.new
# www-data of the image.
chown 33:33 /run/certificates/site.key.new /run/certificates/site.crt.new
chmod 400 /run/certificates/site.key.new
mv /run/certificates/site.key.new /run/certificates/site.key
mv /run/certificates/site.crt.new /run/certificates/site.crt
