"""nginx on loopback, with fixed answers in place of LivePerson's."""
import contextlib
import http.client
import os
import pathlib
import signal
import socket
import subprocess
import time

from harness import tools

HERE = pathlib.Path(__file__).resolve().parent.parent
ANSWER = '{"ok":true,"customer":{"id":10000000,"state":"updated","revision":17}}'
# As long as a token of Sentinel's, and opaque: its life is what the answer says.
TOKEN = "benchmark." + "0123456789abcdef" * 40


class Server:
    """Answers at once on one port and after 100 ms on another. Use it in a `with`."""

    # The invocation that all clients make.
    path = "/api/account/12345678/lambdas/6f91f192-c1df-40e0-94f9-8765fd70fd02/invoke?v=1&userId=fnrun"

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.process = None
        self.immediate = self.delayed = None

    def __enter__(self):
        # A port that was free a moment ago may be taken: then others are tried.
        for _ in range(5):
            self.immediate, self.delayed = free_ports(2)
            is_up = False
            try:
                is_up = self.start()
            finally:
                if not is_up:
                    self.stop()
            if is_up:
                return self
        raise SystemExit(f"nginx does not start:\n{self.log()}")

    def __exit__(self, *_):
        self.stop()

    def start(self):
        values = {
            "user": "user root;" if os.getuid() == 0 else "",
            "folder": str(self.folder), "echo": tools.echo_module(), "answer": ANSWER, "token": TOKEN,
            "immediate": str(self.immediate), "delayed": str(self.delayed),
        }
        for name in ("nginx.conf", "control.conf"):
            text = (HERE / name).read_text()
            for key, value in values.items():
                text = text.replace(f"@{key}@", value)
            (self.folder / name).write_text(text)
        command = ["nginx", "-p", self.folder, "-e", self.folder / "error.log", "-c", self.folder / "nginx.conf"]
        self.process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 10
        while self.process.poll() is None and time.monotonic() < deadline:
            if all(self.answers(port) for port in (self.immediate, self.delayed)):
                return True
            time.sleep(0.05)
        return False

    def stop(self):
        """Ends the nginx that was started here, and no other."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def answers(self, port):
        """Whether an invocation gets the answer that it should."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("POST", self.path, "{}", {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status == 200 and response.read().decode() == ANSWER
        return False

    def url(self, port):
        return f"http://127.0.0.1:{port}{self.path}"

    def log(self):
        with contextlib.suppress(OSError):
            return (self.folder / "error.log").read_text()[-2000:]
        return ""


def free_ports(count):
    """Ports of loopback that nobody listens on at the moment."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
