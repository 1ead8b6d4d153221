# One image for web, workers and beat. `docker build -t inspector-whatsapp .`
# With a language model behind the assistant, or photos on a bucket: --build-arg EXTRAS="assistant bucket"
ARG PYTHON=3.11

FROM python:${PYTHON}-slim-bookworm AS packages
ARG EXTRAS=""
COPY requirements*.lock /
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.lock \
    $(for one in ${EXTRAS}; do echo "-r /requirements-${one}.lock"; done)

FROM python:${PYTHON}-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DEBUG=0 \
    MEDIA_STORAGE=/media
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin inspector \
 && install --directory --owner=inspector /media
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# As root, so that whoever serves the files cannot change them.
RUN python -m compileall -q . \
 && set -a && . ./deploy/nobody.env && python manage.py collectstatic --noinput
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=15s --start-period=30s \
  CMD ["python", "-m", "config.run", "healthy", "web"]
CMD ["python", "-m", "config.run", "web", "--host", "0.0.0.0", "--workers", "2"]
