"""nginx with files, as it is fastest: sendfile, an open-file cache, no log."""
import contextlib
import os
import shutil

from stage import Failure, await_port, free_port

CONFIGURATION = """
{user}
daemon off;
worker_processes {workers};
pid {folder}/nginx.pid;
error_log stderr error;
events {{ worker_connections 1024; multi_accept on; }}
http {{
    access_log off;
    sendfile on;
    sendfile_max_chunk 0;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_requests 100000000;
    open_file_cache max=100 inactive=1h;
    open_file_cache_valid 1h;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    types {{ }}
    server {{
        listen 127.0.0.1:{port};
        root {root};
        {locations}
    }}
}}
"""


def location(name, content_type, encoding):
    encoded = f' add_header Content-Encoding "{encoding}";' if encoding else ""
    return f'location = /{name} {{ default_type "{content_type}";{encoded} }}'


@contextlib.contextmanager
def files(stage, root, served, workers):
    """Serves files of a folder; `served` gives the content type and encoding of each. Gives the address."""
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin")
    if program is None:
        raise Failure("there is no nginx: scripts/install.sh bench")
    folder = stage.path("nginx")
    folder.mkdir()
    port = free_port()
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(
        # Workers of a master that is root would be nobody, who may not read here.
        user="user root;" if os.geteuid() == 0 else "", workers=workers, folder=folder, port=port, root=root,
        locations="\n        ".join(location(name, *how) for name, how in served.items())))
    with stage.running(program, "-e", "stderr", "-p", folder, "-c", configuration) as process:
        await_port(process, port)
        yield f"127.0.0.1:{port}"
