# syntax=docker/dockerfile:1
#
#   docker build -t guetteur .
#   docker run --security-opt seccomp=chromium-seccomp.json --shm-size=256m \
#     -p 127.0.0.1:8640:8640 -v guetteur-data:/data guetteur
#
# The browser reads pages we do not control, so it keeps its sandbox, and nothing here runs as root. The sandbox needs user
# namespaces, which Docker's default seccomp profile refuses to processes without SYS_ADMIN. chromium-seccomp.json is that
# default profile with `clone`, `setns` and `unshare` allowed, as Playwright publishes it (playwright.dev/docs/docker,
# "seccomp_profile.json"; November 2026). Rejected: `--cap-add=SYS_ADMIN` gives far more than a browser needs,
# `seccomp=unconfined` drops every filter, `--no-sandbox` leaves a broken page one step from the evidence.
# With `--cap-drop=ALL` add `--cap-add=SYS_CHROOT`: the profile lets a container without it call no chroot, which the sandbox needs.
# --shm-size: Docker's 64 MB of /dev/shm are too few for large pages, and their tabs crash.
# A tag can be given to another image. `deploy/pin-images` writes which image it is today into .env, as NODE_IMAGE=node:…@sha256:…,
# and compose builds on that one; by hand: docker build --build-arg NODE_IMAGE=….
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE}

# tini: Chromium leaves child processes behind, which only a first process that collects them removes.
# Fonts: without any, text has no size, and "is it visible" has no answer.
RUN apt-get update \
  && apt-get install -y --no-install-recommends \
    ca-certificates \
    chromium-headless-shell \
    fonts-dejavu-core \
    fonts-liberation \
    tini \
  && rm -rf /var/lib/apt/lists/*

WORKDIR /app

# Before the sources, so that only a changed lock file installs again.
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund --loglevel=error \
  && npm cache clean --force

COPY LICENSE guetteur.example.yaml ./
COPY probes ./probes
COPY src ./src

# No TZ: instants are UTC, and Europe/Paris is computed where it is shown.
# 0.0.0.0 is the container's own network; publish the port on the address that you want it on.
ENV NODE_ENV=production \
  GUETTEUR_BROWSER=/usr/bin/chromium-headless-shell \
  GUETTEUR_DATA=/data \
  GUETTEUR_HTTP_HOST=0.0.0.0

# The sources stay root's: the program can write its data and nothing else.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8640

HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8640/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]

# No launcher: Node, packages and browser are the image's.
ENTRYPOINT ["/usr/bin/tini", "--", "node", "--disable-warning=ExperimentalWarning", "/app/src/main.ts"]
CMD ["start"]
