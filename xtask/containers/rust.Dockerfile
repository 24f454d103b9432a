# In place of Rust's image, where no registry can be reached: this machine's toolchain, and the tools it has built.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
COPY toolchain /usr/local
COPY tools /opt/tools/bin
