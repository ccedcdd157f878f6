import StetJSON

/// `fs/readFile`: Reads a file of at most the server's limit.
public struct FsReadFileParams: ClientCall {
  public typealias Response = FsReadFileResponse
  public static let method = "fs/readFile"

  public var path: String

  public init(path: String) {
    self.path = path
  }
}

public struct FsReadFileResponse: Codable, Hashable, Sendable {
  public var dataBase64: String

  public init(dataBase64: String) {
    self.dataBase64 = dataBase64
  }
}

/// `fs/writeFile`: Writes a whole file.
public struct FsWriteFileParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "fs/writeFile"

  public var dataBase64: String
  public var path: String

  public init(dataBase64: String, path: String) {
    self.dataBase64 = dataBase64
    self.path = path
  }
}

/// `fs/copy`: Copies a file or a tree.
public struct FsCopyParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "fs/copy"

  public var destinationPath: String
  public var sourcePath: String
  public var recursive: Bool?

  public init(destinationPath: String, sourcePath: String, recursive: Bool? = nil) {
    self.destinationPath = destinationPath
    self.sourcePath = sourcePath
    self.recursive = recursive
  }
}

/// `fs/remove`: Removes a file or a tree.
public struct FsRemoveParams: ClientCall {
  public typealias Response = EmptyResponse
  public static let method = "fs/remove"

  public var path: String
  public var force: Bool?
  public var recursive: Bool?

  public init(path: String, force: Bool? = nil, recursive: Bool? = nil) {
    self.path = path
    self.force = force
    self.recursive = recursive
  }
}
