import Testing

@testable import stet

/// What `PlainStart` reads for itself is what ArgumentParser would have read, and it reads nothing else.
@Suite struct PlainStartTests {
  @Test(
    "The interface's options mean what ArgumentParser takes them for",
    arguments: [
      [], ["fix the bug"], ["fix"], ["-s", "read-only"], ["--sandbox", "workspace-write", "-a", "never"],
      ["-m", "gpt", "--ask-for-approval", "on-request", "go on"], ["--model", "a=b", "-C", "/tmp", "x"],
      ["-c", "a=1", "--config", "b=\"two words\"", "-c", "c=[]"], ["--cd", "..", "exec the plan"],
      ["-m", "exec", "-C", "app-server"],
    ])
  func interface(_ words: [String]) throws {
    guard case .interface(let options, let prompt)? = PlainStart(words) else {
      Issue.record("\(words) is not read")
      return
    }
    let command = try #require(try StetCommand.parseAsRoot(words) as? OpenCommand)
    #expect(prompt == command.prompt)
    #expect(same(options, command.options))
    #expect(try command.server.choice().place == nil)
  }

  @Test(
    "The options of exec mean what ArgumentParser takes them for",
    arguments: [
      ["exec"], ["e", "hi"], ["exec", "--json", "-s", "workspace-write", "fix the bug"],
      ["exec", "--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "hi"],
      ["exec", "--yolo"], ["exec", "--full-auto", "--ephemeral", "-m", "gpt", "-c", "a=1", "-a", "never"],
      ["exec", "-C", "/tmp", "--json", "--config", "b=2", "exec"],
    ])
  func exec(_ words: [String]) throws {
    guard case .exec(let options, let prompt)? = PlainStart(words) else {
      Issue.record("\(words) is not read")
      return
    }
    let command = try #require(try StetCommand.parseAsRoot(words) as? ExecRunCommand)
    let other = command.options
    #expect(prompt == command.prompt)
    #expect(same(options.common, other.common))
    #expect(options.json == other.json && options.ephemeral == other.ephemeral)
    #expect(options.fullAuto == other.fullAuto && options.bypass == other.bypass)
    #expect(options.skipGitRepoCheck == other.skipGitRepoCheck && options.color == other.color)
    #expect(options.profile == other.profile && options.timeout == other.timeout)
    #expect(options.answerFile == other.answerFile && options.outputSchema == other.outputSchema)
    #expect(options.images == other.images && options.writableDirectories == other.writableDirectories)
  }

  @Test("The options of app-server mean what ArgumentParser takes them for")
  func appServer() throws {
    let words = ["app-server", "-c", "a=1", "-s", "read-only"]
    guard case .appServer(let options)? = PlainStart(words) else {
      Issue.record("\(words) is not read")
      return
    }
    let command = try #require(try StetCommand.parseAsRoot(words) as? AppServerCommand)
    #expect(same(options, command.options))
    #expect(command.listen == "stdio://" && command.tokenFile == nil)
  }

  @Test(
    "Everything else is left to ArgumentParser",
    arguments: [
      ["--help"], ["-h"], ["--version"], ["help"], ["open"], ["resume"], ["doctor"], ["demo"],
      ["sessions", "list"],
      ["open", "x"], ["x", "-s", "read-only"], ["x", "y"], [""], ["-"], ["--", "x"], ["-s"], ["-s", "none"],
      ["-s", "--json"], ["-s", "read-only", "-s", "read-only"], ["-m", "a", "--model", "b"],
      ["--sandbox=read-only"],
      ["-sread-only"], ["--server", "x"], ["--remote"], ["--generate-completion-script", "bash"],
      ["-c", "-x"],
      ["exec", "help"], ["exec", "resume", "--last"], ["exec", "review"], ["exec", "fork"], ["exec", "_new"],
      ["exec", "-"], ["exec", "hi", "--json"], ["exec", "--timeout", "3"], ["exec", "-i", "a.png", "hi"],
      ["exec", "--full-auto", "-s", "read-only"], ["exec", "--yolo", "-s", "read-only"], ["exec", "--help"],
      ["app-server", "x"], ["app-server", "generate-json-schema"], ["app-server", "--listen", "unix://"],
    ])
  func others(_ words: [String]) {
    if case .some = PlainStart(words) { Issue.record("\(words) is read") }
  }

  private func same(_ one: CommonOptions, _ other: CommonOptions) -> Bool {
    one.model == other.model && one.directory == other.directory && one.sandbox == other.sandbox
      && one.approval == other.approval && one.config == other.config
  }
}
