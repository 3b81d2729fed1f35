# GreenPack for a hub's server: one image for service, worker and report; see compose.yaml.
# Not tested in a container engine by this project's tests: try it before you rely on it.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgl1 libglib2.0-0 \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
# PyTorch for processors only: the one with CUDA is 5 GB larger. It changes seldom, so it comes first.
RUN pip install --no-cache-dir torch torchvision --index-url https://download.pytorch.org/whl/cpu
COPY pyproject.toml README.md LICENSE app.py ./
COPY .streamlit .streamlit
COPY weights weights
COPY samples samples
COPY greenpack greenpack
RUN pip install --no-cache-dir '.[s3]' && rm -r greenpack weights samples

RUN useradd --create-home --uid 1000 greenpack && mkdir /data && chown greenpack /data
USER greenpack
ENV GREENPACK_DATA_FOLDER=/data YOLO_CONFIG_DIR=/tmp
VOLUME /data
EXPOSE 8600 8501
CMD ["greenpack", "serve", "--host", "0.0.0.0"]
