import StetAgent
import StetProtocol
import StetServer

extension ScriptedAgent {
  func threadSearch(_ params: ThreadSearchParams, reply: @escaping AgentReply<ThreadSearchResponse>) {
    reply(.success(ThreadSearchResponse(data: [])))
  }
  func threadSearchOccurrences(
    _ params: ThreadSearchOccurrencesParams, reply: @escaping AgentReply<ThreadSearchOccurrencesResponse>
  ) {
    reply(.success(ThreadSearchOccurrencesResponse(data: [])))
  }
  func stetThreadSearch(
    _ params: StetThreadSearchParams, reply: @escaping AgentReply<StetThreadSearchResponse>
  ) {
    reply(.success(StetThreadSearchResponse(data: [], isPartial: false)))
  }
}
