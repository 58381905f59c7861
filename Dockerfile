# syntax=docker/dockerfile:1
# Base images by digest, so that a build gives the same image. To update one:
#   docker buildx imagetools inspect rust:1.95-bookworm
ARG BUILD_IMAGE=rust:1.95-bookworm@sha256:6258907abe69656e41cd992e0b705cdcfabcbbe3db374f92ed2d47121282d4a1
ARG RUN_IMAGE=debian:bookworm-slim@sha256:3783cc01769c7b2b1b83a5c5ad96c815348e28ed7da68e2e3687004faa906251

FROM ${BUILD_IMAGE} AS build
WORKDIR /build
COPY . .
# The caches keep downloaded crates and compiled dependencies between builds (BuildKit). They are not part of the
# image, so the program is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --features s3 --bin godkjent \
    && cp target/release/godkjent /usr/local/bin/godkjent

FROM ${RUN_IMAGE}
# The certificates are for TLS to PostgreSQL, to issuers and to an S3-compatible store.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /data --create-home godkjent \
    && chmod 700 /data
COPY --from=build /usr/local/bin/godkjent /usr/local/bin/godkjent
USER 10001
WORKDIR /data
VOLUME /data
ENV GODKJENT_LISTEN=0.0.0.0:8080 \
    GODKJENT_DATABASE_URL=sqlite:/data/godkjent.db
EXPOSE 8080
# The image has no curl; bash itself can ask. `/livez`, since a registry without its database still serves public reads.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${GODKJENT_LISTEN##*:} && printf 'GET /livez HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["godkjent"]
CMD ["serve"]
