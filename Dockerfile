# One image for web, workers and beat; docker-compose.yml says what each runs. docs/operations.md has the variables.
FROM python:3.13-slim-bookworm AS packages
COPY requirements/prod.txt /requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r /requirements.txt

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        gettext libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal /data /data/files /data/mail
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=hyte_portal.settings \
    HYTE_ENV=production \
    BIND=0.0.0.0:8000 \
    STATIC_ROOT=/app/var/static \
    FILES_ROOT=/data/files \
    MAIL_ROOT=/data/mail
# Building needs no secret: only these two steps run as in development.
RUN HYTE_ENV=development python -m django compilemessages --ignore venv -v 0 \
    && HYTE_ENV=development python -m django collectstatic --no-input -v 0
USER portal
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "python:hyte_portal.gunicorn", "hyte_portal.wsgi"]
