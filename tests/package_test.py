#!/usr/bin/env python3
"""The Debian package: it holds what it should, its unit is one that systemd takes, and what it installs serves an office."""
import os
import pathlib
import re
import signal
import stat
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent


def run(*command, **more):
    return subprocess.run([str(c) for c in command], check=True, capture_output=True, text=True, **more).stdout


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="custos-package-")
        work = pathlib.Path(cls.folder.name)
        cls.deb = run(ROOT / "tools/package", work / "out").strip()
        cls.tree = work / "tree"
        run("dpkg-deb", "-x", cls.deb, cls.tree)
        cls.work = work

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_it_says_what_it_is_and_what_it_needs(self):
        fields = run("dpkg-deb", "-f", self.deb)
        self.assertRegex(fields, r"(?m)^Package: custos$")
        for needed in ("libc6", "libssl3", "libsqlite3-0", "libseccomp2", "tesseract-ocr-fra"):
            self.assertRegex(fields, rf"(?m)^Depends: .*\b{needed}\b")

    def test_it_holds_the_program_the_worker_and_the_front_end_and_nothing_that_others_may_write(self):
        for part in ("usr/lib/custos/bin/custos-worker", "usr/lib/custos/share/custos/web/index.html", "usr/share/man/man1/custos.1.gz", "lib/systemd/system/custos.service", "lib/systemd/system/custos-identity.service", "lib/systemd/system/custos-keys.service"):
            self.assertTrue((self.tree / part).is_file(), part)
        listed = run("dpkg-deb", "-c", self.deb).splitlines()
        for line in listed:
            mode, owner = line.split()[:2]
            self.assertEqual(owner, "root/root", line)
            if not mode.startswith("l"):
                self.assertNotIn("w", mode[5:6] + mode[8:9], line)
            self.assertNotIn("s", mode[1:], line)
        self.assertIn("etc/default/custos", "\n".join(listed))

    def test_systemd_takes_each_unit_and_finds_it_confined(self):
        for name, most in (("custos", 4.0), ("custos-identity", 3.0), ("custos-keys", 3.0)):
            unit = self.work / f"{name}.service"
            text = (self.tree / f"lib/systemd/system/{name}.service").read_text()
            # Here nothing is installed: the programs are those of the tree, and there are no such users.
            text = text.replace("/usr/bin/custos", str(self.tree / "usr/lib/custos/bin/custos")).replace("/usr/lib/custos/first-start", str(self.tree / "usr/lib/custos/first-start"))
            unit.write_text(text.replace("EnvironmentFile=/etc", "EnvironmentFile=-/etc"))
            said = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True)
            told = [line for line in said.stderr.splitlines() if f"{name}.service" in line]
            self.assertEqual((said.returncode, told), (0, []), said.stderr)
            found = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)], capture_output=True, text=True)
            exposure = float(re.search(r"exposure level for .*?: ([\d.]+)", found.stdout).group(1))
            self.assertLess(exposure, most, found.stdout)

    def test_what_is_installed_opens_an_office_and_serves_its_front_end(self):
        home = self.work / "office"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CUSTOS")} | {"CUSTOS_KEYS": str(self.work / "keys"), "CUSTOS_HOME": str(home), "CUSTOS_PROGRAM": str(self.tree / "usr/bin/custos"), "CUSTOS_OWNER": "Ada of the package"}
        for _ in range(2):  # the second time there is an office
            run(self.tree / "usr/lib/custos/first-start", env=environment)
        server = subprocess.Popen([self.tree / "usr/bin/custos", "serve", "--home", home, "--listen", "127.0.0.1:0"], env=environment, stdout=subprocess.PIPE, text=True)
        try:
            origin = re.search(r"http://\S+", server.stdout.readline()).group(0).replace("localhost", "127.0.0.1")
            host = {"Host": "localhost:" + origin.rsplit(":", 1)[1]}
            page = urllib.request.urlopen(urllib.request.Request(origin + "/", headers=host), timeout=20).read().decode()
            self.assertIn("<title>", page)
            with self.assertRaises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(urllib.request.Request(origin + "/api/v1/session", headers=host), timeout=20)
            self.assertEqual(refused.exception.code, 401)
            refused.exception.close()
            # The worker beside it reads in its sandbox.
            (self.work / "in").mkdir()
            (self.work / "in/a.txt").write_text("the quarry road")
            run(self.tree / "usr/bin/custos", "case", "add", "--home", home, "--code", "KAR", "--title", "x", env=environment)
            run(self.tree / "usr/bin/custos", "ingest", "--home", home, "--case", "KAR", self.work / "in", env=environment)
        finally:
            server.send_signal(signal.SIGTERM)
            self.assertEqual(server.wait(30), 0)
            server.stdout.close()
        keys = [k for k in (self.work / "keys").rglob("*") if k.is_file() and k.suffix == ".key"]
        self.assertTrue(keys)
        for one in keys:
            self.assertEqual(stat.S_IMODE(one.stat().st_mode) & 0o077, 0, one)


if __name__ == "__main__":
    unittest.main()
