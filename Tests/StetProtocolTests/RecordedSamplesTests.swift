import StetJSON
import StetProtocol
import Testing

/// Messages that Codex 0.163.0 sent, shortened to one of a kind. The whole of the recorded traffic is read by
/// `TraceTests` where it is at hand.
@Suite struct RecordedSamplesTests {
  @Test(arguments: samples) func decodesAndReencodes(sample: String) throws {
    let message = try JSONValue(parsing: sample)
    if let method = message["method"]?.stringValue, let params = message["params"] {
      let back: JSONValue
      if message["id"] != nil {
        let request = ServerRequest.decode(method: method, params: params)
        if case .unknown = request { Issue.record("\(method) is not understood") }
        back = try request.params()
      } else {
        let notification = ServerNotification.decode(method: method, params: params)
        if case .unknown = notification { Issue.record("\(method) is not understood") }
        back = try notification.params()
      }
      #expect(back == params)
    } else {
      let result = try #require(message["result"])
      #expect(try JSONValue(encoding: result.decode(ThreadStartResponse.self)) == result)
    }
  }

  private static let samples = [
    #"""
    {"id": 2, "result": {"thread": {"id": "01a204ce-127c-7530-b8cd-bb5d6b44ca60",
    "environments": [{"environmentId": "local", "cwd": "/home/user/project",
    "runtimeWorkspaceRoots": ["/home/user/project"]}], "extra": null,
    "sessionId": "01a204ce-127c-7530-b8cd-bb5d6b44ca60", "forkedFromId": null, "parentThreadId": null,
    "preview": "", "ephemeral": false, "section": null, "sectionEnteredAt": null, "projectId": null,
    "historyMode": "paginated", "modelProvider": "mock", "model": "gpt-5.5", "reasoningEffort": null,
    "createdAt": 1795376943, "updatedAt": 1795376943, "recencyAt": 1795376943,
    "status": {"type": "idle"},
    "path": "/home/user/.codex/sessions/2026/11/22/rollout-2026-11-22T19-49-03-01a204ce-127c-7530-b8cd-bb5d6b44ca60.jsonl",
    "cwd": "/home/user/project", "cliVersion": "0.163.0", "originator": "probe", "source": "vscode",
    "canAcceptDirectInput": true, "threadSource": null, "agentNickname": null, "agentRole": null,
    "gitInfo": null, "name": null, "daybreakEnabled": null, "turns": []}, "model": "gpt-5.5",
    "modelProvider": "mock", "serviceTier": null, "disabledPluginIds": [], "cwd": "/home/user/project",
    "runtimeWorkspaceRoots": ["/home/user/project"], "instructionSources": [],
    "approvalPolicy": "on-request", "approvalsReviewer": "user", "sandbox": {"type": "readOnly",
    "networkAccess": false}, "activePermissionProfile": null, "reasoningEffort": null,
    "multiAgentMode": "explicitRequestOnly"}}
    """#,
    #"""
    {"method": "item/completed", "params": {"item": {"type": "commandExecution", "id": "call_0002_0",
    "pluginId": null, "scriptPath": null, "command": "/bin/bash -lc 'echo hi'",
    "cwd": "/home/user/project", "processId": "51832", "source": "unifiedExecStartup",
    "status": "completed", "commandActions": [{"type": "unknown", "command": "echo hi"}],
    "aggregatedOutput": "hi\n", "exitCode": 0, "durationMs": 0},
    "threadId": "01a204d8-fe8c-7c53-beb9-4b7c9dc9eb49",
    "turnId": "01a204d9-0292-79d0-8cee-b42a6d93fde9", "completedAtMs": 1795377660681},
    "emittedAtMs": 1795377660682}
    """#,
    #"""
    {"method": "item/completed", "params": {"item": {"type": "fileChange", "id": "call_0003",
    "changes": [{"path": "/home/user/project/a.txt", "kind": {"type": "update", "move_path": null},
    "diff": "@@ -1 +1 @@\n-hello world\n+hello again\n"}], "status": "completed"},
    "threadId": "01a204ce-1a67-7553-8cab-50c147b589df",
    "turnId": "01a204ce-1ba4-7060-8fae-617043381128", "completedAtMs": 1795376946201},
    "emittedAtMs": 1795376946203}
    """#,
    #"""
    {"method": "item/completed", "params": {"item": {"type": "reasoning", "id": "rs_0004",
    "summary": ["hmm"], "content": []}, "threadId": "01a204cf-3816-79f2-b913-8e0b189133b0",
    "turnId": "01a204cf-38bf-79d0-ba27-fe4db117d591", "completedAtMs": 1795377019513},
    "emittedAtMs": 1795377019514}
    """#,
    #"""
    {"method": "thread/tokenUsage/updated",
    "params": {"threadId": "01a204d1-0c24-7b03-99c6-721633a538e5",
    "turnId": "01a204d1-0d69-7491-94a7-bf02d5335636", "tokenUsage": {"total": {"totalTokens": 15741,
    "inputTokens": 15664, "cachedInputTokens": 0, "cacheWriteInputTokens": 0, "outputTokens": 77,
    "reasoningOutputTokens": 0}, "last": {"totalTokens": 6906, "inputTokens": 0,
    "cachedInputTokens": 0, "cacheWriteInputTokens": 0, "outputTokens": 0, "reasoningOutputTokens": 0},
    "modelContextWindow": 9500}}, "emittedAtMs": 1795377139094}
    """#,
    #"""
    {"method": "turn/completed", "params": {"threadId": "01a204d4-acfc-7141-b6a5-0a99a2111180",
    "turn": {"id": "01a204d4-c4c2-7512-a9c9-57588ab52559",
    "rootTurnId": "01a204d4-c4c2-7512-a9c9-57588ab52559", "items": [], "itemsView": "notLoaded",
    "status": "failed", "error": {"message": "invalid prompt", "codexErrorInfo": "other",
    "additionalDetails": null, "misalignment": null}, "startedAt": 1795377382,
    "completedAt": 1795377383, "durationMs": 717}}, "emittedAtMs": 1795377383316}
    """#,
    #"""
    {"method": "thread/settings/updated",
    "params": {"threadId": "01a204d6-2da2-72b3-bf20-14bb04add200",
    "threadSettings": {"disabledPluginIds": [], "cwd": "/home/user/project/.git",
    "approvalPolicy": "on-request", "approvalsReviewer": "user", "sandboxPolicy": {"type": "readOnly",
    "networkAccess": false}, "activePermissionProfile": null, "model": "third",
    "modelProvider": "mock", "serviceTier": null, "effort": "high", "summary": null,
    "collaborationMode": {"mode": "default", "settings": {"model": "third", "reasoning_effort": "high",
    "developer_instructions": null}}, "multiAgentMode": "explicitRequestOnly", "personality": null}},
    "emittedAtMs": 1795377475303}
    """#,
    #"""
    {"method": "turn/plan/updated", "params": {"threadId": "01a204d4-d10c-7a81-9b8c-c4ff6c440c46",
    "turnId": "01a204d4-d12f-7b70-9a7a-2f5ba06e211d", "explanation": "why", "plan": [{"step": "one",
    "status": "completed"}, {"step": "two", "status": "inProgress"}, {"step": "three",
    "status": "pending"}]}, "emittedAtMs": 1795377385896}
    """#,
    #"""
    {"method": "item/commandExecution/requestApproval", "id": 0, "params": {"kind": "command",
    "threadId": "01a204d5-cec2-7b22-88ca-0d80dfc5c9dc",
    "turnId": "01a204d5-cedf-77a3-9e8b-e642f8e36641", "itemId": "call_0001_0",
    "startedAtMs": 1795377450868, "environmentId": "local", "command": "/bin/bash -lc ls",
    "cwd": "/home/user/project", "commandActions": [{"type": "listFiles", "command": "ls",
    "path": null}], "proposedExecpolicyAmendment": ["ls"], "availableDecisions": ["accept",
    {"acceptWithExecpolicyAmendment": {"execpolicy_amendment": ["ls"]}}, "cancel"]}}
    """#,
    #"""
    {"method": "item/fileChange/requestApproval", "id": 0,
    "params": {"threadId": "01a204ce-127c-7530-b8cd-bb5d6b44ca60",
    "turnId": "01a204ce-1299-7762-a06c-db794091261a", "itemId": "call_0001",
    "startedAtMs": 1795376943914, "reason": null, "grantRoot": null}}
    """#,
    #"""
    {"method": "item/tool/requestUserInput", "id": 0,
    "params": {"threadId": "01a204d4-d718-7ca2-8a98-86f85f412958",
    "turnId": "01a204d4-d72d-7040-afba-4521b919f461", "itemId": "call_0001_0",
    "questions": [{"id": "color", "header": "Color", "question": "Which?", "isOther": true,
    "isSecret": false, "options": [{"label": "Red (Recommended)", "description": "warm"},
    {"label": "Blue", "description": "cold"}]}], "isBlocking": true, "autoResolutionMs": null}}
    """#,
    #"""
    {"method": "item/completed", "params": {"item": {"type": "mcpToolCall", "id": "call_0002_0",
    "server": "mini", "tool": "add", "status": "completed", "arguments": {"a": 1, "b": 2},
    "appContext": null, "mcpAppUi": null, "pluginId": null, "readOnlyHint": true,
    "result": {"content": [{"type": "text", "text": "3"}], "structuredContent": null, "_meta": null},
    "error": null, "durationMs": 0}, "threadId": "01a204d5-c6f6-7092-9453-0153b905e64d",
    "turnId": "01a204d5-cc07-7d91-8479-d0dbbedbeb50", "completedAtMs": 1795377450050},
    "emittedAtMs": 1795377450051}
    """#,
    #"""
    {"method": "account/rateLimits/updated", "params": {"rateLimits": {"limitId": "codex",
    "limitName": null, "normalModelSlug": null, "primary": null, "secondary": null, "credits": null,
    "individualLimit": null, "spendControlReached": null, "planType": null,
    "rateLimitReachedType": null}}, "emittedAtMs": 1795378485327}
    """#,
    #"""
    {"method": "error", "params": {"error": {"message": "invalid prompt", "codexErrorInfo": "other",
    "additionalDetails": null, "misalignment": null}, "willRetry": false,
    "threadId": "01a204d4-acfc-7141-b6a5-0a99a2111180",
    "turnId": "01a204d4-c4c2-7512-a9c9-57588ab52559"}, "emittedAtMs": 1795377383312}
    """#,
  ]
}
