FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libyaml-dev libcurl4-openssl-dev libsqlite3-dev libssl-dev zlib1g-dev libpcre2-dev pkg-config \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
COPY Benchmarks Benchmarks
RUN swift build --configuration release --static-swift-stdlib --product fnrun \
    && install -D --strip .build/release/fnrun /out/fnrun

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libyaml-0-2 libcurl4 libsqlite3-0 libssl3 zlib1g libpcre2-8-0 libstdc++6 ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/fnrun --create-home fnrun
COPY --from=build /out/fnrun /usr/local/bin/fnrun
COPY scripts/image-entrypoint /usr/local/bin/image-entrypoint
COPY --chown=fnrun:fnrun jobs /jobs
USER fnrun
WORKDIR /var/lib/fnrun
STOPSIGNAL SIGTERM
ENTRYPOINT ["image-entrypoint"]
CMD ["fnrun", "schedule", "/jobs"]
