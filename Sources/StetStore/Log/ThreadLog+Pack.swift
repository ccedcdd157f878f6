import Glibc

extension ThreadLog {
  /// Plain bytes from which packing is worth its two syncs.
  static let packFrom: Int64 = 128 << 10
  /// Plain bytes beyond which a log is left as it is: packing would keep its thread busy for longer than a second.
  static let packMost: Int64 = 64 << 20
  /// Bytes of lines in one frame: what has to be read for one record.
  private static let frameBytes = 256 << 10
  /// The same for the first one: a thread begins with it, so little may be lost together with its beginning.
  private static let firstFrameBytes = 8 << 10

  /// Moves the whole lines that are there now into packed frames beside the log, when there are enough of them (R10).
  /// Nothing changes for readers: places stay what they are. Blocks on the disk, records can be appended meanwhile.
  ///
  /// The frames are on disk before the log is replaced by its rest, so a process that is killed at any moment leaves
  /// the one or the other, whole (R5).
  public func pack() throws(StoreError) {
    guard let (base, end) = packable() else { return }
    let target = LogFile.packedPath(of: path)
    let descriptor = try check("open \(target)") {
      Glibc.open(target, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    }
    defer { Glibc.close(descriptor) }
    // Another process may still be at it that had the thread before: the next time will do.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return }
    // What is cut off below is what this log does not name; what it names is read anew, not remembered.
    let file = try LogFile(path: path)
    guard file.base == base else { return }
    let earlier = try PackedLog(path: target, end: base)
    // What is packed is damaged or gone in part. More of it would hide that, and cutting it would lose what is whole.
    var status = stat()
    guard earlier.reach == base, fstat(descriptor, &status) == 0, Int64(status.st_size) >= earlier.fileEnd
    else {
      return
    }
    let place = earlier.fileEnd
    try check("cut \(target)") { ftruncate(descriptor, off_t(place)) }
    let packed = try addFrames(descriptor, at: place, of: base..<end, file, target)
    try check("sync \(target)") { fdatasync(descriptor) }
    try Directory.sync(Directory.directory(of: target))
    try replace(upTo: packed)
  }

  /// The places between which there are plain lines; nil when they are too few, too many or not to be had.
  private func packable() -> (base: Int64, end: Int64)? {
    state.withLock { state in
      guard state.descriptor >= 0, state.failure == nil else { return nil }
      let plain = state.size - state.base
      return plain >= Self.packFrom && plain <= Self.packMost ? (state.base, state.size) : nil
    }
  }

  /// Adds the lines of a range to the packed file; where the last of them ends.
  private func addFrames(
    _ descriptor: Int32, at start: Int64, of range: Range<Int64>, _ file: LogFile, _ target: String
  ) throws(StoreError) -> Int64 {
    var (place, fileEnd) = (range.lowerBound, start)
    while place < range.upperBound {
      let lines = try Self.lines(
        file, at: place, upTo: range.upperBound, about: place == 0 ? Self.firstFrameBytes : Self.frameBytes)
      let frame = try PackedLog.frame(lines, at: place)
      var written = 0
      while written < frame.count {
        let (done, end) = (written, fileEnd)
        written += try check("write \(target)") {
          frame.withUnsafeBytes { bytes in
            pwrite(
              descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(end) + off_t(done))
          }
        }
      }
      fileEnd += Int64(frame.count)
      place += Int64(lines.count)
    }
    return place
  }

  /// Whole lines from a place on, about as many as a frame holds.
  private static func lines(
    _ file: LogFile, at place: Int64, upTo end: Int64, about size: Int
  ) throws(StoreError) -> [UInt8] {
    var lines: [UInt8] = []
    while true {
      let wanted = Int(min(Int64(size), end - place - Int64(lines.count)))
      if wanted == 0 { return lines }
      let start = lines.count
      lines.append(contentsOf: repeatElement(0, count: wanted))
      let count = try read(file, &lines, start, wanted, at: place + Int64(start))
      lines.removeLast(wanted - count)
      guard count > 0 else { throw StoreError(.failed, "\(file.path) ends before its last record.") }
      if let newline = lines[start...].lastIndex(of: UInt8(ascii: "\n")) {
        lines.removeLast(lines.count - newline - 1)
        return lines
      }
    }
  }

  private static func read(
    _ file: LogFile, _ bytes: inout [UInt8], _ start: Int, _ count: Int, at place: Int64
  ) throws(StoreError) -> Int {
    let result = bytes.withUnsafeMutableBytes { buffer -> Result<Int, StoreError> in
      guard let base = buffer.baseAddress else { return .success(0) }
      return Result { () throws(StoreError) in try file.read(base + start, count, at: place) }
    }
    return try result.get()
  }

  /// Puts a log in the place of this one that begins behind `place`; what was appended meanwhile is in it.
  private func replace(upTo place: Int64) throws(StoreError) {
    let temporary = "\(path).\(getpid())-\(Clock.nowMs())"
    defer { unlink(temporary) }
    try state.withLock { (state) throws(StoreError) in
      // Closed meanwhile: what was packed is not named by any log and counts for nothing.
      guard state.descriptor >= 0, state.failure == nil else { return }
      var status = stat()
      guard fstat(state.descriptor, &status) == 0, status.st_nlink > 0 else { return }
      let lead = LogFile.lead(base: place)
      var rest = [UInt8](repeating: 0, count: Int(state.size - place))
      let file = try LogFile(path: path)
      var filled = 0
      while filled < rest.count {
        let count = try Self.read(file, &rest, filled, rest.count - filled, at: place + Int64(filled))
        guard count > 0 else { throw StoreError(.failed, "\(path) ends before its last record.") }
        filled += count
      }
      let fresh = try check("write \(temporary)") {
        Glibc.open(temporary, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
      }
      do throws(StoreError) {
        let bytes = lead + rest
        let count = try check("write \(temporary)") { Glibc.write(fresh, bytes, bytes.count) }
        guard count == bytes.count else { throw StoreError.system(ENOSPC, "write \(temporary)") }
        try check("sync \(temporary)") { fdatasync(fresh) }
        try check("name \(path)") { rename(temporary, path) }
      } catch {
        Glibc.close(fresh)
        throw error
      }
      Glibc.close(state.descriptor)
      (state.descriptor, state.base, state.lead) = (fresh, place, lead.count)
      try Directory.sync(Directory.directory(of: path))
    }
  }
}
