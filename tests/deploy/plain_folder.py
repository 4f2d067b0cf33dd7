#!/usr/bin/env python3
"""Carries out the Dockerfile's steps in a plain folder: copies what .dockerignore lets through, runs the build's cargo commands there, copies what the last stage
copies, and runs the entry point as an unprivileged user until the health check succeeds and a signal stops it.

Commands that install packages are left to scripts/install.sh. CARGO_TARGET_DIR, where set, spares building everything again.
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PORT = 18080


def instructions():
    """The Dockerfile's instructions by stage, with continued lines joined and comments left out."""
    with open(os.path.join(ROOT, "Dockerfile")) as file:
        text = re.sub(r"^#.*\n", "", file.read(), flags=re.M)
    stages = []
    for line in re.sub(r"\\\n\s*", "", text).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            stages.append([])
        elif word:
            stages[-1].append((word, rest))
    return stages


def copy_context(target):
    with open(os.path.join(ROOT, ".dockerignore")) as file:
        wanted = [line[1:] for line in file.read().splitlines() if line.startswith("!")]
    files = subprocess.run(["git", "ls-files", "-z", "--", *wanted], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in filter(None, files.split("\0")):
        destination = os.path.join(target, name)
        os.makedirs(os.path.dirname(destination), exist_ok=True)
        shutil.copy2(os.path.join(ROOT, name), destination)


def main():
    build, final = instructions()
    with tempfile.TemporaryDirectory(prefix="tradebook-image-") as work:
        source, image, state = (os.path.join(work, name) for name in ["source", "image", "state"])
        for folder in [source, image, state]:
            os.mkdir(folder)
        copy_context(source)
        environment = {**os.environ}
        target = environment.setdefault("CARGO_TARGET_DIR", os.path.join(source, "target"))
        for word, rest in build:
            if word == "RUN" and "apt-get" not in rest:
                print(f"RUN {rest}", flush=True)
                subprocess.run(rest, shell=True, cwd=source, env=environment, check=True)

        for word, rest in final:
            if word == "COPY":
                _, path, destination = rest.split()
                path = os.path.join(target, os.path.relpath(path, "/source/target"))
                destination = image + destination
                os.makedirs(os.path.dirname(destination), exist_ok=True)
                shutil.copy2(path, destination)
        settings = dict(re.findall(r"(\w+)=(\S+)", " ".join(rest for word, rest in final if word == "ENV")))
        settings = {name: value.replace("/var/lib/tradebook", state).replace("0.0.0.0:8080", f"127.0.0.1:{PORT}") for name, value in settings.items()}
        entry, command, health = (json.loads(re.search(r"\[.*\]", next(rest for word, rest in final if word == wanted)).group()) for wanted in ["ENTRYPOINT", "CMD", "HEALTHCHECK"])

        os.chmod(work, 0o755)
        as_user = {}
        if os.getuid() == 0:
            as_user = {"user": 65534, "group": 65534, "extra_groups": []}
            os.chown(state, 65534, 65534)
        binary = os.path.join(image, "usr/local/bin", entry[0])
        server = subprocess.Popen([binary, *entry[1:], *command], cwd=state, env={"PATH": "/usr/bin:/bin", **settings}, **as_user)
        try:
            health = [part.replace("127.0.0.1:8080", f"127.0.0.1:{PORT}") for part in health]
            for _ in range(100):
                if subprocess.run(health, stderr=subprocess.DEVNULL).returncode == 0:
                    break
                if server.poll() is not None:
                    sys.exit(f"the server ended with status {server.returncode}")
                time.sleep(0.1)
            else:
                sys.exit("the health check did not succeed within ten seconds")
        finally:
            server.send_signal(signal.SIGTERM)
        if server.wait(timeout=40) != 0:
            sys.exit(f"the server stopped with status {server.returncode}")
        if not os.path.exists(os.path.join(state, "tradebook.db")):
            sys.exit("no database in the volume")
    print("built, served, healthy, stopped")


if __name__ == "__main__":
    main()
