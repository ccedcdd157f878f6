import StetRPC

/// A way to an MCP server that can be ended for good.
protocol MCPLink: Transport {
  /// Ends it; returns when nothing of it is left, or when it had its time.
  func end() async
}
