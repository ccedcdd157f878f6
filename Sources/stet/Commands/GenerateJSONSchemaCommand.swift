import ArgumentParser
import FoundationEssentials
import StetJSON
import StetProtocol

/// `stet app-server generate-json-schema`: what the server understands and says, as JSON Schema files.
struct GenerateJSONSchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate-json-schema", abstract: "Write the JSON Schemas of the protocol to a folder.")

  @Option(name: .long, help: "The folder to write to; made if absent.", completion: .directory)
  var out: String

  func run() throws {
    for file in try SchemaFiles.all() {
      let url = URL(filePath: out).appending(path: file.path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.schema.serialized() + [UInt8(ascii: "\n")]).write(to: url, options: .atomic)
    }
  }
}
