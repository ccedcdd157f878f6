import StetProtocol

/// What the model is told of its goal.
enum GoalText {
  /// Begins a turn that nobody asked for by hand.
  static func pursue(_ goal: ThreadGoal) -> String {
    var budget = ""
    if let limit = goal.tokenBudget {
      budget = "\nTokens left of the goal's budget: \(max(0, limit - goal.tokensUsed)) of \(limit)."
    }
    return """
      <goal>
      The user set a goal for this thread; go on with it by yourself:
      <objective>
      \(goal.objective)
      </objective>\(budget)
      Take the next useful step. Check against the files and commands, not against memory, whether all of the \
      objective is reached: only then call update_goal with status "complete". If you can't go on without the user, \
      call update_goal with status "blocked" and say what is missing.
      </goal>
      """
  }

  static let budgetIsUsed = """
    <goal>
    The token budget of the goal is used up. Start nothing new: say what was done, what is left, and end the turn.
    </goal>
    """
}
