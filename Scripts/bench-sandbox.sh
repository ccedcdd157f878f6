#!/usr/bin/env bash
# bench-sandbox.sh BINARY: what the walls cost. `true` through `command/exec`, by turns behind them and without, in a
# small repository (RUNS times each, after ten to get warm). One JSON object on standard output, milliseconds.
set -euo pipefail
binary=$(realpath "$1")
root=$(mktemp -d "${BENCH_DIR:-$HOME}/stet-sandbox.XXXXXX") # not in /tmp, which is private inside
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/work" "$root/home"
git init -q "$root/work"
STET_HOME=$root/home python3 - "$binary" "$root/work" "${RUNS:-100}" <<'PY'
import json, statistics, subprocess, sys, time
binary, work, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
server = subprocess.Popen([binary, "app-server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=work)
number = 0
def call(method, params):
    global number
    number += 1
    server.stdin.write((json.dumps({"id": number, "method": method, "params": params}) + "\n").encode())
    server.stdin.flush()
    while True:
        message = json.loads(server.stdout.readline())
        if message.get("id") == number and "method" not in message:
            if "error" in message: raise SystemExit(message["error"])
            return message["result"]
call("initialize", {"clientInfo": {"name": "bench", "version": "1"}})
server.stdin.write(b'{"method":"initialized"}\n')
policies = {"none": {"type": "dangerFullAccess"}, "walls": {"type": "workspaceWrite"}}
times = {name: [] for name in policies}
for run in range(runs + 10):
    for name, policy in policies.items():
        start = time.perf_counter()
        result = call("command/exec", {"command": ["/bin/true"], "cwd": work, "sandboxPolicy": policy})
        if result["exitCode"] != 0: raise SystemExit(result)
        if run >= 10: times[name].append((time.perf_counter() - start) * 1000)
server.stdin.close()
server.wait()
# Other work on the machine only adds: the quartile and the least say more than the median when it is not quiet.
figures = {name: {"min": min(all), "p25": statistics.quantiles(all)[0], "median": statistics.median(all)} for name, all in times.items()}
figures["walls cost"] = {key: figures["walls"][key] - figures["none"][key] for key in figures["none"]}
print(json.dumps({a: {b: round(c, 2) for b, c in d.items()} for a, d in figures.items()}))
PY
