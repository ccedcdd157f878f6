import StetTestSupport
import Testing

import func Glibc.access
import func Glibc.getenv
import var Glibc.X_OK

/// MCP servers from the package index, as `Scripts/setup-mcp.sh` brings them.
enum RealMCPServers {
  static let skipReason: Comment = "the MCP servers from PyPI are not there: Scripts/setup-mcp.sh brings them"

  /// Their virtual environment; nil where it is not, or not whole.
  static let folder: String? = {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let cache = variable("XDG_CACHE_HOME") ?? (variable("HOME") ?? "") + "/.cache"
    let folder = variable("STET_MCP_SERVERS") ?? cache + "/stet-test-mcp/1"
    return access(folder + "/whole", 0) == 0 && access(folder + "/bin/python", X_OK) == 0 ? folder : nil
  }()

  /// A program of theirs as a table of config.toml.
  static func table(_ name: String, _ program: String, _ arguments: [String] = [], more: String = "")
    -> String
  {
    let list = arguments.map { "\"\($0)\"" }.joined(separator: ", ")
    return """
      [mcp_servers.\(name)]
      command = "\(folder ?? "")/bin/\(program)"
      args = [\(list)]
      default_tools_approval_mode = "approve"
      \(more)

      """
  }

  /// A server written with the official SDK: argv[1] is `stdio` or `http`, argv[2] a folder; `slow` waits for a file `go`
  /// in it. Over HTTP the port is told in a file there.
  static let sdk = #"""
    import os, sys, time
    transport, place = sys.argv[1], sys.argv[2]
    while "slow" in sys.argv and not os.path.exists(os.path.join(place, "go")): time.sleep(0.02)
    from mcp.server.mcpserver import Context, MCPServer
    print("sdk: begins", file=sys.stderr, flush=True)
    server = MCPServer("sdk", log_level="ERROR")

    @server.tool()
    def add(a: int, b: int) -> int:
        "Adds two numbers"
        return a + b

    @server.tool()
    async def work(ctx: Context) -> str:
        "Takes its time"
        await ctx.report_progress(1, 2, "half")
        await ctx.request_context.session.send_log_message("info", "worked \x1b[31mhard")
        return "done"

    @server.tool()
    def die() -> str:
        "Dies"
        print("sdk: I die", file=sys.stderr, flush=True)
        os._exit(3)

    def late() -> str:
        "Came later"
        return "here I am"

    @server.tool()
    async def grow(ctx: Context) -> str:
        "Gets a tool more, and one less"
        server.add_tool(late)
        server.remove_tool("add")
        await ctx.request_context.session.send_tool_list_changed()
        return "grown"

    @server.resource("note://today")
    def today() -> str:
        return "buy milk"

    @server.resource("note://{day}")
    def note(day: str) -> str:
        return "nothing on " + day

    if transport == "stdio": server.run("stdio")
    else:
        import socket
        s = socket.socket(); s.bind(("127.0.0.1", 0)); port = s.getsockname()[1]; s.close()
        with open(os.path.join(place, "port.part"), "w") as f: f.write(str(port))
        os.rename(os.path.join(place, "port.part"), os.path.join(place, "port"))
        server.run("streamable-http", host="127.0.0.1", port=port)
    """#
}
