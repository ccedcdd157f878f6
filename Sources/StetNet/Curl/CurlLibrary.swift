import CCurl
import Glibc

/// libcurl's functions, looked up once, when the first request is made.
///
/// Loading costs 5-8 ms for 36 shared objects, so it happens on the network thread and never at program start.
/// The library is never unloaded.
struct CurlLibrary: @unchecked Sendable {
  typealias Handle = UnsafeMutableRawPointer

  let setOption: UnsafeMutableRawPointer
  let getInfo: UnsafeMutableRawPointer
  let setMultiOption: UnsafeMutableRawPointer
  let easyInit: @convention(c) () -> Handle?
  let easyCleanup: @convention(c) (Handle?) -> Void
  let easyPause: @convention(c) (Handle?, Int32) -> CURLcode
  let easyText: @convention(c) (CURLcode) -> UnsafePointer<CChar>?
  let listAppend:
    @convention(c) (UnsafeMutablePointer<curl_slist>?, UnsafePointer<CChar>?) -> UnsafeMutablePointer<
      curl_slist
    >?
  let listFree: @convention(c) (UnsafeMutablePointer<curl_slist>?) -> Void
  let multiInit: @convention(c) () -> Handle?
  let multiCleanup: @convention(c) (Handle?) -> CURLMcode
  let multiAdd: @convention(c) (Handle?, Handle?) -> CURLMcode
  let multiRemove: @convention(c) (Handle?, Handle?) -> CURLMcode
  let multiPerform: @convention(c) (Handle?, UnsafeMutablePointer<Int32>?) -> CURLMcode
  let multiPoll:
    @convention(c) (
      Handle?, UnsafeMutableRawPointer?, UInt32, Int32, UnsafeMutablePointer<Int32>?
    ) -> CURLMcode
  let multiWakeup: @convention(c) (Handle?) -> CURLMcode
  let multiMessage: @convention(c) (Handle?, UnsafeMutablePointer<Int32>?) -> UnsafeMutablePointer<CURLMsg>?
  let multiText: @convention(c) (CURLMcode) -> UnsafePointer<CChar>?
  let urlInit: @convention(c) () -> OpaquePointer?
  let urlFree: @convention(c) (OpaquePointer?) -> Void
  let urlSet: @convention(c) (OpaquePointer?, CURLUPart, UnsafePointer<CChar>?, UInt32) -> CURLUcode
  let urlGet:
    @convention(c) (
      OpaquePointer?, CURLUPart, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, UInt32
    ) -> CURLUcode
  let free: @convention(c) (UnsafeMutableRawPointer?) -> Void
  let parseDate: @convention(c) (UnsafePointer<CChar>?, UnsafePointer<time_t>?) -> time_t

  /// The loaded library, or why it could not be loaded; decided once a process.
  static let shared: Result<CurlLibrary, NetError> = {
    do throws(NetError) { return .success(try CurlLibrary()) } catch { return .failure(error) }
  }()

  private init() throws(NetError) {
    let names = ["libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.so"]
    guard let image = names.lazy.compactMap({ dlopen($0, RTLD_LAZY | RTLD_LOCAL) }).first else {
      let text = dlerror().map { String(cString: $0) }
      throw NetError(.libraryMissing, "libcurl (libcurl.so.4) is not installed", underlying: text)
    }
    func symbol(_ name: String) throws(NetError) -> UnsafeMutableRawPointer {
      guard let address = dlsym(image, name) else {
        throw NetError(.libraryMissing, "the installed libcurl is too old: it has no \(name)")
      }
      return address
    }
    func function<F>(_ name: String, _ type: F.Type = F.self) throws(NetError) -> F {
      unsafeBitCast(try symbol(name), to: F.self)
    }
    setOption = try symbol("curl_easy_setopt")
    getInfo = try symbol("curl_easy_getinfo")
    setMultiOption = try symbol("curl_multi_setopt")
    easyInit = try function("curl_easy_init")
    easyCleanup = try function("curl_easy_cleanup")
    easyPause = try function("curl_easy_pause")
    easyText = try function("curl_easy_strerror")
    listAppend = try function("curl_slist_append")
    listFree = try function("curl_slist_free_all")
    multiInit = try function("curl_multi_init")
    multiCleanup = try function("curl_multi_cleanup")
    multiAdd = try function("curl_multi_add_handle")
    multiRemove = try function("curl_multi_remove_handle")
    multiPerform = try function("curl_multi_perform")
    multiPoll = try function("curl_multi_poll")
    multiWakeup = try function("curl_multi_wakeup")
    multiMessage = try function("curl_multi_info_read")
    multiText = try function("curl_multi_strerror")
    urlInit = try function("curl_url")
    urlFree = try function("curl_url_cleanup")
    urlSet = try function("curl_url_set")
    urlGet = try function("curl_url_get")
    free = try function("curl_free")
    parseDate = try function("curl_getdate")

    let start: @convention(c) (Int) -> CURLcode = try function("curl_global_init")
    let code = start(Int(CURL_GLOBAL_DEFAULT))
    guard code == CURLE_OK else {
      throw NetError(.libraryMissing, "libcurl does not start", underlying: text(code))
    }
  }

  func text(_ code: CURLcode) -> String {
    easyText(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
  }

  /// Turns a failed call into an error at once, with the library's text.
  func check(_ code: CURLcode, _ doing: String) throws(NetError) {
    guard code != CURLE_OK else { return }
    throw NetError(.other, "libcurl: \(doing) failed: \(text(code))", underlying: text(code))
  }

  func check(_ code: CURLMcode, _ doing: String) throws(NetError) {
    guard code != CURLM_OK else { return }
    let text = multiText(code).map { String(cString: $0) } ?? "error \(code.rawValue)"
    throw NetError(.other, "libcurl: \(doing) failed: \(text)", underlying: text)
  }
}
