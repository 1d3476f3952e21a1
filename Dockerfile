# The program in one image: built with Rust, run on bare Debian by a user without rights, the base in a volume.
#
#   docker build -t waqia .
#   docker run --detach --name waqia --publish 127.0.0.1:8000:8000 --volume waqia:/data waqia
#   docker exec waqia waqia keys create --name me --scope ingest
#
# docs/OPERATIONS.md says more. `HEALTHCHECK` is kept by images in Docker's format only (`buildah build --format docker`).

FROM docker.io/library/rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN cargo build --release --locked && cp target/release/waqia /waqia && rm -rf target

FROM docker.io/library/debian:bookworm-slim
# A fixed number, so that the owner of a mounted folder can be set from outside.
RUN groupadd --system --gid 10001 waqia \
    && useradd --system --uid 10001 --gid waqia --home-dir /data --shell /usr/sbin/nologin waqia \
    && install --directory --owner=waqia --group=waqia --mode=0750 /data
COPY --from=build /waqia /usr/local/bin/waqia
USER 10001:10001
WORKDIR /data
VOLUME /data
# All of the container's addresses: what is let in is for the runtime's `--publish`, and writing needs a key.
ENV WAQIA_LISTEN=0.0.0.0:8000 WAQIA_DATABASE=/data/waqia.db WAQIA_LOG_FORMAT=json
EXPOSE 8000
STOPSIGNAL SIGTERM
# The first start makes the base and fills it with the seed documents.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["waqia", "healthcheck"]
ENTRYPOINT ["waqia"]
CMD ["serve"]
