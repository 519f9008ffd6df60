"""Drives the program `custos` from outside, for all harnesses: one place that knows how it is called."""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPUS = pathlib.Path(os.environ.get("CUSTOS_CORPUS", ROOT.parent / "shared/corpus"))
CASE = "TST"


def default_program():
    return os.environ.get("CUSTOS_BIN", str(ROOT / "build/bin/custos"))


class Failed(Exception):
    pass


class Office:
    """One home of custos, its keys beside it, and how to call the program on it."""

    def __init__(self, program, folder, environment=None):
        self.program = str(program)
        self.home = pathlib.Path(folder) / "home"
        self.keys = pathlib.Path(folder) / "keys"
        self.environment = dict(os.environ, CUSTOS_KEYS=str(self.keys), LC_ALL="C.UTF-8", **(environment or {}))

    def command(self, name, *arguments, case=None):
        words = [self.program, *name.split(), "--home", str(self.home)]
        return words + (["--case", case] if case else []) + [os.fspath(a) for a in arguments]

    def run(self, name, *arguments, case=None, status=0, timeout=600, prefix=(), **more):
        """Runs one command; `status`: what it must end with, None: anything. Where CUSTOS_TEST_DATABASE names a
        PostgreSQL, offices are made with their records there."""
        if name == "init" and os.environ.get("CUSTOS_TEST_DATABASE") and "--database" not in arguments:
            arguments = (*arguments, "--database", os.environ["CUSTOS_TEST_DATABASE"])
        command = [*prefix, *self.command(name, *arguments, case=case)]
        done = subprocess.run(command, capture_output=True, env=self.environment, timeout=timeout, **more)
        done.text = done.stdout.decode("utf-8", "replace")
        done.complaint = done.stderr.decode("utf-8", "replace")
        if status is not None and done.returncode != status:
            raise Failed(f"{' '.join(command)} ended with {done.returncode} instead of {status}: {done.complaint.strip() or done.text.strip()[-500:]}")
        return done

    def json(self, name, *arguments, **more):
        return json.loads(self.run(name, *arguments, "--json", **more).text)

    def rows(self, name, *arguments, **more):
        return [json.loads(line) for line in self.run(name, *arguments, **more).stdout.split(b"\n") if line.strip()]

    def open_case(self, case=CASE, title="a case for a test"):
        self.home.parent.mkdir(parents=True, exist_ok=True)
        self.run("init", "--owner", "A Tester")
        self.run("case add", "--code", case, "--title", title)
        return self

    def ingest(self, *paths, case=CASE, status=0, **more):
        return self.run("ingest", *paths, case=case, status=status, **more)

    def items(self, case=CASE):
        return self.rows("list", "--json", case=case)

    def texts(self, case=CASE):
        return self.rows("texts", case=case)

    def copy_to(self, folder):
        """The same office in another place: home and keys, byte for byte."""
        other = Office(self.program, folder, {})
        other.environment = dict(self.environment, CUSTOS_KEYS=str(other.keys))
        shutil.copytree(self.home, other.home, symlinks=True)
        shutil.copytree(self.keys, other.keys, symlinks=True)
        return other

    def drop(self):
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.rmtree(self.keys, ignore_errors=True)


@contextlib.contextmanager
def office(program=None, environment=None):
    """An opened office with one case in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="custos-test-") as folder:
        yield Office(program or default_program(), folder, environment).open_case()


def reasons_of(items):
    """Every reason told of these items, as a set: why they failed or were skipped, and what was found in reading
    (`findings`: pairs of reason and detail, or objects with a member `reason`)."""
    told = {item["reason"] for item in items if item.get("reason")}
    for item in items:
        for finding in item.get("findings") or []:
            told.add(finding["reason"] if isinstance(finding, dict) else finding[0] if isinstance(finding, list) else finding)
    return told


class Family:
    """The items of a case, by path and by parent."""

    def __init__(self, items, texts=()):
        self.items = items
        self.by_path = {item["path"]: item for item in items}
        self.children = {}
        for item in items:
            self.children.setdefault(item.get("parent") or "", []).append(item)
        self.text_of = {row["item"]: row["text"] for row in texts}
        self.by_sha256 = {}
        for item in items:
            if item["item"] in self.text_of:
                self.by_sha256.setdefault(item.get("sha256"), item["item"])

    def with_descendants(self, item):
        found, waiting = [], [item]
        while waiting:
            one = waiting.pop()
            found.append(one)
            waiting.extend(self.children.get(one["item"], []))
        return found

    def texts_under(self, item):
        """Texts of the item and all inside it; of a duplicate, the text of its twin."""
        for one in self.with_descendants(item):
            text = self.text_of.get(one["item"])
            if text is None and one.get("sha256"):
                text = self.text_of.get(self.by_sha256.get(one["sha256"]))
            if text:
                yield text

    def find(self, relative):
        """The item whose path ends in `relative`; the shortest such path."""
        exact = self.by_path.get(relative)
        if exact:
            return exact
        if not hasattr(self, "_ends"):
            self._ends = {}
            for path in sorted(self.by_path, key=len):
                parts = path.split("/")
                for start in range(1, len(parts)):
                    self._ends.setdefault("/".join(parts[start:]), self.by_path[path])
        return self._ends.get(relative)


def shown_names(raw):
    """How a name of arbitrary bytes may be shown in a path: as it is, cleaned, or escaped."""
    yield raw.decode("utf-8", "surrogateescape")
    yield raw.decode("utf-8", "replace")
    yield urllib.parse.quote_from_bytes(raw, safe="/ ,;:()[]{}!@$&*+='")
    yield "".join(c if " " <= c != "\x7f" else "\ufffd" for c in raw.decode("utf-8", "replace"))
    yield "".join(chr(b) if 32 <= b < 127 else "\\x%02x" % b for b in raw)
