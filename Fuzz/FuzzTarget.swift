// Fuzz targets, run by `make fuzz`: what reads bytes of others must survive any bytes.
//
// libFuzzer calls the one target that FUZZ_TARGET names with mutated inputs and watches which code they reach. A crash,
// a failed precondition or a hang ends the run with the input that caused it. The package builds this target only when
// STET_FUZZ is set, with the sanitizers that it needs (platform.md §9).

import Glibc
import StetJSON
import StetProtocol
import StetRPC

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<Int32>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ target: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// What is fuzzed. The names are those that `Scripts/fuzz.sh` runs.
private enum FuzzTarget: String, CaseIterable {
  /// Lines of JSON, cut into chunks in two ways that must agree.
  case lines
  /// WebSocket frames, to a server and to a client.
  case frames
  /// The params of every method, notification and request, and every answer.
  case messages
  /// Logs of threads, as they are and with checksums that are right.
  case logs

  static let named = getenv("FUZZ_TARGET").flatMap { FuzzTarget(rawValue: String(cString: $0)) }

  func run(_ input: [UInt8]) {
    switch self {
    case .lines: Self.lines(input)
    case .frames: Self.frames(input)
    case .messages: Self.messages(input)
    case .logs: FuzzedLog.shared.run(input)
    }
  }

  private static func lines(_ input: [UInt8]) {
    var whole = JSONLines(maxLineBytes: 1 << 16)
    var messages = whole.feed(input)
    if let last = whole.finish() { messages.append(last) }
    var chunked = JSONLines(maxLineBytes: 1 << 16)
    var others: [Result<Message, LineFault>] = []
    let step = Int(input.first ?? 0) % 7 + 1
    for start in stride(from: 0, to: input.count, by: step) {
      others += chunked.feed(input[start..<min(start + step, input.count)])
    }
    if let last = chunked.finish() { others.append(last) }
    precondition(messages == others, "chunks change what is read")
    for case .success(let message) in messages {
      // What was read can be written, and reads as the same.
      var again = JSONLines()
      let written = again.feed(message.line())
      precondition(written.count == 1 && (try? written[0].get()) == message, "written otherwise than read")
    }
  }

  private static func frames(_ input: [UInt8]) {
    for role in [WebSocketReader.Role.server, .client] {
      let whole = events(role, [input[...]])
      let middle = input.count / 2
      precondition(whole == events(role, [input[..<middle], input[middle...]]), "chunks change what is read")
    }
    _ = WebSocketUpgrade(token: nil).answer(input)
    _ = WebSocketRequest(host: "localhost", token: nil).answer(input)
  }

  private static func events(_ role: WebSocketReader.Role, _ chunks: [ArraySlice<UInt8>]) -> [WebSocketReader
    .Event]
  {
    var reader = WebSocketReader(role: role, maxMessageBytes: 1 << 16)
    var events: [WebSocketReader.Event] = []
    for chunk in chunks {
      reader.feed(chunk)
      do {
        while let event = try reader.next() { events.append(event) }
      } catch {
        break
      }
    }
    return events
  }

  private static func messages(_ input: [UInt8]) {
    guard let value = try? JSONValue(parsing: input) else { return }
    for method in ClientRequest.methods { _ = try? ClientRequest.decode(method: method, params: value) }
    for method in ServerNotification.methods {
      let notification = ServerNotification.decode(method: method, params: value)
      _ = try? notification.params()
    }
    for method in ServerRequest.methods {
      let request = ServerRequest.decode(method: method, params: value)
      _ = try? request.params()
      _ = request.accepts(value)
    }
  }
}

@main private enum Fuzz {
  static func main() {
    guard FuzzTarget.named != nil else {
      let names = FuzzTarget.allCases.map(\.rawValue).joined(separator: ", ")
      let text = Array("FUZZ_TARGET names what to fuzz: \(names)\n".utf8)
      _ = write(STDERR_FILENO, text, text.count)
      exit(2)
    }
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    withUnsafeMutablePointer(to: &arguments) { pointer in
      let end = pointer.withMemoryRebound(
        to: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?.self, capacity: 1
      ) {
        runDriver(&count, $0) { bytes, length in
          FuzzTarget.named?.run(Array(UnsafeBufferPointer(start: bytes, count: length)))
          return 0
        }
      }
      exit(end)
    }
  }
}
