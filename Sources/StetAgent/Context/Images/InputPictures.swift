import StetProtocol

/// The pictures of one input, read and made fit before anything is decided about it: what a session decides, it decides
/// without waiting.
struct InputPictures: Sendable {
  enum Reading: Sendable {
    case url(String)
    /// Why there is no picture, in words that follow its name.
    case problem(String)
  }

  /// By path as the client wrote it, or by address.
  private var readings: [String: Reading] = [:]

  static let none = InputPictures()

  subscript(_ name: String) -> Reading? { readings[name] }

  /// Whether there is anything to read.
  static func any(in input: [UserInput]) -> Bool {
    input.contains { part in
      switch part {
      case .localImage: true
      case .image(let image): image.url?.hasPrefix("data:") == true
      default: false
      }
    }
  }

  /// - Parameter cwd: where relative paths begin.
  static func read(_ input: [UserInput], cwd: String) async -> InputPictures {
    var pictures = InputPictures()
    for part in input {
      switch part {
      case .localImage(let path, _): pictures.readings[path] = await file(PathText.join(cwd, path))
      case .image(let image):
        guard let url = image.url, url.hasPrefix("data:") else { continue }
        do {
          pictures.readings[url] = .url(try await PromptImage.fitted(url))
        } catch {
          pictures.readings[url] = .problem(PromptImage.reason(error))
        }
      default: continue
      }
    }
    return pictures
  }

  private static func file(_ path: String) async -> Reading {
    let limit = PromptImage.readLimit
    switch CappedFile.read(path, limit: limit + 1) {
    case .missing: return .problem("the file does not exist")
    case .unreadable(let reason): return .problem(reason)
    case .bytes(let bytes):
      guard bytes.count <= limit else { return .problem("larger than \(limit >> 20) MiB") }
      do {
        return .url(try await PromptImage.url(bytes))
      } catch {
        return .problem(PromptImage.reason(error))
      }
    }
  }
}
