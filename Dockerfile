# The server in a container: docker build -t tradebook . && docker run -p 8080:8080 -v tradebook:/var/lib/tradebook tradebook
# tests/deploy/check.sh runs the same steps in a plain folder, where there is no container engine.

FROM rust:1.95.0-slim-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev libssl-dev make perl pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN cargo build --release --locked --package tradebook --features s3

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates curl libssl3 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/tradebook --create-home tradebook
COPY --from=build /source/target/release/tradebook /usr/local/bin/tradebook
USER 10001
WORKDIR /var/lib/tradebook
VOLUME /var/lib/tradebook
ENV TRADEBOOK_LISTEN=0.0.0.0:8080 \
    TRADEBOOK_DATABASE=sqlite:///var/lib/tradebook/tradebook.db \
    TRADEBOOK_LOG_FORMAT=json
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:8080/health/live"]
ENTRYPOINT ["tradebook"]
CMD ["serve"]
