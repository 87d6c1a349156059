"""The programs that the benchmark needs, and what the machine is."""
import glob
import os
import platform
import re
import shutil
import subprocess
import sys

PACKAGES = {
    "nginx": "nginx-light", "hey": "hey", "wrk": "wrk", "parallel": "parallel", "node": "nodejs", "curl": "curl",
    "xargs": "findutils", "time": "time",
}
ECHO_MODULES = "/usr/lib*/nginx/modules/ngx_http_echo_module.so"
# nginx stands in a folder that is not on every user's path.
os.environ["PATH"] = os.environ.get("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin"


def echo_module():
    """Where nginx's echo module is, or None."""
    return next(iter(glob.glob(ECHO_MODULES)), None)


def install_clients():
    """Installs what `bench` needs and is missing."""
    install(PACKAGES, [] if echo_module() else ["libnginx-mod-http-echo"])


def install(packages, others=()):
    """Installs the packages of commands that are missing, and others, from the Debian archive."""
    missing = [package for command, package in packages.items() if not shutil.which(command)] + list(others)
    if not missing:
        return
    if not shutil.which("apt-get"):
        raise SystemExit(f"these packages are missing, and there is no apt-get: {' '.join(missing)}")
    print(f"installing {' '.join(missing)}", file=sys.stderr)
    as_root = [] if os.getuid() == 0 else ["sudo"]
    if as_root and not shutil.which("sudo"):
        raise SystemExit(f"not root and no sudo here; as root, run: apt-get install {' '.join(missing)}")
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run([*as_root, "apt-get", "update", "-qq"], **quiet)
    subprocess.run(
        [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq",
         "--no-install-recommends", *missing], **quiet)


def machine(fnrun):
    """What the figures were measured on, as pairs of a name and a value."""
    return {
        "CPU": first(r"model name\s*: (.*)", read("/proc/cpuinfo")) or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{int(first(r'MemTotal: *([0-9]+)', read('/proc/meminfo')) or 0) / 2**20:.0f} GiB",
        "kernel": platform.release(),
        "system": first(r'PRETTY_NAME="(.*)"', read("/etc/os-release")),
        "load before": f"{os.getloadavg()[0]:.2f}",
        "fnrun": first(r"([0-9]\S*)", output(fnrun, "--version")),
        "libcurl": first(r"libcurl/(\S+)", output("curl", "--version")),
        "python": platform.python_version(),
    }


def machine_and_clients(fnrun):
    """The same, with what fnrun is compared with."""
    return {
        **machine(fnrun),
        "nginx": first(r"nginx/(\S+)", output("nginx", "-v")),
        "hey": output("dpkg-query", "-W", "-f", "${Version}", "hey"),
        "wrk": first(r"wrk (\S+)", output("wrk", "-v")),
        "node": output("node", "--version").strip().lstrip("v"),
        "parallel": first(r"parallel (\S+)", output("parallel", "--version")),
    }


def read(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""


def first(pattern, text):
    match = re.search(pattern, text)
    return match.group(1).strip() if match else None


def output(*command):
    try:
        done = subprocess.run(list(map(str, command)), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.stdout
    except OSError:
        return ""
