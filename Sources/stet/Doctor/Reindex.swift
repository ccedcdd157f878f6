import StetAgent
import StetConfig

/// `stet doctor --reindex`: the indexes of threads and of their histories, made anew from the logs, and whether the old
/// ones were right.
struct Reindex {
  let home: StetHome

  func run() -> [DoctorCheck] {
    do {
      let result = try IndexRebuild.run(
        home: home, logger: LogFile.logger(home: home, label: "doctor"))
      let notes = result.notices.map {
        DoctorCheck.note("thread log", $0, "The other threads are not touched by it.")
      }
      let size = "\(result.threads) threads and \(result.texts) searchable texts"
      let change = result.hadChanges ? "it differed from the logs and is right now" : "it was right already"
      return notes + [.ok("index", "\(size) from \(home.threadsDirectory); \(change)")]
    } catch {
      return [
        .problem(
          "index", "\(error)",
          "Move \(home.indexPath) and history.db beside it away, with their -wal and -shm, and run this again."
        )
      ]
    }
  }
}
