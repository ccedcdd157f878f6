import FoundationEssentials
import StetJSON
import StetNet
import StetTestSupport
import Testing

@testable import StetAgent

/// A recorded stream under Goldens/streams, and what a decoder makes of it, as lines.
enum GoldenStream {
  static func bytes(_ name: String) throws -> [UInt8] {
    let folder = "\(#filePath)".split(separator: "/").dropLast(2).joined(separator: "/")
    let path = "/\(folder)/Goldens/streams/\(name).sse"
    return Array(try #require(FileManager.default.contents(atPath: path), "\(path) is not there"))
  }

  /// Decodes the stream in these pieces; the last line says how it ended.
  static func lines(_ pieces: [[UInt8]], _ decoder: any WireDecoder) -> [String] {
    var parser = SSEParser()
    var decoder = decoder
    var lines: [String] = []
    do {
      for piece in pieces {
        for event in try parser.feed(piece) { lines += try decoder.decode(event.data).map(line) }
      }
    } catch let error as ModelError {
      let wait = error.retryAfterMs.map { " after \($0) ms" } ?? ""
      let retry = RetryRules.isRetryable(error) ? "retried" : "final"
      let overflow = ContextOverflow.matches(error) ? ", overflow" : ""
      return lines + ["failed \(error.kind)\(wait), \(retry)\(overflow): \(error.message)"]
    } catch {
      return lines + ["failed: \(error)"]
    }
    lines += decoder.end().map(line)
    return lines + [decoder.isFinished ? "whole" : "cut"]
  }

  private static func line(_ event: ModelEvent) -> String {
    switch event {
    case .created(let id): return "created \(id ?? "-")"
    case .served(let model): return "served \(model)"
    case .itemAdded(let item): return "added \(item.text)"
    case .textDelta(let id, let delta): return "text \(id) \(JSONValue.string(delta).text)"
    case .reasoningPartAdded(let id, let index): return "part \(id) \(index)"
    case .reasoningSummaryDelta(let id, let index, let delta):
      return "summary \(id) \(index) \(JSONValue.string(delta).text)"
    case .reasoningTextDelta(let id, let index, let delta):
      return "reasoning \(id) \(index) \(JSONValue.string(delta).text)"
    case .callInputDelta(let id, let delta): return "input \(id) \(JSONValue.string(delta).text)"
    case .itemDone(let item): return "done \(item.text)"
    case .completed(let usage): return "completed \(text(usage))"
    case .incomplete(let reason, let usage): return "incomplete \(reason) \(text(usage))"
    }
  }

  private static func text(_ usage: ModelUsage?) -> String {
    guard let usage else { return "without usage" }
    return "in \(usage.input) cached \(usage.cachedInput) written \(usage.cacheWrite) out \(usage.output)"
      + " reasoning \(usage.reasoning) total \(usage.total)"
  }
}
