import StetProtocol

/// Brings the goal tools to the thread that they belong to.
struct GoalBoard: Sendable {
  private weak var session: ThreadSession?

  init(_ session: ThreadSession) { self.session = session }

  func read() async -> JSONValue { await session?.goalForModel() ?? ["goal": nil] }

  func create(_ objective: String, budget: Int?) async -> RPCError? {
    await session?.createGoal(objective, budget: budget)
  }

  func update(_ status: ThreadGoalStatus) async -> Bool { await session?.updateGoal(status) ?? false }

  static func tools(_ session: ThreadSession) -> [any Tool] {
    let board = GoalBoard(session)
    return [GetGoalTool(board: board), CreateGoalTool(board: board), UpdateGoalTool(board: board)]
  }
}

/// `get_goal`.
struct GetGoalTool: Tool {
  let board: GoalBoard
  let name = "get_goal"
  let access = ToolAccess.read

  var definition: JSONValue {
    ToolDefinition.function(name, "Read this thread's goal and what it used.", [:])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput { .text(await board.read().text) }
}

/// `create_goal`: only when the user asked for one.
struct CreateGoalTool: Tool {
  let board: GoalBoard
  let name = "create_goal"
  let access = ToolAccess.write

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Set a goal to work on over several turns; only if the user asked for one.",
      ["objective": ["type": "string"], "token_budget": ["type": "integer"]], required: ["objective"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    do {
      let arguments = try ToolArguments(call)
      let budget = try arguments.int("token_budget", default: 0, in: 0...Int.max)
      let objective = try arguments.string("objective")
      if let error = await board.create(objective, budget: budget > 0 ? budget : nil) {
        return .failure("The goal was not set: \(error.message)", "Read it with get_goal.")
      }
      return .text(await board.read().text)
    } catch {
      return error.output
    }
  }
}

/// `update_goal`: the goal is reached, or can't be without the user.
struct UpdateGoalTool: Tool {
  let board: GoalBoard
  let name = "update_goal"
  let access = ToolAccess.write

  var definition: JSONValue {
    ToolDefinition.function(
      name, "Mark this thread's goal: complete only if all of it is done and checked.",
      ["status": ["type": "string", "enum": ["complete", "blocked"]]], required: ["status"])
  }

  func run(_ call: ToolCall, _ context: ToolContext) async -> ToolOutput {
    do {
      let status: ThreadGoalStatus
      switch try ToolArguments(call).string("status") {
      case "complete": status = .complete
      case "blocked": status = .blocked
      default: throw ToolArgumentError("`status` must be complete or blocked.")
      }
      guard await board.update(status) else {
        return .failure("This thread has no goal.", "Go on without update_goal.")
      }
      return .text(await board.read().text)
    } catch let error as ToolArgumentError {
      return error.output
    } catch {
      return .failure("The goal was not changed: \(error)", "Send it again.")
    }
  }
}
