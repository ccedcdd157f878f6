import ArgumentParser
import Glibc
import StetClient
import StetJSON
import StetProtocol
import StetRPC

/// `stet mcp-server`: stet as a tool of other agents, by the Model Context Protocol on standard input and output.
struct MCPServerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp-server",
    abstract: "Serve stet as a tool for other agents (MCP on standard input and output).",
    discussion: """
      The tools: `stet` starts a thread with a prompt, `stet-reply` goes on with one. Approvals are put to the client's \
      user where the client takes questions (elicitation); else they are declined, and the result says so.

      --sandbox is the widest sandbox that a call may choose (if it is not given: workspace-write, or what the \
      configuration says where that is wider). A call may write in the directory that the server was started in and in \
      directories that are trusted. -a holds for calls that choose no approval policy; they may only ask more often.
      """)

  @OptionGroup var options: CommonOptions

  func run() throws {
    let surroundings = try options.surroundings()
    // A client that is gone must not kill the server with a signal.
    signal(SIGPIPE, SIG_IGN)
    let ended = Ending()
    ended.onSignals([SIGTERM, SIGINT, SIGHUP])
    let log = LogFile.logger(home: surroundings.home, label: "mcp-server")
    let backend = Backend(surroundings, isHeadless: true, startsTurnsAlone: false, log: log)
    let stream = try StreamTransport(
      input: STDIN_FILENO, output: STDOUT_FILENO, ownsDescriptors: false, isTagged: true,
      fault: { log.warning("a line that is no message: \($0)") })
    let configuration = backend.environment.configuration
    let server = ToolServer(
      stream,
      bounds: ToolBounds(
        sandbox: options.sandbox?.mode, approvalPolicy: options.approval?.policy,
        directory: surroundings.directory, home: surroundings.environment["HOME"],
        configuration: { try configuration($0, JSONObject()) }),
      model: options.model, letGo: { [agent = backend.agent] in agent.threadLeave($0, done: $1) },
      onEnd: { ended.end() })
    server.start(backend.connect())
    ended.wait()
    server.stop()
    Blocking.run { await backend.shutdown() }
  }
}
