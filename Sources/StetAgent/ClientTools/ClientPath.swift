import Glibc
import StetProtocol
import StetWorkspace

/// The paths that clients send: absolute, since the server's directory is none of theirs.
enum ClientPath {
  static func check(_ path: String) throws(RPCError) {
    guard path.hasPrefix("/") else {
      throw .invalidRequest("Invalid request: AbsolutePathBuf deserialized without a base path")
    }
    guard !path.utf8.contains(0) else {
      throw .invalidRequest("file name contained an unexpected NUL byte")
    }
    guard path.utf8.count < Int(PATH_MAX) else { throw system(ENAMETOOLONG) }
  }

  /// A failure of the system in the words of the protocol: "No such file or directory (os error 2)".
  static func system(_ code: Int32) -> RPCError {
    .internalError("\(String(cString: strerror(code))) (os error \(code))")
  }
}

extension RPCError {
  /// I/O failures have their own code; what stet refuses is the request's fault.
  init(_ error: WorkspaceError) {
    if let code = error.systemCode {
      self = ClientPath.system(code)
    } else {
      self = .invalidRequest(error.message)
    }
  }
}
