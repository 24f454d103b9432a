# The images of eBook Scene Packer, one target each:
#   backend   the product: web app, REST API, job workers, commands (the default)
#   frontend  nginx with the built site: scripts, styles, fonts, compressed ahead and named by their content
#   proxy     nginx in front of everything: TLS, load balancing, limits
#
#   docker build --target backend -t ghcr.io/yourorg/ebook-scene-packer:latest-backend .
#
# Every base image is an argument, for registries of one's own and for images that already hold the tools below.
ARG RUST_IMAGE=rust:1.95-slim-bookworm
ARG NODE_IMAGE=node:20-bookworm-slim
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${NODE_IMAGE} AS node

# --- What compiles ----------------------------------------------------------------------------------------------------
FROM ${RUST_IMAGE} AS toolchain
# The same as in xtask/src/tools.rs and Cargo.lock, as Rust above is that of rust-toolchain.toml and Node that of
# package.json; `cargo xtask deployment` compares all four.
ARG CARGO_LEPTOS_VERSION=0.3.10
ARG WASM_BINDGEN_VERSION=0.2.130
# Used here alone.
ARG CARGO_CHEF_VERSION=0.1.78
ENV ESP_TOOLS_DIR=/opt/tools PATH=/opt/tools/bin:$PATH
RUN apt-get update \
    && apt-get install --yes --no-install-recommends build-essential ca-certificates git libssl-dev perl pkg-config \
    && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
# Some twelve minutes on two cores, once; an image given as RUST_IMAGE may bring them in /opt/tools.
RUN test -x /opt/tools/bin/cargo-leptos \
    || cargo install cargo-leptos --version "${CARGO_LEPTOS_VERSION}" --locked --debug --root /opt/tools
RUN test -x /opt/tools/bin/wasm-bindgen \
    || CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=fallback cargo install wasm-bindgen-cli \
        --version "${WASM_BINDGEN_VERSION}" --no-default-features --bin wasm-bindgen --debug --root /opt/tools
RUN test -x /opt/tools/bin/cargo-chef \
    || cargo install cargo-chef --version "${CARGO_CHEF_VERSION}" --locked --debug --root /opt/tools
WORKDIR /build

# --- What the dependencies are, without the sources, so that they are compiled anew only when they change -------------
FROM toolchain AS plan
COPY . .
RUN cargo chef prepare --recipe-path /recipe.json

# --- Both halves in one stage: the site goes into the binary ----------------------------------------------------------
FROM toolchain AS build
COPY --from=plan /recipe.json /recipe.json
COPY rust-toolchain.toml ./
RUN cargo chef cook --recipe-path /recipe.json --profile wasm-release --package frontend-wasm \
        --target wasm32-unknown-unknown --target-dir target/front
RUN cargo chef cook --recipe-path /recipe.json --profile server-release --package server --bin ebook-scene-packer
COPY package.json package-lock.json .npmrc ./
# For networks whose proxy signs with a certificate of its own: npm does not read the system's.
ARG NODE_EXTRA_CA_CERTS
RUN npm ci --no-progress && cp package-lock.json node_modules/.installed-lock.json
COPY . .
RUN cargo xtask build --release

# --- The product ------------------------------------------------------------------------------------------------------
FROM ${BASE_IMAGE} AS backend
RUN apt-get update \
    && apt-get install --yes --no-install-recommends age ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 packer \
    && useradd --uid 10001 --gid packer --no-create-home --home-dir /data --shell /usr/sbin/nologin packer \
    && install --directory --owner=packer --group=packer --mode=0700 /data
COPY --from=build /build/target/server-release/ebook-scene-packer /usr/local/bin/ebook-scene-packer
# The commands of the deployment guide under the names they have there.
COPY deploy/flask /usr/local/bin/flask
ENV APP_ENV=production BIND_ADDR=0.0.0.0:5000 DATA_DIR=/data
USER 10001:10001
WORKDIR /data
EXPOSE 5000
# Everything that is written goes to /data; the rest may be mounted read-only.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["ebook-scene-packer", "healthcheck"]
# SIGTERM drains: no new connection, every request under way is answered.
STOPSIGNAL SIGTERM
ENTRYPOINT ["ebook-scene-packer"]
CMD ["serve"]

# --- nginx, as the frontend and the proxy use it ----------------------------------------------------------------------
FROM ${BASE_IMAGE} AS nginx
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl gettext-base \
        libnginx-mod-http-brotli-filter libnginx-mod-http-brotli-static nginx openssl \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner=www-data --group=www-data /run/nginx /var/www/acme /srv/assets /run/certificates
COPY nginx /opt/nginx
# www-data
USER 33:33
EXPOSE 8080
STOPSIGNAL SIGQUIT
ENTRYPOINT ["/opt/nginx/start.sh"]

FROM nginx AS frontend
COPY --from=build /build/target/site /srv/site
CMD ["frontend"]
HEALTHCHECK --interval=10s --timeout=3s --retries=3 CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/nginx-health"]

FROM nginx AS proxy
CMD ["proxy"]
EXPOSE 8443
HEALTHCHECK --interval=10s --timeout=3s --retries=3 CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/nginx-health"]

# Without --target it is the product that is built.
FROM backend
