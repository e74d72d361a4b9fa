# One image for web, worker, beat and migrate. It brings no database: DATABASE_URL and REDIS_URL say where those are.
FROM node:22-slim AS packages
WORKDIR /site
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.13-slim AS site
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    STATIC_ROOT=/site/static-files MEDIA_ROOT=/media
WORKDIR /site

# pg_dump and pg_restore for `backup` and `restore`, of the database's own release
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-18 \
    && rm -rf /var/lib/apt/lists/*

COPY requirements-server.txt ./
RUN pip install --require-hashes --requirement requirements-server.txt

COPY . .
COPY --from=packages /site/node_modules ./node_modules
RUN python -m agency.embedded vendor && rm -rf node_modules \
    && SECRET_KEY=only-for-this-step ALLOWED_HOSTS=localhost \
       DATABASE_URL=postgresql://localhost/none REDIS_URL=redis://localhost \
       python manage.py collectstatic --no-input --verbosity 0 \
    && useradd --system --uid 10001 --home-dir /site --shell /usr/sbin/nologin meso \
    && mkdir --mode=0700 /media && chown meso:meso /media

USER meso
VOLUME /media
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-m", "agency.embedded", "healthy"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "4", "agency.wsgi:application"]
