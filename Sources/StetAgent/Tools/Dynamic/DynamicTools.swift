import StetProtocol

/// The tools that a client brought along (`thread/start.dynamicTools`), read and checked.
enum DynamicTools {
  /// More are no list that a model chooses from.
  static let countLimit = 128
  /// Bytes of all definitions: they go into every request.
  static let byteLimit = 256 << 10

  /// Throws what `thread/start` answers to tools that can't be offered.
  static func check(_ specs: [DynamicToolSpec]) throws(RPCError) {
    var names: Set<String> = []
    var bytes = 0
    for spec in specs {
      for tool in try tools(spec) {
        guard isName(tool.name) else {
          throw .invalidRequest(
            "dynamic tool name must be 1 to 64 of the characters a-z, A-Z, 0-9, _ and -: \(tool.name)")
        }
        guard tool.schema.objectValue != nil else {
          throw .invalidRequest("dynamic tool input schema is not supported for \(tool.name): not an object")
        }
        guard names.insert(tool.name).inserted else {
          throw .invalidRequest("duplicate dynamic tool name: \(tool.name)")
        }
        bytes += tool.definition.serialized().count
      }
    }
    guard names.count <= countLimit, bytes <= byteLimit else {
      throw .invalidRequest(
        "too many dynamic tools: \(countLimit) with \(byteLimit) bytes of definitions are the limit")
    }
  }

  /// The tools of specs that were checked, by name (P2).
  static func all(_ specs: [DynamicToolSpec]) -> [DynamicTool] {
    specs.flatMap { spec in
      do {
        return try tools(spec)
      } catch {
        return []  // was checked at thread/start; a damaged log offers less
      }
    }.sorted { $0.name < $1.name }
  }

  private static func tools(_ spec: DynamicToolSpec) throws(RPCError) -> [DynamicTool] {
    switch spec {
    case .function(let function):
      return [
        DynamicTool(
          name: function.name, namespace: nil, tool: function.name, about: function.description,
          schema: function.inputSchema)
      ]
    case .namespace(let namespace):
      return try namespace.tools.map { (value) throws(RPCError) in
        guard let name = value["name"]?.stringValue, let schema = value["inputSchema"] else {
          throw .invalidRequest(
            "a tool of the dynamic namespace \(namespace.name) has no name or inputSchema")
        }
        // Few providers know namespaces (V5): the name carries it.
        return DynamicTool(
          name: "\(namespace.name)__\(name)", namespace: namespace.name, tool: name,
          about: value["description"]?.stringValue ?? "", schema: schema)
      }
    case .unknown(let value):
      throw .invalidRequest("unknown dynamic tool type: \(value["type"]?.stringValue ?? value.text)")
    }
  }

  private static func isName(_ name: String) -> Bool {
    (1...64).contains(name.utf8.count)
      && name.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }
}
