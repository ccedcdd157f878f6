import FoundationEssentials
import Glibc
import StetAgent
import StetConfig
import StetDemo
import StetProtocol
import StetUI

/// The demo's stage: a scratch folder with the sample project and a home of its own. Nothing of the user's is touched.
struct Demo: Sendable {
  let surroundings: Surroundings
  let model: DemoModel

  /// Lays the stage below the system's temporary folder; throws what the file system says.
  init(environment: [String: String]) throws {
    var template = Array("\(FileManager.default.temporaryDirectory.path)/stet-demo-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw DemoError(reason: String(cString: strerror(errno))) }
    let root = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    // The sandbox gives every command a /tmp of its own; a project there stays where it is by its real path.
    let project = root + "/tally"
    try FileManager.default.createDirectory(atPath: project, withIntermediateDirectories: true)
    try DemoProject.write(to: project)
    surroundings = Surroundings(
      environment: environment, home: StetHome(root: root + "/home"), directory: project)
    model = DemoModel(pace: environment["STET_DEMO_SPEED"].flatMap(Double.init) ?? 1)
  }

  /// Every command asks and every edit is reviewed: that is what the demo is there to show.
  static let overrides = ThreadOverrides(
    model: "demo", sandbox: .workspaceWrite, approvalPolicy: .untrusted, editReview: .ask)
}

struct DemoError: Error, CustomStringConvertible {
  let reason: String
  var description: String { "The demo could not lay out its scratch project: \(reason)" }
}
