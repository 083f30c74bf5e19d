"""A PostgreSQL cluster of our own in a temporary folder: nothing of the machine's is touched."""

import glob
import os
import pathlib
import shutil
import subprocess
import tempfile


class Database:
    def __init__(self, cluster, name):
        self.cluster, self.name = cluster, name
        self.url = f"postgres:///{name}?host={cluster.folder}&port={cluster.port}&user=postgres"

    def drop(self):
        self.cluster.sql(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')


class Cluster:
    """Listens on a socket in its folder only. Its commits are not synced: what tests kill is Anser, not PostgreSQL."""

    port = 5432

    def __init__(self, is_durable=False):
        self.is_durable = is_durable  # for measuring: commits are synced, as in earnest
        found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]))
        assert found, "PostgreSQL is not installed (tools/packages/test.txt)"
        self.bin = found[-1]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="anser-pg-"))
        self.count = 0
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        os.chmod(self.folder, 0o755)
        self.run("initdb", "-D", f"{self.folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self.start()

    def start(self):
        options = f"-c listen_addresses= -c unix_socket_directories={self.folder} -c max_connections=300"
        options += " -c shared_buffers=512MB" if self.is_durable else " -c fsync=off -c full_page_writes=off"
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def run(self, program, *arguments):
        command = [f"{self.bin}/{program}", *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # To a file, not a pipe: the started server would hold a pipe open.
        with tempfile.TemporaryFile("w+") as output:
            code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, cwd="/").returncode
            output.seek(0)
            text = output.read()
        assert code == 0, f"{program} failed: {text}"
        return text

    def sql(self, text, database="postgres"):
        return self.run("psql", "-h", str(self.folder), "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-qAtc", text)

    def create(self):
        self.count += 1
        name = f"anser{self.count}"
        self.sql(f'CREATE DATABASE "{name}"')
        return Database(self, name)

    def close(self):
        try:
            self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
