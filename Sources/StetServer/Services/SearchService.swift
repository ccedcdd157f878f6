import StetAgent
import StetProtocol

/// Finding threads by what was said in them.
public protocol SearchService: Sendable {
  func threadSearch(_ params: ThreadSearchParams, reply: @escaping AgentReply<ThreadSearchResponse>)
  func threadSearchOccurrences(
    _ params: ThreadSearchOccurrencesParams, reply: @escaping AgentReply<ThreadSearchOccurrencesResponse>)
  func stetThreadSearch(
    _ params: StetThreadSearchParams, reply: @escaping AgentReply<StetThreadSearchResponse>)
}
