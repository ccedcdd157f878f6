import Glibc

/// Extended attributes by the coreutils' own system calls, which Swift's Glibc module leaves out.
enum TestAttributes {
  private typealias SetCall =
    @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeRawPointer, Int, Int32) -> Int32
  private typealias GetCall =
    @convention(c) (UnsafePointer<CChar>, UnsafePointer<CChar>, UnsafeMutableRawPointer, Int) -> Int

  /// False where the file system has none.
  static func set(_ name: String, _ value: String, at path: String) -> Bool {
    guard let symbol = dlsym(nil, "setxattr") else { return false }
    let bytes = Array(value.utf8)
    return unsafeBitCast(symbol, to: SetCall.self)(path, name, bytes, bytes.count, 0) == 0
  }

  static func get(_ name: String, at path: String) -> String? {
    guard let symbol = dlsym(nil, "getxattr") else { return nil }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafeBitCast(symbol, to: GetCall.self)(path, name, &bytes, bytes.count)
    return count < 0 ? nil : String(decoding: bytes[..<count], as: UTF8.self)
  }
}
