#!/usr/bin/env python3
"""bench-review.py BINARY: how long the review screen takes to open and to answer a key (issue 8: 150 ms, 16 ms, memory
under 8 times the text). Times are from the start of the program, or from the key, to the end of the output it caused."""
import fcntl, os, pty, select, signal, statistics, struct, subprocess, sys, tempfile, termios, time

QUIET = 0.05  # seconds without output: the frame is over
KEYS = [b"j", b"j", b"\x06", b"\x06", b"]", b"]", b"G", b"g", b"\x04", b"}", b"{", b"k"]


def environment(home):
    # A lone program: nothing of the user's settings counts.
    return {"PATH": os.environ["PATH"], "HOME": home, "STET_HOME": home, "TERM": "xterm-256color",
            "LANG": "C.UTF-8", "SWIFT_BACKTRACE": "enable=no"}


def read_frame(fd, wait):
    """All output until it is quiet; the bytes and the time of the last of them."""
    data, last = b"", None
    limit = time.perf_counter() + wait
    while True:
        left = (QUIET if last else max(0, limit - time.perf_counter()))
        if not select.select([fd], [], [], left)[0]:
            return data, last
        try:
            piece = os.read(fd, 1 << 16)
        except OSError:
            return data, last
        if not piece:
            return data, last
        data, last = data + piece, time.perf_counter()


def high_water(pid):
    with open(f"/proc/{pid}/status") as status:
        for line in status:
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    return 0


def processor_time(pid):
    """Seconds of the program so far: what other work on the machine does not add to."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(argv, cwd, home, stdin, marks):
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        if stdin:
            os.dup2(os.open(stdin, os.O_RDONLY), 0)
        os.execve(argv[0], argv, environment(home))
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    start = time.perf_counter()
    shown, opened = b"", None
    while opened is None and time.perf_counter() - start < 60:
        data, last = read_frame(fd, 1)
        shown += data
        if all(mark in shown for mark in marks):
            opened = last - start
    if opened is None:
        os.kill(pid, signal.SIGKILL)
        raise SystemExit(f"{argv}: no {marks} in\n{shown[-2000:]!r}")
    used = processor_time(pid)
    keys = []
    for key in KEYS * 3:
        before = time.perf_counter()
        os.write(fd, key)
        _, last = read_frame(fd, 0.3)
        if last:
            keys.append(last - before)
    memory = high_water(pid)
    os.write(fd, b"q")
    read_frame(fd, 1)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(fd)
    return opened, keys, memory, used


def report(name, text, rounds):
    opened = statistics.median(r[0] for r in rounds) * 1000
    keys = sorted(key for r in rounds for key in r[1])
    median = statistics.median(keys) * 1000
    worst = keys[int(len(keys) * 0.95)] * 1000
    memory = max(r[2] for r in rounds)
    used = statistics.median(r[3] for r in rounds) * 1000
    print(f"{name}: open {opened:.0f} ms, {used:.0f} of the processor · key {median:.1f} ms, 95 of 100 under {worst:.1f} ms · "
          f"{memory / 1e6:.0f} MB, {memory / text:.1f} times the text of {text / 1e6:.1f} MB")


def main():
    binary = os.path.realpath(sys.argv[1])
    count = int(os.environ.get("ROUNDS", "5"))
    with tempfile.TemporaryDirectory(prefix="stet-bench-") as work:
        home = os.path.join(work, "home")
        os.mkdir(home)
        old = [f"    let value{n} = compute(input: {n}, scale: {n % 17}) // line {n}\n" for n in range(100_000)]
        new = [line.replace("compute", "measure") if n % 3 == 0 else line for n, line in enumerate(old)]
        for name, lines in (("old.swift", old), ("new.swift", new)):
            with open(os.path.join(work, name), "w") as file:
                file.writelines(lines)
        text = sum(map(len, old)) + sum(map(len, new))
        argv = [binary, "diff", "old.swift", "new.swift"]
        report("100,000 lines", text, [run(argv, work, home, None, [b"measure"]) for _ in range(count)])

        tree = os.path.join(work, "tree")
        for n in range(1000):
            path = os.path.join(tree, f"dir{n % 50}")
            os.makedirs(path, exist_ok=True)
            with open(os.path.join(path, f"file{n}.swift"), "w") as file:
                file.writelines(old[n:n + 60])
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b", "-C", tree]
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "a"]):
            subprocess.run(git + command, check=True)
        for n in range(1000):
            with open(os.path.join(tree, f"dir{n % 50}", f"file{n}.swift"), "w") as file:
                file.writelines(line.replace("compute", "measure") if k in (5, 40) else line
                                for k, line in enumerate(old[n:n + 60]))
        patch = os.path.join(work, "patch")
        with open(patch, "w") as file:
            subprocess.run(git + ["diff"], check=True, stdout=file)
        text = 2 * sum(len(line) for n in range(1000) for line in old[n:n + 60])
        argv = [binary, "diff", "--head"]
        report("1,000 files against HEAD", text, [run(argv, tree, home, None, [b"measure"]) for _ in range(count)])
        report("1,000 files of a patch", os.path.getsize(patch),
               [run([binary, "diff"], work, home, patch, [b"measure"]) for _ in range(count)])


main()
