#!/usr/bin/env python3
"""Checks that deploy/ and compose.yaml speak of the same things."""
import os
import re
import subprocess
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def read(path):
    with open(os.path.join(ROOT, path)) as file:
        return file.read()


def main():
    faults = []
    compose = read("compose.yaml")
    services = set(re.findall(r"^  ([a-z0-9]+):", compose.split("\nservices:\n")[1].split("\nvolumes:\n")[0], re.M))
    balanced = re.findall(r"^    server (\S+) (\S+):8080$", read("deploy/haproxy.cfg"), re.M)
    if not balanced:
        faults.append("deploy/haproxy.cfg has no servers")
    for name, host in balanced:
        if host not in services:
            faults.append(f"deploy/haproxy.cfg: {name} is on {host}, which is no service of compose.yaml")
    for mounted in re.findall(r"- \./([^:\s]+):", compose):
        if not os.path.exists(os.path.join(ROOT, mounted)):
            faults.append(f"compose.yaml mounts {mounted}, which is not there")

    # Every variable that is set anywhere is one that the command knows.
    cli = subprocess.run(["git", "grep", "-hoE", "TRADEBOOK_[A-Z_0-9]+", "--", "bins/tradebook/src"], cwd=ROOT, capture_output=True, text=True, check=True)
    known = set(cli.stdout.split()) | {"TRADEBOOK_PASSWORD"}
    for path in ["Dockerfile", "compose.yaml", "deploy/tradebook.env"]:
        for variable in sorted(set(re.findall(r"TRADEBOOK_[A-Z_0-9]+", read(path))) - known):
            faults.append(f"{path}: no option has the variable {variable}")

    ignored = read(".dockerignore").split("\n")
    for member in ["crates", "bins", "tests", "fixtures", "Cargo.toml", "Cargo.lock"]:
        if f"!{member}" not in ignored:
            faults.append(f".dockerignore leaves out {member}, which the build needs")
    for fault in faults:
        print(fault, file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
