import StetTestSupport

/// A small MCP server in Python, with a tool for each thing that a server may do.
enum MCPScript {
  static let source = #"""
    import json, os, sys, time
    marks = sys.argv[1] if len(sys.argv) > 1 else None
    out = lambda m: (sys.stdout.write(json.dumps(dict(m, jsonrpc="2.0")) + "\n"), sys.stdout.flush())
    obj = {"type": "object", "properties": {}}
    num = {"type": "object", "properties": {"a": {"type": "number"}, "b": {"type": "number"}}}
    more = []
    def tools():
        return [
            {"name": "add", "description": "adds two numbers", "inputSchema": num, "annotations": {"readOnlyHint": True}},
            {"name": "ask", "description": "asks", "inputSchema": obj},
            {"name": "die", "description": "dies", "inputSchema": obj},
            {"name": "env", "description": "shows variables", "inputSchema": obj},
            {"name": "fail", "description": "fails", "inputSchema": obj},
            {"name": "grow", "description": "gets a tool more", "inputSchema": obj},
            {"name": "pic", "description": "shows", "inputSchema": obj},
            {"name": "read.thing/x y", "description": "odd name", "inputSchema": obj},
            {"name": "slow", "description": "takes its time", "inputSchema": obj},
            {"name": "wall", "description": "writes outside", "inputSchema": {"type": "object", "properties": {"path": {"type": "string"}}}},
        ] + more
    def call(name, a, m):
        if name == "add": return {"content": [{"type": "text", "text": "sum=%d" % (a["a"] + a["b"])}], "structuredContent": {"sum": a["a"] + a["b"]}}
        if name == "env": return {"content": [{"type": "text", "text": json.dumps(dict(os.environ))}]}
        if name == "fail": return {"content": [{"type": "text", "text": "it broke"}], "isError": True}
        if name == "pic": return {"content": [{"type": "text", "text": "two"}, {"type": "image", "mimeType": "image/png", "data": "aGVsbG8="}, {"type": "resource", "resource": {"uri": "f://x", "blob": "aGVsbG8="}}]}
        if name == "die": os._exit(3)
        if name == "grow":
            more.append({"name": "late_one", "description": "came later", "inputSchema": obj})
            out({"method": "notifications/tools/list_changed"}); return {"content": [{"type": "text", "text": "grown"}]}
        if name == "slow":
            out({"method": "notifications/progress", "params": {"progressToken": m["params"]["_meta"]["progressToken"], "progress": 1, "total": 2, "message": "half"}})
            return {"content": [{"type": "text", "text": "slept"}]}
        if name == "wall":
            try: open(a["path"], "w").write("x"); return {"content": [{"type": "text", "text": "wrote"}]}
            except OSError as e: return {"content": [{"type": "text", "text": "refused %s" % e.errno}]}
        if name == "ask":
            out({"id": "q1", "method": "elicitation/create", "params": {"message": "Which?", "requestedSchema": {"type": "object", "properties": {"color": {"type": "string", "x-odd": 1}}, "required": ["color"]}}})
            answer = json.loads(sys.stdin.readline())
            return {"content": [{"type": "text", "text": json.dumps(answer["result"])}]}
        return {"content": [{"type": "text", "text": name}]}
    for l in sys.stdin:
        m = json.loads(l)
        if "id" not in m: continue
        me = m.get("method"); r = {}
        if me == "initialize":
            if marks: open(marks, "a").write("start\n")
            r = {"protocolVersion": m["params"]["protocolVersion"], "capabilities": {"tools": {}, "resources": {}}, "serverInfo": {"name": "mini", "version": "1"}}
        elif me == "tools/list": r = {"tools": tools()}
        elif me == "resources/list": r = {"resources": [{"uri": "f://x", "name": "x"}]}
        elif me == "resources/read": r = {"contents": [{"uri": m["params"]["uri"], "text": "inside"}]}
        elif me == "tools/call": r = call(m["params"]["name"], m["params"].get("arguments", {}), m)
        out({"id": m["id"], "result": r})
    """#

  /// Writes the server and returns the table of config.toml for it.
  static func table(
    _ home: TempDirectory, name: String = "mini", more: String = "trusted = true", arguments: String = ""
  ) -> String {
    let path = home.write("mini.py", source)
    return """
      [mcp_servers.\(name)]
      command = "python3"
      args = ["\(path)"\(arguments)]
      \(more)
      """
  }
}
