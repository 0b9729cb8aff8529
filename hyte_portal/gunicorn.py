"""How the web server runs: `gunicorn -c python:hyte_portal.gunicorn hyte_portal.wsgi`."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_WORKERS", "2"))
# Threads, so that one slow reader of a long answer does not hold up a whole process.
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS", "4"))
# Read the code once and fork: quicker to start, and the processes share its memory.
preload_app = True
timeout = 30
# Not shorter than the timeout: a restart must not cut what a request could still finish.
graceful_timeout = 30
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
# Its socket lies in one place per account, where two clones would meet.
control_socket_disable = True
accesslog = None
