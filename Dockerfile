FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked --features s3

FROM debian:bookworm-slim
# The certificates are for TLS to PostgreSQL.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --home-dir /data --create-home godkjent
COPY --from=build /build/target/release/godkjent /usr/local/bin/godkjent
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
