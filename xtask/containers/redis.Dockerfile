# In place of Redis's image, where no registry can be reached.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends redis-server \
    && rm -rf /var/lib/apt/lists/*
