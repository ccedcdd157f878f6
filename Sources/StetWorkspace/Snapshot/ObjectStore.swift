import CGit2
import Glibc

/// Contents by their git blob id, in packs of our own: new ones are held in memory (libgit2's mempack)
/// until a turn's are written as one pack. No loose objects, no references, no configuration. Not for two
/// threads at once.
final class ObjectStore {
  private let packs: String
  /// Large ones that wait beside the packs.
  let staged: StagedContents
  private let database: OpaquePointer
  private let repository: OpaquePointer
  private let memory: UnsafeMutablePointer<git_odb_backend>

  /// `directory` is made when it is not there.
  init(
    directory: String, shares: @escaping @Sendable (Int32, Int32) -> Bool = { _, _ in false }
  ) throws(WorkspaceError) {
    staged = try StagedContents(directory: PathResolver.join(directory, "staged"), shares: shares)
    let objects = PathResolver.join(directory, "objects")
    packs = PathResolver.join(objects, "pack")
    try makePrivateDirectory(packs)
    try Self.removeRemains(packs)
    var odb: OpaquePointer?
    try GitLibrary.check("libgit2 can't open \(objects)") { git_odb_open(&odb, objects) }
    var wrapped: OpaquePointer?
    try GitLibrary.check("libgit2 can't use \(objects)") { git_repository_wrap_odb(&wrapped, odb) }
    var backend: UnsafeMutablePointer<git_odb_backend>?
    try GitLibrary.check("libgit2 has no memory store") { git_mempack_new(&backend) }
    // Above the packs, so that every write comes here.
    try GitLibrary.check("libgit2 refuses the memory store") { git_odb_add_backend(odb, backend, 999) }
    guard let odb, let wrapped, let backend else { throw WorkspaceError(.library, "libgit2 made no store") }
    database = odb
    repository = wrapped
    memory = backend
  }

  /// Holds a content and answers its id.
  func put(_ bytes: [UInt8]) throws(WorkspaceError) -> String {
    var id = git_oid()
    try GitLibrary.check("libgit2 can't hold a content of \(bytes.count) bytes") {
      bytes.withUnsafeBytes { git_odb_write(&id, database, $0.baseAddress, $0.count, GIT_OBJECT_BLOB) }
    }
    return Self.hex(&id)
  }

  /// The content; `.expired` when the store no longer has it. Its id is checked against its bytes.
  func get(_ id: String) throws(WorkspaceError) -> [UInt8] {
    if let bytes = try staged.get(id) { return bytes }
    var key = try Self.id(id)
    var object: OpaquePointer?
    do throws(WorkspaceError) {
      try GitLibrary.check("The content \(id) is damaged") { git_odb_read(&object, database, &key) }
    } catch  where error.code == .notFound {
      throw WorkspaceError(.expired, "The content \(id) is no longer kept", underlying: error.underlying)
    }
    defer { git_odb_object_free(object) }
    guard let data = git_odb_object_data(object) else { return [] }
    return Array(UnsafeRawBufferPointer(start: data, count: git_odb_object_size(object)))
  }

  /// Writes these contents as one pack, flushed, and answers the pack's name; nil for none. The pack holds
  /// all of them, also what another pack has, so each can be deleted alone.
  func flush(_ ids: [String]) throws(WorkspaceError) -> String? {
    guard !ids.isEmpty else { return nil }
    var builder: OpaquePointer?
    try GitLibrary.check("libgit2 can't build a pack") { git_packbuilder_new(&builder, repository) }
    defer { git_packbuilder_free(builder) }
    for id in Set(ids).sorted() {
      var key = try Self.id(id)
      try GitLibrary.check("libgit2 can't pack \(id)") { git_packbuilder_insert(builder, &key, nil) }
    }
    try GitLibrary.check("libgit2 can't write the pack to \(packs)") {
      git_packbuilder_write(builder, packs, 0o600, nil, nil)
    }
    guard let name = git_packbuilder_name(builder) else {
      throw WorkspaceError(.library, "libgit2 named no pack")
    }
    try GitLibrary.check("libgit2 can't clear the memory store") { git_mempack_reset(memory) }
    try GitLibrary.check("libgit2 can't see the new pack") { git_odb_refresh(database) }
    return String(cString: name)
  }

  /// Deletes a pack that no record needs.
  func delete(pack name: String) {
    if StagedContents.isPlace(name) { return staged.delete(place: name) }
    for ending in ["idx", "pack"] { unlink(PathResolver.join(packs, "pack-\(name).\(ending)")) }
  }

  /// Bytes of all packs, and of what waits beside them.
  func size() throws(WorkspaceError) -> Int {
    let handle = try DirectoryHandle.open(packs)
    var total = try staged.size()
    for name in try handle.names(limit: .max).names { total += Int(try handle.status(name)?.st_size ?? 0) }
    return total
  }

  /// Files that a crash left while a pack was written; an hour old, so that no other process is at them.
  private static func removeRemains(_ packs: String) throws(WorkspaceError) {
    let handle = try DirectoryHandle.open(packs)
    for name in try handle.names(limit: .max).names where !name.hasPrefix("pack-") {
      guard let info = try handle.status(name), time(nil) - info.st_mtim.tv_sec > 3600 else { continue }
      unlinkat(handle.descriptor.number, name, 0)
    }
  }

  private static func id(_ hex: String) throws(WorkspaceError) -> git_oid {
    var id = git_oid()
    try GitLibrary.check("\(hex) is no content id") { git_oid_fromstr(&id, hex) }
    return id
  }

  private static func hex(_ id: inout git_oid) -> String {
    var buffer = [CChar](repeating: 0, count: Int(GIT_OID_HEXSZ) + 1)
    git_oid_tostr(&buffer, buffer.count, &id)
    return String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    git_repository_free(repository)
    git_odb_free(database)
  }
}
