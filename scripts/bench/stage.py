"""The place where everything runs: a folder and processes, all of them gone at the end, whatever happened."""
import atexit
import contextlib
import copy
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


class Failure(Exception):
    """Something does not work; the text says what."""


def say(text):
    print(text, file=sys.stderr, flush=True)


class Process:
    """A process of its own group, so that a Ctrl-C reaches the conductor alone, which then stops the others in order."""

    def __init__(self, arguments, log, **options):
        self.log = Path(log)
        self.name = Path(str(arguments[0])).name
        with open(self.log, "wb") as out:
            self.child = subprocess.Popen(
                [str(argument) for argument in arguments], stdout=out, stderr=subprocess.STDOUT,
                stdin=options.pop("stdin", subprocess.DEVNULL), start_new_session=True, **options)
        self.pid = self.child.pid

    def expect_line(self, find, seconds=120):
        """Waits until `find` gives something for a line that the process has written."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for line in self.log.read_text(errors="replace").splitlines():
                found = find(line)
                if found is not None:
                    return found
            if self.child.poll() is not None:
                break
            time.sleep(0.002)
        raise Failure(f"{self.name} did not start:\n{self.log.read_text(errors='replace')[-2000:]}")

    def stop(self):
        if self.child.stdin:
            # One that ends with its input tidies up by itself, and must not be disturbed.
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                self.child.stdin.close()
                self.child.wait(30)
        if self.child.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGTERM)
            try:
                self.child.wait(10)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
                self.child.wait()

    def cpu_seconds(self):
        """Of all its threads, user and system."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_bytes(self):
        return self.memory("VmRSS")

    def peak_bytes(self):
        """The most that was ever resident."""
        return self.memory("VmHWM")

    def memory(self, what):
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(f"{what}:"):
                return int(line.split()[1]) * 1024
        raise Failure(f"{self.name} has ended")


class Stage:
    def __init__(self, settings, binaries, target, document):
        self.settings = settings
        self.document = document
        self.tradebook = binaries / "tradebook"
        self.bench = binaries / "tradebook-bench"
        self.target = target
        self.processes = []
        self.kept = {}
        self.count = 0
        base = target / "bench"
        base.mkdir(parents=True, exist_ok=True)
        self.remove_left_over(base)
        self.folder = Path(tempfile.mkdtemp(prefix=f"run-{os.getpid()}-", dir=base))
        # Peers that refuse to run as root read their files here.
        self.folder.chmod(0o755)
        atexit.register(self.close)

    @staticmethod
    def remove_left_over(base):
        """Folders of runs that were killed so that they could not tidy up."""
        for folder in base.glob("run-*-*"):
            if not Path(f"/proc/{folder.name.split('-')[1]}").exists():
                shutil.rmtree(folder, ignore_errors=True)

    def path(self, name):
        """A new path whose name begins as given."""
        self.count += 1
        return self.folder / f"{self.count:03}-{name}"

    def keep(self, name, make):
        """What `make` gives, made once in a run: data that several groups use."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    def start(self, *arguments, **options):
        process = Process(arguments, self.path(f"{Path(str(arguments[0])).name}.log"), **options)
        self.processes.append(process)
        return process

    def stop(self, process):
        process.stop()
        if process in self.processes:
            self.processes.remove(process)

    @contextlib.contextmanager
    def running(self, *arguments, **options):
        process = self.start(*arguments, **options)
        try:
            yield process
        finally:
            self.stop(process)

    def run(self, *arguments, **options):
        """Runs a command to its end and gives what it wrote; stopped like all others if the run is."""
        process = self.start(*arguments, **options)
        try:
            code = process.child.wait()
        finally:
            self.stop(process)
        written = process.log.read_text(errors="replace")
        process.log.unlink()
        if code != 0:
            raise Failure(f"{' '.join(map(str, arguments))} failed with {code}:\n{written[-4000:]}")
        return written

    def data(self, kind, *arguments):
        self.run(self.bench, "data", kind, *arguments)

    @contextlib.contextmanager
    def peer(self, *arguments):
        """One of the Rust peers; gives the process and its address."""
        with self.running(self.bench, *arguments) as process:
            prefix = "listening on "
            address = process.expect_line(
                lambda line: line.removeprefix(prefix) if line.startswith(prefix) else None)
            yield process, address

    def room(self, bytes_needed):
        return shutil.disk_usage(self.folder).free >= bytes_needed

    def close(self):
        while self.processes:
            self.processes.pop().stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Book:
    """A database of Tradebook's with one organization."""

    def __init__(self, stage, name):
        self.stage = stage
        self.path = stage.path(f"{name}.db")
        self.run("organization", "create", "Bench", "--currency", "EUR")
        self.key = self.run("key", "create", "--organization", "Bench", "--role", "write").strip().splitlines()[-1]

    def command(self, *arguments, log="error"):
        return self.stage.tradebook, "--database", f"sqlite://{self.path}", "--log", log, *arguments

    def run(self, *arguments):
        return self.stage.run(*self.command(*arguments))

    def copy(self, name):
        """Another database with the same content. Nobody may have this one open."""
        other = copy.copy(self)
        other.path = self.stage.path(f"{name}.db")
        shutil.copy(self.path, other.path)
        return other

    def load(self, *paths):
        """Imports; gives the seconds that it took."""
        began = time.monotonic()
        self.run("import", "--organization", "Bench", *paths)
        return time.monotonic() - began

    def peak_of_load(self, *paths):
        """Imports; gives the most bytes that the import had resident, or nearly: its last twentieth of a second is not seen."""
        with self.stage.running(*self.command("import", "--organization", "Bench", *paths)) as process:
            peak = 0
            while process.child.poll() is None:
                with contextlib.suppress(Failure, OSError):
                    peak = max(peak, process.peak_bytes())
                time.sleep(0.05)
            if process.child.returncode:
                raise Failure(f"the import failed:\n{process.log.read_text(errors='replace')}")
        return peak

    @contextlib.contextmanager
    def serve(self, *arguments):
        # One line for each request is what a production log has; here it would be measured on one side alone.
        log = "warn,tradebook=info,tradebook_api=warn"
        began = time.monotonic()
        command = self.command("--log-format", "json", "serve", "--listen", "127.0.0.1:0", *arguments, log=log)
        with self.stage.running(*command) as process:
            process.address = process.expect_line(address_served)
            await_ready(process)
            process.seconds_to_ready = time.monotonic() - began
            yield process

    def file_bytes(self):
        return sum(path.stat().st_size for path in self.path.parent.glob(self.path.name + "*"))

    def remove(self):
        for path in self.path.parent.glob(self.path.stem + ".*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def address_served(line):
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry.get("address") if entry.get("message") == "serving" else None


def await_ready(process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(process.address, timeout=seconds)
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.002)
    raise Failure(f"{process.name} did not become ready")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def await_port(process, port, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.child.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.01)
    raise Failure(f"{process.name} did not start:\n{process.log.read_text(errors='replace')[-2000:]}")
