import StetJSON

/// `fs/createDirectory`: Makes a directory.
public struct FsCreateDirectoryParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "fs/createDirectory"

  public var path: String
  public var recursive: Bool?

  public init(path: String, recursive: Bool? = nil) {
    self.path = path
    self.recursive = recursive
  }
}

/// `fs/readDirectory`: Lists a directory.
public struct FsReadDirectoryParams: ClientCall {
  public typealias Response = FsReadDirectoryResponse
  public static let method = "fs/readDirectory"

  public var path: String

  public init(path: String) {
    self.path = path
  }
}

public struct FsReadDirectoryResponse: Codable, Hashable, Sendable {
  public var entries: [FsReadDirectoryEntry]

  public init(entries: [FsReadDirectoryEntry]) {
    self.entries = entries
  }
}

public struct FsReadDirectoryEntry: Codable, Hashable, Sendable {
  public var fileName: String
  public var isDirectory: Bool
  public var isFile: Bool

  public init(fileName: String, isDirectory: Bool, isFile: Bool) {
    self.fileName = fileName
    self.isDirectory = isDirectory
    self.isFile = isFile
  }
}

/// `fs/getMetadata`: Reads kind and times of a path.
public struct FsGetMetadataParams: ClientCall {
  public typealias Response = FsGetMetadataResponse
  public static let method = "fs/getMetadata"

  public var path: String

  public init(path: String) {
    self.path = path
  }
}

public struct FsGetMetadataResponse: Codable, Hashable, Sendable {
  public var isDirectory: Bool
  public var isFile: Bool
  public var isSymlink: Bool
  public var createdAtMs: Int
  public var modifiedAtMs: Int

  public init(isDirectory: Bool, isFile: Bool, isSymlink: Bool, createdAtMs: Int, modifiedAtMs: Int) {
    self.isDirectory = isDirectory
    self.isFile = isFile
    self.isSymlink = isSymlink
    self.createdAtMs = createdAtMs
    self.modifiedAtMs = modifiedAtMs
  }
}
