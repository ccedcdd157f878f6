extension ThreadLog {
  /// Reads the whole records of a log from a byte offset on, where an earlier reading ended; it may have a writer.
  ///
  /// `end` is where the next reading begins: behind the last whole record.
  static func readTail(
    path: String, from offset: Int64, types: Set<String>, visit: (LogRecord) -> Void
  ) throws(StoreError) -> (end: Int64, faults: [LogFault]) {
    let scanner = LogScanner(path: path, types: types, takesTail: false)
    let result = try scanner.scan(LogFile(path: path), from: offset, visit: visit)
    return (result.wholeBytes, result.faults)
  }
}
