import ArgumentParser
import FoundationEssentials
import Glibc
import StetJSON
import StetProtocol

/// Reads and checks everything that a run needs before the server is started; what is wrong is wrong usage.
struct ExecIntake {
  /// A schema is a page or two; a longer file is something else.
  private static let schemaLimit = 1 << 20

  let options: ExecOptions
  let task: ExecTask
  let directory: String

  func order(prompt: String?, deadline: ExecClock.Instant?) throws -> ExecOrder {
    let schema = try options.outputSchema.map { try self.schema($0) }
    let images = try options.images.flatMap { $0.split(separator: ",") }.map { try image(String($0)) }
    let directories = try options.writableDirectories.map { try absolute($0, "--add-dir") }
    if let file = options.answerFile { try checkAnswerFile(file) }
    let text = try text(prompt, deadline)
    try checkUse(hasInput: text != nil || !images.isEmpty)
    var task = task
    if case .review = task, let text { task = .review(.custom(instructions: text)) }
    var input = images
    if let text { input.append(.text(text)) }
    return ExecOrder(
      task: task, input: input, outputSchema: schema, directory: directory,
      movesThread: options.common.directory != nil, model: options.common.model, sandbox: options.sandbox,
      approvalPolicy: options.approvalPolicy, writableDirectories: directories,
      isEphemeral: options.ephemeral)
  }

  /// What would have no effect is refused: whoever wrote it counts on it.
  private func checkUse(hasInput: Bool) throws {
    switch task {
    case .review:
      if options.outputSchema != nil {
        throw ValidationError("--output-schema: a review has a form of its own.")
      }
      if !options.images.isEmpty { throw ValidationError("--image: a review takes no images.") }
    case .fork where !hasInput:
      let unused = [
        ("--output-last-message", options.answerFile != nil),
        ("--output-schema", options.outputSchema != nil),
        ("--ephemeral", options.ephemeral),
      ]
      if let (option, _) = unused.first(where: \.1) {
        throw ValidationError("\(option): a fork without a prompt is a copy and has no answer.")
      }
    case .start, .resume, .fork: break
    }
  }

  /// Nil only where a prompt is optional and none was given.
  private func text(_ prompt: String?, _ deadline: ExecClock.Instant?) throws -> String? {
    let reader = PromptReader(input: StandardInputSource(deadline: deadline)) {
      StandardError.print("stet: \($0)")
    }
    let isOptional: Bool
    switch task {
    case .review, .fork: isOptional = true
    case .start, .resume: isOptional = false
    }
    do {
      return try reader.prompt(prompt, isOptional: isOptional)
    } catch {
      if error == .timeUp { throw error }
      throw ValidationError("\(error)")
    }
  }

  private func schema(_ path: String) throws -> JSONValue {
    let text: String
    do {
      text = try String(contentsOfFile: path, encoding: .utf8)
    } catch {
      throw ValidationError("--output-schema \(path): \(Self.reason(path))")
    }
    guard text.utf8.count <= Self.schemaLimit else {
      throw ValidationError("--output-schema \(path): longer than 1 MiB")
    }
    do {
      let value = try JSONValue(parsing: text)
      guard value.objectValue != nil else {
        throw ValidationError("--output-schema \(path): a schema is a JSON object")
      }
      return value
    } catch let error as JSONError {
      throw ValidationError("--output-schema \(path): \(error)")
    }
  }

  private func image(_ path: String) throws -> UserInput {
    .localImage(path: try absolute(path, "--image"), detail: nil)
  }

  private func absolute(_ path: String, _ option: String) throws -> String {
    guard let resolved = realpath(path, nil) else {
      throw ValidationError("\(option) \(path): \(String(cString: strerror(errno)))")
    }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Before any token is spent.
  private func checkAnswerFile(_ path: String) throws {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard access(folder, W_OK) == 0 || access(path, W_OK) == 0 else {
      throw ValidationError("--output-last-message \(path): \(String(cString: strerror(errno)))")
    }
  }

  private static func reason(_ path: String) -> String {
    access(path, R_OK) == 0 ? "not a text file in UTF-8" : String(cString: strerror(errno))
  }
}
