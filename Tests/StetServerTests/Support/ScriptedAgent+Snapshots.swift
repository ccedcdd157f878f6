import StetAgent
import StetJSON
import StetProtocol

extension ScriptedAgent {
  func snapshotFile(_ params: StetSnapshotFileParams, reply: @escaping AgentReply<JSONValue>) {
    reply(.success(["dataBase64": "eA==", "hash": "h", "mode": 420]))
  }

  func snapshotUsage(_ params: StetSnapshotUsageParams, reply: @escaping AgentReply<JSONValue>) {
    reply(.success(["bytes": 1, "limitBytes": 2, "turns": 3]))
  }

  func snapshotPurge(_ params: StetSnapshotPurgeParams, reply: @escaping AgentReply<JSONValue>) {
    reply(.success(["freedBytes": 1]))
  }
}
