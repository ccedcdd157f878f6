#!/usr/bin/env python3
"""bench-table.py RESULTS PROGRAM...: one table of what bench.sh measured, medians, beside the figure stet must reach."""
import json
import os
import sys

MB = 1 / 1048576
# What, instrument, figure (two of one distribution as "path:median:p99"), factor, the aim.
ROWS = [
    ("first painted frame, ms", "tui", "phases/start/painted_ms", 1, "8"),
    ("first typed key echoed, ms", "tui", "phases/start/usable_ms", 1, "12"),
    ("fully ready, ms", "tui", "phases/start/ready_ms", 1, "20"),
    ("RSS after start, MB", "tui", "phases/start/rss_kb", 1 / 1024, "16"),
    ("– private, MB", "tui", "phases/start/anon_kb", 1 / 1024, "8"),
    ("installed, MB", "foot", "installed_bytes", MB, "20"),
    ("key echo idle, p50 / p99, ms", "tui", "phases/echo:median:p99", 1, "0.5 / 1.5"),
    ("key echo while streaming, p50 / p99, ms", "tui", "phases/echo_stream:median:p99", 1, "0.5 / 1.5"),
    ("terminal bytes per key", "tui", "phases/echo/bytes_per_key", 1, "40"),
    ("Enter to request at the model, ms", "tui", "phases/submit/enter_to_request_ms", 1, "3"),
    ("first delta to screen, ms", "tui", "phases/submit/delta_to_screen_ms", 1, "1"),
    ("10,000 words at once: all rendered, s", "tui", "phases/burst/reply_start_to_rendered_s", 1, "0.05"),
    ("10,000 words in 11,000 events: rendered, s", "tui", "phases/stream/reply_start_to_rendered_s", 1, "0.15"),
    ("– CPU, s", "tui", "phases/stream/cpu_s", 1, "0.15"),
    ("50 words/s: lag p50 / p99, ms", "tui", "phases/paced50/lag_ms:median:p99", 1, "0.5 / 5"),
    ("– CPU, %", "tui", "phases/paced50/cpu_pct", 1, "1.5"),
    ("– terminal bytes per s", "tui", "phases/paced50/tty_bytes_per_s", 1, "1500"),
    ("idle: wake-ups per s", "tui", "phases/idle/wakeups_per_s", 1, "0"),
    ("50 resizes with 10,000 words: settle, ms", "tui", "phases/resize/settle_ms", 1, "5"),
    ("– CPU, s", "tui", "phases/resize/cpu_s", 1, "0.06"),
    ("exec, one-word answer: overhead, ms", "exec", "one/overhead_ms", 1, "15"),
    ("– CPU, ms", "exec", "one/cpu_ms", 1, "15"),
    ("tool step (true), sandboxed: gap, ms", "exec", "loop/gap_ms", 1, "8"),
    ("tool step, no sandbox: gap, ms", "exec", "unsafe_loop/gap_ms", 1, "3"),
    ("50 MB of command output, ms", "tool", "flood/gap_ms", 1, "110"),
    ("– max RSS, MB", "tool", "flood/maxrss_mb", 1, "30"),
    ("app-server: spawn to initialize, ms", "rpc", "initialize_ms", 1, "10"),
    ("app-server: thread/start, ms", "rpc", "thread_start_ms", 1, "2"),
    ("app-server: one-word turn less the model, ms", "rpc", "less_model_ms", 1, "3"),
    ("– CPU, ms", "rpc", "cpu_ms_per_turn", 1, "3"),
    ("resume 5,000 items: screen to last message, ms", "resume", "sizes/5000/tui_ms", 1, "25"),
    ("– RSS, MB", "resume", "sizes/5000/tui_rss_mb", 1, "25"),
    ("resume 5,000 items: thread/resume, ms", "resume", "sizes/5000/rpc_resume_ms", 1, "30"),
    ("disk for 5,000 items, KB", "resume", "sizes/5000/build/disk_bytes", 1 / 1024, "3000"),
    ("first request, bytes", "exec", "one/upload_bytes", 1, "10000"),
    ("prefix kept in the loop, %", "exec", "prefix_loop/kept_pct", 1, "100"),
]
# Worst of several events through the app-server, by the labels of exec_bench.
EVENTS = [
    ("prefix kept: policy, sandbox, effort, restart, worst, %", "kept_pct", "100",
     lambda label: not any(word in label for word in ("compaction", "model", "(cont.)"))),
    ("cached share of a compaction request, %", "hit_pct", "90", lambda label: label == "compaction request"),
]


def load(folder, name):
    try:
        with open(os.path.join(folder, name + ".json")) as file:
            return json.load(file)
    except OSError:
        return None


def find(value, path):
    for key in path.split("/"):
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value


def figures(result, path, factor):
    """The numbers that a path names, none missing, or an empty list."""
    path, *kinds = path.split(":")
    value = find(result, path)
    values = [value.get(kind) for kind in kinds or ["median"]] if isinstance(value, dict) else [value]
    return [] if None in values else [number * factor for number in values]


def worst(result, key, wanted):
    rows = [row[key] for row in (result or {}).get("prefix_scenarios", []) if wanted(row["label"])]
    return [min(rows)] if rows else []


def text(values):
    def one(value):
        return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
    return " / ".join(one(value) for value in values) or "–"


def main():
    folder, programs = sys.argv[1], sys.argv[2:]
    rows = [(what, name, lambda r, p=path, f=factor: figures(r, p, f), aim) for what, name, path, factor, aim in ROWS]
    rows += [(what, "exec", lambda r, k=key, w=wanted: worst(r, k, w), aim) for what, key, aim, wanted in EVENTS]
    print("| figure | " + " | ".join(programs) + " | codex : stet | to reach |")
    print("|---" * (len(programs) + 3) + "|")
    for what, name, read, aim in rows:
        found = {program: read(load(folder, f"{name}-{program}")) for program in programs}
        ratio = "–"
        if found.get("codex") and found.get("stet") and found["stet"][0] and "prefix" not in what and "cached" not in what:
            ratio = f"{found['codex'][0] / found['stet'][0]:.1f}"
        print(f"| {what} | " + " | ".join(text(found[program]) for program in programs) + f" | {ratio} | {aim} |")


if __name__ == "__main__":
    main()
