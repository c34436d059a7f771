# The image of daygate: `docker build -t registry.example.com/daygate .` (docs/install.md).
#
# All the steps are those of scripts/image-root.sh. A release names both bases by digest, as daygate's own policies ask:
#   --build-arg NODE_IMAGE=node:24.21.0-bookworm-slim@sha256:… --build-arg BASE_IMAGE=gcr.io/distroless/cc-debian12:nonroot@sha256:…
# With SOURCE_DATE_EPOCH given to docker as well (`--output type=image,rewrite-timestamp=true`) two builds are the same.
ARG NODE_IMAGE=node:24.21.0-bookworm-slim
# The C library and what a C++ program needs, certificates, a user: no shell, no package manager.
ARG BASE_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${NODE_IMAGE} AS build
ARG SOURCE_DATE_EPOCH=0
WORKDIR /src
COPY . .
RUN sh scripts/image-root.sh /image

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title=daygate \
  org.opencontainers.image.description="Production readiness for Kubernetes, enforced at admission" \
  org.opencontainers.image.licenses=Apache-2.0
COPY --from=build /image /
ENV NODE_ENV=production
WORKDIR /app
USER 65532:65532
EXPOSE 8443
ENTRYPOINT ["/usr/local/bin/node", "/app/bin/daygate.js"]
CMD ["serve", "--help"]
