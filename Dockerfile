# syntax=docker/dockerfile:1
# One small container: Granian serves the guide; SQLite lies on the volume /data.
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    DATABASE_URL=sqlite:////data/guide.sqlite3

WORKDIR /app

COPY requirements.txt ./
RUN pip install --disable-pip-version-check -r requirements.txt

COPY manage.py ./
COPY config config
COPY guide guide
COPY templates templates
COPY static static
COPY locale locale
COPY fixtures fixtures
COPY deploy/start /usr/local/bin/start

# The secret here serves this one command; the container asks for a real one.
RUN SECRET_KEY=build HTTPS=0 python manage.py compile_catalogues \
    && SECRET_KEY=build HTTPS=0 python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --uid 10001 --no-create-home guide \
    && mkdir /data \
    && chown guide /data \
    && chmod +x /usr/local/bin/start

USER guide
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["start"]
