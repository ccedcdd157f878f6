import Glibc
import StetTestSupport
import Testing

@testable import StetProcess

/// The walls, seen from inside, with each mechanism.
@Suite struct SandboxTests {
  static let both: [SandboxLaunch.Mechanism] = [.bubblewrap, .landlock]

  @Test func probeSaysWhatIsThere() async throws {
    let found = await Sandbox(launcher: Walls.launcher, environment: Shell.environment).probe()
    #expect(found.isUsable)
    #expect(!found.description.isEmpty)
    let broken = await Sandbox(launcher: "/nonexistent/stet", environment: Shell.environment).probe()
    #expect(broken.bubblewrap == nil)
    #expect(broken.problem != nil)
  }

  @Test(
    "S1: no library of the workspace gets into what puts up the walls; the command has its variables",
    arguments: both)
  func s1_libraries(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let names = ["libcap.so.2", "libselinux.so.1", "libzstd.so.1", "libcrypto.so.3", "libsqlite3.so.0"]
    for name in names { walls.place.write("work/\(name)", "no library") }
    var command = walls.command(
      "echo \"$LD_LIBRARY_PATH|$ODD\"", try await walls.launch())
    // The empty entry, which a script leaves that appends to an unset variable, is the working directory.
    command.environment["LD_LIBRARY_PATH"] = ":/opt/x"
    command.environment["LD_PRELOAD"] = walls.root + "/libnone.so"
    command.environment["ODD"] = "a=b\nc"
    let text = try await Shell.run(command).text
    #expect(
      text.hasSuffix(":/opt/x|a=b\nc\n") && text.contains("libnone.so"), "only the command sees them: \(text)"
    )
    #expect(!text.contains("libcap") && !text.contains("stet"), "\(text)")
  }

  @Test("S1: writes reach the workspace and the private /tmp, nothing else", arguments: both)
  func s1_writes(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    walls.place.write("outside", "old")
    let result = try await walls.run(
      """
      echo new > inside || echo FAIL
      mkdir -p deep/er && echo x > deep/er/file && mv deep/er/file moved && ln -s moved link && rm link || echo FAIL
      echo t > "$TMPDIR/t" || echo FAIL
      for target in ../outside ../new /etc/stet-test /usr/stet-test "$HOME/x"; do
        (echo broken > "$target") 2>/dev/null && echo "WROTE $target"
      done
      rm -f ../outside 2>/dev/null; ln -s /etc/passwd l && (echo x >> l) 2>/dev/null && echo "WROTE link"
      echo done
      """)
    #expect(result.text == "done\n")
    #expect(walls.place.text("work/inside") == "new\n")
    #expect(walls.place.text("work/moved") == "x\n")
    #expect(walls.place.text("outside") == "old")
    #expect(walls.place.text("private/t") == "t\n")
    #expect(!walls.place.exists("new"))
  }

  @Test func readOnlyWritesNothing() async throws {
    for mechanism in Self.both {
      let walls = try await Walls(mechanism)
      walls.place.write("work/file", "content\n")
      let result = try await walls.run(
        "cat file; (echo x > file) 2>/dev/null && echo WROTE; (echo x > new) 2>/dev/null && echo WROTE",
        policy: .readOnly)
      #expect(result.text == "content\n")
      #expect(walls.place.text("work/file") == "content\n")
    }
  }

  @Test("S13: no network unless asked", arguments: both)
  func s13_network(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let server = try Listener()
    let script = """
      python3 - <<'END'
      import socket
      try:
        s = socket.create_connection(("127.0.0.1", \(server.port)), 5); print("connected")
      except OSError as e: print("refused")
      END
      """
    #expect(try await walls.run(script).text == "refused\n")
    #expect(try await walls.run(script, network: true).text == "connected\n")
    #expect(try await walls.run(script, policy: .readOnly).text == "refused\n")
  }

  @Test("S13: daemons behind sockets can't be reached", arguments: both)
  func s13_sockets(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let script = """
      python3 - <<'END'
      import socket
      for family in (socket.AF_VSOCK, socket.AF_PACKET, socket.AF_ALG):
        try:
          socket.socket(family, socket.SOCK_STREAM if family == socket.AF_VSOCK else socket.SOCK_RAW)
          print("made", family)
        except OSError: pass
      a, b = socket.socketpair(); a.send(b"pair"); print(b.recv(4).decode())
      END
      ls /run/dbus /run/systemd 2>/dev/null; true
      """
    let text = try await walls.run(script).text
    if mechanism == .bubblewrap {
      #expect(text == "pair\n")
    } else {
      #expect(text.hasPrefix("pair\n"))
    }
  }

  @Test("S7: secrets can't be read", arguments: both)
  func s7_secrets(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let secrets = [
      ".ssh/id_ed25519", ".aws/credentials", ".gnupg/private-keys-v1.d/a.key", ".codex/auth.json", ".netrc",
      ".mozilla/firefox/p/logins.json", ".local/share/keyrings/login.keyring", ".cargo/credentials.toml",
      "own/secret",
    ]
    for path in secrets { walls.place.write("home/\(path)", "SECRET") }
    walls.place.write("home/.ssh/known_hosts", "HOSTS\n")
    walls.place.write("home/.ssh/id_ed25519.pub", "PUBLIC\n")
    walls.place.write("home/.bashrc", "RC\n")
    // By a link too.
    symlink(walls.place.path("home/.aws/credentials"), walls.place.path("work/innocent"))
    let paths = secrets.map { "\(walls.home)/\($0)" } + ["innocent", "/etc/shadow"]
    let launch = try await walls.launch(deniedReads: [walls.place.path("home/own")])
    let script =
      "for f in \(paths.joined(separator: " ")); do cat $f 2>/dev/null && echo \"READ $f\"; done; cat ~/.ssh/known_hosts ~/.ssh/id_ed25519.pub ~/.bashrc"
    let text = try await Shell.run(walls.command(script, launch)).text
    #expect(text == "HOSTS\nPUBLIC\nRC\n")
    // Not by making it writable either; what can't be kept is a question.
    guard mechanism == .bubblewrap else {
      let error = await #expect(throws: SandboxError.self) {
        try await walls.launch(.workspaceWrite(roots: [walls.home], network: false))
      }
      #expect(error?.message.contains("Landlock can't keep it") == true)
      return
    }
    let home = try await walls.launch(.workspaceWrite(roots: [walls.home], network: false))
    let again = try await Shell.run(
      walls.command("cat ~/.aws/credentials ~/.ssh/id_ed25519 2>/dev/null; cat ~/.bashrc", home))
    #expect(again.text == "RC\n")
  }

  @Test("S6: stet's settings beneath a root: bubblewrap keeps them, Landlock alone makes no walls")
  func s6_ownSettings() async throws {
    for mechanism in Self.both {
      let walls = try await Walls(mechanism)
      walls.place.write("work/.config/stet/rules/x.rules", "old")
      let own = walls.place.path("work/.config/stet")
      guard mechanism == .bubblewrap else {
        let error = await #expect(throws: SandboxError.self) { try await walls.launch(protectedPaths: [own]) }
        #expect(error?.message.contains("work/.config/stet lies in") == true)
        continue
      }
      let launch = try await walls.launch(protectedPaths: [own])
      _ = try await Shell.run(walls.command("echo evil > .config/stet/rules/x.rules", launch))
      #expect(walls.place.text("work/.config/stet/rules/x.rules") == "old")
    }
  }

  @Test("S7: secrets where XDG_CONFIG_HOME, XDG_DATA_HOME and GH_CONFIG_DIR have moved them")
  func s7_movedSecrets() {
    let place = TempDirectory()
    let names = ["config/gcloud/x", "config/gh/hosts.yml", "data/keyrings/x", "gh/hosts.yml"]
    for name in names { place.write(name, "SECRET") }
    let hidden = SecretPaths.find(
      [
        "HOME": place.path("home"), "XDG_CONFIG_HOME": place.path("config"),
        "XDG_DATA_HOME": place.path("data"), "GH_CONFIG_DIR": place.path("gh"),
      ], extra: [])
    for name in names { #expect(hidden.contains { $0.covers(place.path(name)) }, "\(name)") }
    #expect(!hidden.contains { $0.covers(place.path("config/nvim/init.lua")) })
  }

  @Test("S7: the environment of stet itself can't be read", arguments: both)
  func s7_ownEnvironment(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let result = try await walls.run("cat /proc/\(getpid())/environ 2>/dev/null | head -c 10 | wc -c")
    #expect(result.text == "0\n")
  }

  @Test("S6: /tmp is one private folder for the thread", arguments: both)
  func s6_privateTmp(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let secret = TempDirectory("others", in: "/tmp")
    try await walls.run("echo kept > $TMPDIR/state; (echo x > \(secret.path)/x) 2>/dev/null; true")
    #expect(!secret.exists("x"))
    #expect(try await walls.run("cat $TMPDIR/state").text == "kept\n")
    if mechanism == .bubblewrap {
      #expect(
        try await walls.run("cat /tmp/state; test -e \(secret.path) || echo hidden").text == "kept\nhidden\n")
    }
    var status = stat()
    #expect(stat(walls.temporary, &status) == 0 && status.st_mode & 0o777 == 0o700)
  }

  @Test func privateTmpOfOthersIsRefused() async throws {
    let walls = try await Walls(.bubblewrap)
    mkdir(walls.temporary, 0o755)
    await #expect(throws: SandboxError.self) { try await walls.launch() }
    rmdir(walls.temporary)
    symlink(walls.home, walls.temporary)
    await #expect(throws: SandboxError.self) { try await walls.launch() }
  }

  @Test("S1: a debugger sees the command's own processes, and none outside", arguments: both)
  func s1_ptrace(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let outside = try ProcessSession.start(Shell.command("exec sleep 1000"))
    let result = try await walls.run(
      """
      python3 - <<'END'
      import ctypes, os, signal, time
      ptrace = ctypes.CDLL(None, use_errno=True).ptrace
      attach = 16
      child = os.fork()
      if child == 0: time.sleep(1000)
      print(ptrace(attach, child, 0, 0), ptrace(attach, \(outside.pid), 0, 0))
      os.kill(child, signal.SIGKILL)
      END
      """)
    #expect(result.text == "0 -1\n")
    await outside.terminate(grace: .zero)
  }

  @Test("S1: no way to undo the walls", arguments: both)
  func s1_noEscape(mechanism: SandboxLaunch.Mechanism) async throws {
    let walls = try await Walls(mechanism)
    let result = try await walls.run(
      """
      mount -o remount,rw,bind / 2>/dev/null && echo REMOUNTED
      mount -t tmpfs none "$TMPDIR" 2>/dev/null && echo MOUNTED
      unshare -m true 2>/dev/null && echo UNSHARED
      unshare -U true 2>/dev/null && echo USERNS
      for f in /proc/sys/kernel/core_pattern /proc/sys/kernel/domainname /proc/sysrq-trigger; do
        (: >> $f) 2>/dev/null && echo "KERNEL $f"
      done
      grep -E '^Cap(Eff|Prm|Inh|Amb):' /proc/self/status | grep -v 0000000000000000
      chroot / true 2>/dev/null && echo CHROOT
      kill -0 \(getpid()) 2>/dev/null && echo SIGNALLED
      grep -E '^(NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t'
      """)
    #expect(result.text == "NoNewPrivs:1\nSeccomp:2\n")
  }

  @Test func typingIntoTheTerminalIsDenied() async throws {
    for mechanism in Self.both {
      let walls = try await Walls(mechanism)
      let script = """
        python3 -c 'import fcntl, os, sys
        for request in (0x5412, 0x5412 | 1 << 32):
          try:
            import ctypes
            r = ctypes.CDLL(None, use_errno=True).ioctl(0, ctypes.c_ulong(request), b"x")
            print("typed" if r == 0 else "denied %d" % ctypes.get_errno())
          except OSError as e: print("denied")'
        """
      let command = walls.command(script, try await walls.launch(), pty: TerminalSize(rows: 24, columns: 80))
      #expect(try await Shell.output(command) == "denied 1\r\ndenied 1\r\n")
    }
  }

  @Test func policiesWithoutAnswerAreErrors() async throws {
    let none = Sandbox(
      launcher: Walls.launcher, environment: Shell.environment,
      capability: SandboxCapability(bubblewrap: nil, landlockABI: nil, problem: "nothing here"))
    let place = TempDirectory()
    for policy in [SandboxPolicyKind.readOnly, .workspaceWrite(roots: [place.path], network: true)] {
      let error = await #expect(throws: SandboxError.self) {
        try await none.launch(policy, cwd: "/", threadTmp: place.path("t"))
      }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains("nothing here") == true)
    }
    #expect(try await none.launch(.dangerFullAccess, cwd: "/", threadTmp: place.path("t")) == nil)
    for root in ["relative", "/proc", "/dev/shm"] {
      let error = await #expect(throws: SandboxError.self) {
        try await none.launch(
          .workspaceWrite(roots: [root], network: false), cwd: "/", threadTmp: place.path("t"))
      }
      #expect(error?.code == .badRoot)
    }
  }

  @Test func launchSaysWhatIsActive() async throws {
    for mechanism in Self.both {
      let walls = try await Walls(mechanism)
      let launch = try await walls.launch()
      #expect(launch.mechanism == mechanism)
      #expect(launch.description.contains(mechanism == .bubblewrap ? "bubblewrap" : "Landlock"))
      #expect(launch.description.contains(walls.root))
      #expect(launch.description.contains("no network"))
      #expect(launch.protectsPaths == (mechanism == .bubblewrap))
    }
  }
}
