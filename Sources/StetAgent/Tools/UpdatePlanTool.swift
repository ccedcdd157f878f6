import StetProtocol

/// `update_plan`: the steps of a longer task, for the user to see.
struct UpdatePlanTool: Tool {
  /// More steps are no plan.
  static let stepLimit = 50

  let name = "update_plan"
  let access = ToolAccess.read

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Show your plan for a task of several steps; at most one step in_progress.",
      [
        "explanation": ToolDefinition.text("Why the plan changed."),
        "plan": [
          "type": "array",
          "items": [
            "type": "object",
            "properties": [
              "step": ["type": "string"],
              "status": ["type": "string", "enum": ["pending", "in_progress", "completed"]],
            ],
            "required": ["step", "status"], "additionalProperties": false,
          ],
        ],
      ], required: ["plan"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    do {
      let arguments = try ToolArguments(call)
      let steps = try arguments.array("plan").prefix(Self.stepLimit).map(Self.step)
      let doing = steps.count { $0.status == .inProgress }
      guard doing <= 1 else {
        return .failure(
          "\(doing) steps are in_progress.", "Set one step in_progress, the others pending or completed.")
      }
      context.plan.update(explanation: try arguments.optionalString("explanation"), steps: steps)
      return .text("Plan updated")
    } catch let error as ToolArgumentError {
      return error.output
    } catch {
      return .failure("The plan was not updated: \(error)", "Send it again.")
    }
  }

  private static func step(_ value: JSONValue) throws -> TurnPlanStep {
    guard let text = value["step"]?.stringValue else {
      throw ToolArgumentError("A step of the plan has no `step` text.")
    }
    switch value["status"]?.stringValue {
    case "pending": return TurnPlanStep(step: text, status: .pending)
    case "in_progress", "inProgress": return TurnPlanStep(step: text, status: .inProgress)
    case "completed": return TurnPlanStep(step: text, status: .completed)
    default: throw ToolArgumentError("The status of `\(text)` must be pending, in_progress or completed.")
    }
  }
}
