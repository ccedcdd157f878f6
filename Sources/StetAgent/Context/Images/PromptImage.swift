import FoundationEssentials
import StetWorkspace

/// Makes pictures fit for a request (C10). The work is done on a thread of its own: a large one takes a second.
enum PromptImage {
  /// Pixels of the longer side; more are made smaller by the providers themselves, and paid for.
  static let side = 2_048
  static let byteLimit = 1_500_000
  /// Bytes of a file that is read to be made smaller: what a camera writes.
  static let readLimit = 40 << 20

  private static let thread = WorkspaceThread()

  /// The picture as a `data:` URL, made smaller where it has to be.
  static func url(_ bytes: [UInt8]) async throws -> String {
    try await thread.run { try address(bytes) }
  }

  /// A picture that came as an address: one with its data in it is made to fit, another is as it was.
  static func fitted(_ url: String) async throws -> String {
    // What is within the limit in base64 may still have too many pixels: only the picture itself tells.
    guard url.hasPrefix("data:"), let comma = url.firstIndex(of: ",") else { return url }
    return try await thread.run {
      guard url[..<comma].hasSuffix(";base64"),
        let data = Data(base64Encoded: String(url[url.index(after: comma)...]))
      else { return url }
      let bytes = [UInt8](data)
      // An unknown kind is the provider's to judge.
      if Picture(bytes) == nil { return url }
      let made = try Picture.fitted(bytes, side: side, limit: byteLimit)
      return made.bytes == bytes ? url : text(made)
    }
  }

  /// What a tool gave back, with pictures that the model can be sent.
  static func fitted(_ output: ToolOutput, seesImages: Bool) async -> ToolOutput {
    guard output.content.contains(where: { if case .image = $0 { true } else { false } }) else {
      return output
    }
    var output = output
    for (index, part) in output.content.enumerated() {
      guard case .image(let url) = part else { continue }
      do {
        output.content[index] =
          seesImages ? .image(url: try await fitted(url)) : .text("[an image that this model can't be sent]")
      } catch {
        output.content[index] = .text("[an image that can't be sent: \(reason(error))]")
      }
    }
    return output
  }

  /// Why a picture can't be sent, on one line.
  static func reason(_ error: any Error) -> String {
    guard let error = error as? WorkspaceError else { return "\(error)" }
    return error.underlying.map { "\(error.message): \($0)" } ?? error.message
  }

  private static func address(_ bytes: [UInt8]) throws(WorkspaceError) -> String {
    text(try Picture.fitted(bytes, side: side, limit: byteLimit))
  }

  private static func text(_ picture: (bytes: [UInt8], kind: Picture.Kind)) -> String {
    "data:\(picture.kind.rawValue);base64,\(Data(picture.bytes).base64EncodedString())"
  }
}
