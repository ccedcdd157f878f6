import StetJSON

/// The tools that `stet mcp-server` offers, as `tools/list` tells them.
enum ToolDefinitions {
  static let start = "stet"
  static let reply = "stet-reply"
  static let startMembers: Set<String> = [
    "prompt", "cwd", "model", "sandbox", "approval-policy", "base-instructions", "developer-instructions",
  ]
  static let replyMembers: Set<String> = ["prompt", "threadId"]

  static let list: JSONValue = [
    [
      "name": .string(start), "title": "stet",
      "description":
        "Give a task to stet, a coding agent with its own tools and sandbox. Answers when the task is done, with its last message and a threadId for stet-reply.",
      "inputSchema": [
        "type": "object", "required": ["prompt"], "additionalProperties": false,
        "properties": [
          "prompt": text("What to do."),
          "cwd": text("The directory to work in; by default the server's."),
          "model": text("The model; by default as stet is configured."),
          "sandbox": choice(
            "What commands may write.", ["read-only", "workspace-write", "danger-full-access"]),
          "approval-policy": choice("When the user is asked.", ["untrusted", "on-request", "never"]),
          "base-instructions": text("Instructions in place of stet's own."),
          "developer-instructions": text("Instructions beside stet's own."),
        ],
      ], "outputSchema": answer,
    ],
    [
      "name": .string(reply), "title": "stet: go on",
      "description": "Go on with a thread of stet: send it a further message and wait for its answer.",
      "inputSchema": [
        "type": "object", "required": ["threadId", "prompt"], "additionalProperties": false,
        "properties": ["threadId": text("The thread."), "prompt": text("The message.")],
      ], "outputSchema": answer,
    ],
  ]

  private static let answer: JSONValue = [
    "type": "object", "required": ["threadId", "content"],
    "properties": [
      "threadId": text("The thread, for stet-reply."), "content": text("Its last message."),
      "declined": [
        "type": "array", "items": ["type": "string"], "description": "What nobody could be asked about.",
      ],
    ],
  ]

  private static func text(_ words: String) -> JSONValue {
    ["type": "string", "description": .string(words)]
  }

  private static func choice(_ words: String, _ values: [String]) -> JSONValue {
    ["type": "string", "description": .string(words), "enum": .array(values.map(JSONValue.string))]
  }
}
