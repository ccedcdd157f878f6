import StetText

/// A question of the agent with its offered answers.
enum QuestionPromptView {
  static func content(_ prompt: QuestionPrompt, width: Int) -> (title: Line, body: [Line]) {
    guard let question = prompt.current else { return (Line("A question", Look.promptTitle), []) }
    let header = Words.firstLine(question.header)
    let place = prompt.questions.count > 1 ? "  \(prompt.index + 1) of \(prompt.questions.count)" : ""
    var body = PromptView.prose("", question.question, width: width)
    for (index, option) in prompt.options.enumerated() {
      let isSelected = index == prompt.selected
      let style = isSelected ? Look.popupSelected : Look.promptText
      let title = Line(
        (isSelected ? "› " : "  ", Look.promptKey), (index < 9 ? "\(index + 1) " : "  ", Look.promptKey),
        (Words.firstLine(option.label), style),
        ("  " + Words.firstLine(option.description), Look.dim))
      body.append(title.truncated(to: width))
    }
    return (Line((header.isEmpty ? "A question" : header, Look.promptTitle), (place, Look.dim)), body)
  }
}
