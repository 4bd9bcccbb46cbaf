"""Commands of `flask --app wsgi`, one module per noun; `server.cli` names them and loads each when it is called."""
