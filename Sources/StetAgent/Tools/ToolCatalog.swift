/// The tools that a model is offered, by its metadata (T1), in their fixed order (P2). Never none to edit with.
public enum ToolCatalog {
  public static func builtIn(for model: ModelMetadata) -> [any Tool] {
    var tools: [any Tool] = [ExecCommandTool(), WriteStdinTool()]
    switch model.editTool {
    case .patchFreeform: tools.append(ApplyPatchTool(freeform: true))
    case .patchFunction: tools.append(ApplyPatchTool(freeform: false))
    case .edit, .editSmall: tools += [EditTool(), WriteTool()]
    }
    tools += [ReadFileTool(), SearchTool(), ListDirTool(), UpdatePlanTool(), RequestUserInputTool()]
    if model.images { tools.append(ViewImageTool()) }
    if model.flags.webSearch { tools.append(WebSearchTool()) }
    return tools
  }
}
