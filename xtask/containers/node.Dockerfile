# In place of Node's image, where no registry can be reached: this machine's.
FROM debian:bookworm-slim
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
