import CCrypto
import Glibc

/// libcrypto's digests, looked up at the first digest.
///
/// Loading costs a millisecond, for relocations mostly, and the first frame needs no digest: so the program is not
/// linked with it. The library is never unloaded.
struct CryptoLibrary: Sendable {
  let contextNew: @convention(c) () -> OpaquePointer?
  let contextFree: @convention(c) (OpaquePointer?) -> Void
  let start: @convention(c) (OpaquePointer?, OpaquePointer?, OpaquePointer?) -> Int32
  let update: @convention(c) (OpaquePointer?, UnsafeRawPointer?, Int) -> Int32
  let finish:
    @convention(c) (OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt32>?) -> Int32
  let sha1: @convention(c) () -> OpaquePointer?
  let sha256: @convention(c) () -> OpaquePointer?

  /// Ends the program where the library is not installed: without it nothing can be kept, compared or asked.
  static let shared = CryptoLibrary()

  private init() {
    // The version that the headers describe: another one may lay out its arguments differently.
    let name = "libcrypto.so.\(OPENSSL_SHLIB_VERSION)"
    guard let image = dlopen(name, RTLD_LAZY | RTLD_LOCAL) else {
      fatalError(dlerror().map { String(cString: $0) } ?? "\(name) can't be loaded")
    }
    func function<F>(_ symbol: String, _ type: F.Type = F.self) -> F {
      guard let address = dlsym(image, symbol) else { fatalError("\(name) has no \(symbol)") }
      return unsafeBitCast(address, to: F.self)
    }
    contextNew = function("EVP_MD_CTX_new")
    contextFree = function("EVP_MD_CTX_free")
    start = function("EVP_DigestInit_ex")
    update = function("EVP_DigestUpdate")
    finish = function("EVP_DigestFinal_ex")
    sha1 = function("EVP_sha1")
    sha256 = function("EVP_sha256")
  }
}
