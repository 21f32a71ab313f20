#!/usr/bin/env python3
"""An agent of Swarmstack in Python, with the standard library only: all of the agent API (docs/agents/api.md) in one file.

It registers, reports, takes tasks and answers them, drains, saves its state and goes on with it. A task's payload names a
skill: {"skill": "echo", "text": "..."}, {"skill": "word-count", "text": "..."}, {"skill": "sum", "numbers": [1, 2]},
{"skill": "sleep", "ms": 1000}.
"""

import hashlib
import http.client
import json
import os
import resource
import signal
import socket
import stat
import sys
import threading
import time
import urllib.error
import urllib.request

SOCKET = os.environ.get("SWARM_API_SOCKET", "")
API = ("http://localhost" if SOCKET else os.environ["SWARM_API"]) + "/agent/v1"
INSTANCE = os.environ["SWARM_INSTANCE"]
AGENT = os.environ["SWARM_AGENT"]
CONFIG = json.load(open(os.environ["SWARM_CONFIG"], encoding="utf-8"))
MARGIN_S = 0.5


class Refused(Exception):
    """The API has understood a call, and says no."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


class SocketConnection(http.client.HTTPConnection):
    def connect(self):
        """A port proves nothing: another user may take that of a supervisor that is gone."""
        folder, found = os.lstat(os.path.dirname(SOCKET)), os.lstat(SOCKET)
        owner = os.stat(os.environ["SWARM_TOKEN_FILE"]).st_uid
        if not stat.S_ISSOCK(found.st_mode) or {folder.st_uid, found.st_uid} != {owner} or folder.st_mode & 0o022:
            raise OSError(f"another user may listen on {SOCKET}")
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(SOCKET)


class SocketHandler(urllib.request.HTTPHandler):
    def http_open(self, request):
        return self.do_open(SocketConnection, request)


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), *([SocketHandler] if SOCKET else []))


def call(method, path, body=None):
    """One call. Without an answer it is made again: every call may be repeated."""
    pause = 0.1
    while True:
        # Read each time: the file is renewed before the token expires.
        with open(os.environ["SWARM_TOKEN_FILE"], encoding="utf-8") as file:
            headers = {"Authorization": "Bearer " + file.read()}
        if body is not None:
            headers["Content-Type"] = "application/octet-stream" if isinstance(body, bytes) else "application/json"
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(API + path, data=data, headers=headers, method=method)
        try:
            with OPENER.open(request, timeout=60) as response:
                content = response.read()
                is_json = response.headers.get_content_type() == "application/json"
                return json.loads(content) if is_json else content
        except urllib.error.HTTPError as error:
            # 401: the token has just expired, and its file will be renewed; 429: too many calls at once.
            if error.code < 500 and error.code not in (401, 429):
                problem = json.load(error)
                raise Refused(problem["code"], problem["message"]) from None
        except OSError:
            pass
        time.sleep(pause)
        pause = min(2 * pause, 5)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def root_of(chunks):
    return sha256("".join(one + "\n" for one in chunks).encode())


class Agent:
    def __init__(self):
        self.state = {"answered": 0, "digest": ""}
        self.saved = None
        self.task = None
        self.ending = False
        self.drained = False
        self.errors = 0
        self.finished = []
        # Set when the task in work must end; and when there is another order.
        self.no_more_time = threading.Event()
        self.changed = threading.Event()
        about = {"instance": INSTANCE, "agent": AGENT, "capabilities": CONFIG.get("capabilities", [])}
        versions = {"agent": "reference-1", "api": "2", "python": sys.version.split()[0]}
        life = call("POST", "/register", {**about, "versions": versions})
        self.epoch, self.interval_s = life["epoch"], life["heartbeatIntervalMs"] / 1000
        self.hold, self.drain = life["hold"], None
        self.seq = 0
        if life["checkpoint"]:
            self.restore(life["checkpoint"])
        say(f"alive in Python, process {os.getpid()}, life {self.epoch}, {self.state['answered']} answered")

    def restore(self, manifest):
        chunks = [call("GET", f"/checkpoints/{one}?epoch={self.epoch}") for one in manifest["chunks"]]
        if root_of([sha256(chunk) for chunk in chunks]) != manifest["root"]:
            raise RuntimeError(f"checkpoint {manifest['seq']} is damaged")
        self.saved = b"".join(chunks)
        self.state = json.loads(self.saved)
        self.seq = manifest["seq"]

    def checkpoint(self):
        """Chunks first, the manifest last: a kill in between leaves the previous checkpoint."""
        data = json.dumps(self.state).encode()
        if data == self.saved:
            return
        chunks = [sha256(data)]
        root = root_of(chunks)
        manifest = {"chunks": chunks, "root": root, "seq": self.seq + 1, "epoch": self.epoch}
        try:
            call("PUT", f"/checkpoints/{chunks[0]}?epoch={self.epoch}", data)
            call("PUT", f"/checkpoints/{root}", manifest)
        except Refused as error:
            # Frozen: nothing may change until this process is resumed; it saves then.
            if error.code != "SW720":
                raise
            return
        self.seq += 1
        self.saved = data

    def beat(self):
        task = self.task
        now = time.time()
        self.finished = [(at, took) for at, took in self.finished if at > now - 60]
        usage = resource.getrusage(resource.RUSAGE_SELF)
        report = {
            "epoch": self.epoch,
            "state": "drained" if self.drained else "busy" if task else "idle",
            "openTasks": [{"id": task["id"], "attempt": task["attempt"]}] if task else [],
            "tasksPerMinute": len(self.finished),
            "errors": self.errors,
            "cpu": (usage.ru_utime + usage.ru_stime) / max(time.monotonic() - STARTED, 1),
        }
        reply = call("POST", "/heartbeat", report)
        self.interval_s = reply["heartbeatIntervalMs"] / 1000
        if task and task["id"] in reply["lostTasks"]:
            self.no_more_time.set()
        self.obey(reply)

    def obey(self, order):
        if order["drain"] and self.task and not self.drain:
            timer = threading.Timer(max(0, order["drain"]["deadlineMs"] / 1000 - MARGIN_S), self.no_more_time.set)
            timer.daemon = True
            timer.start()
        if (order["hold"], bool(order["drain"])) != (self.hold, bool(self.drain)):
            self.hold, self.drain = order["hold"], order["drain"]
            self.changed.set()

    def beats(self):
        try:
            while True:
                time.sleep(self.interval_s)
                self.beat()
        except Refused as error:
            # Another process has taken this one's place.
            say(f"ends: {error}")
            os._exit(1)

    def skill(self, payload):
        name = payload.get("skill", "draft") if isinstance(payload, dict) else "draft"
        if name == "echo":
            return payload.get("text", "")
        if name == "word-count":
            return len(payload.get("text", "").split())
        if name == "sum":
            return sum(payload.get("numbers", []))
        if name == "sleep":
            self.no_more_time.wait(payload["ms"] / 1000)
            return payload["ms"]
        raise ValueError(f'no skill "{name}"')

    def work(self, task):
        path, proof = f"/tasks/{task['id']}", {"epoch": self.epoch, "attempt": task["attempt"]}
        self.no_more_time.clear()
        self.task = task
        began = time.monotonic()
        try:
            result = self.skill(task["payload"])
            if self.no_more_time.is_set():
                call("POST", path + "/hand-back", proof)
                return
            call("POST", path + "/ack", {**proof, "result": result})
            self.finished.append((time.time(), time.monotonic() - began))
            line = f"{self.state['digest']} {task['id']} {json.dumps(result)}"
            self.state = {"answered": self.state["answered"] + 1, "digest": sha256(line.encode())}
        except Refused as error:
            if error.code != "SW714":
                raise
        except Exception as error:
            self.errors += 1
            call("POST", path + "/fail", {**proof, "error": str(error), "retryable": False})
        finally:
            self.task = None

    def lease(self, wait_ms):
        reply = call("POST", "/tasks/lease", {"epoch": self.epoch, "waitMs": wait_ms})
        self.obey(reply)
        return reply["tasks"]

    def live(self):
        while not self.ending:
            self.changed.clear()
            if self.hold:
                # On hold nothing changes, but a first state is saved.
                if self.drain or self.saved is None:
                    self.checkpoint()
                self.drained = bool(self.drain)
                self.beat()
                while self.hold and not self.ending and not self.changed.wait(0.5):
                    pass
                continue
            self.drained = False
            tasks = self.lease(0)
            if not tasks:
                self.checkpoint()
                # Short, since a signal does not end the wait.
                tasks = self.lease(1000)
            for task in tasks:
                self.work(task)
        self.checkpoint()


def say(text):
    print(f"{INSTANCE}: {text}", flush=True)


STARTED = time.monotonic()
agent = Agent()


def end(number, _frame):
    say(f"ends on {signal.Signals(number).name}")
    agent.ending = True
    # The answer tells how long the task in work may still take.
    threading.Thread(target=agent.beat, daemon=True).start()


signal.signal(signal.SIGTERM, end)
signal.signal(signal.SIGINT, end)
threading.Thread(target=agent.beats, daemon=True).start()
agent.live()
say(f"ended with {agent.state['answered']} answered")
