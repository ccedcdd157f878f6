import StetProtocol

/// What the model of a thread may call: the built-in tools in their fixed order, then those of the client by name.
extension ThreadSession {
  func offeredTools(_ metadata: ModelMetadata) -> [any Tool] {
    let dynamic = DynamicTools.all(meta.dynamicTools)
    let taken = Set(dynamic.map(\.name))
    // A client's tool of the same name takes the place of a built-in one: it was named on purpose.
    let own = services.environment.tools(metadata)
    // A model that is offered nothing to work with has no goal to work for.
    let builtIn = (own.isEmpty ? [] : own + GoalBoard.tools(self)).filter { !taken.contains($0.name) }
    return builtIn + dynamic
  }
}
