"""gunicorn with the program loaded before the fork, as `script/supervise.py` does it: a killed worker has a heir."""

from gunicorn.app.wsgiapp import WSGIApplication

import server.app
import server.web_worker  # noqa: F401

if __name__ == "__main__":
    WSGIApplication("%(prog)s [OPTIONS] [APP_MODULE]").run()
