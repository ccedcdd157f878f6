import StetProtocol

/// What the model of a thread may call: the built-in tools in their fixed order, then those of the client by name.
extension ThreadSession {
  func offeredTools(_ metadata: ModelMetadata) -> [any Tool] {
    let dynamic = DynamicTools.all(meta.dynamicTools)
    let taken = Set(dynamic.map(\.name))
    // A client's tool of the same name takes the place of a built-in one: it was named on purpose.
    let builtIn = services.environment.tools(metadata).filter { !taken.contains($0.name) }
    return builtIn + dynamic
  }
}
