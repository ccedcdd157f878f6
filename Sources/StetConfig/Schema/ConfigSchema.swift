/// Every key that stet reads, and every key that Codex users have in their files: the latter are accepted without
/// a word, so one file serves both. Source: Codex's published configuration schema, and agent-core.md.
enum ConfigSchema {
  static let root: [String: ConfigShape] = {
    var keys = settings
    keys.merge(codexOnly) { first, _ in first }
    keys["profiles"] = .map(.table(settings.merging(codexOnly) { first, _ in first }))
    keys["profile"] = .string
    return keys
  }()

  /// What stet acts on.
  private static let settings: [String: ConfigShape] = [
    "model": .string,
    "review_model": .string,
    "model_provider": .string,
    "model_providers": .map(.table(provider)),
    "model_context_window": .integer(1...Int64.max),
    "model_max_output_tokens": .integer(1...Int64.max),
    "model_auto_compact_token_limit": .integer(1...Int64.max),
    "model_reasoning_effort": .string,
    "model_reasoning_summary": .choice(["auto", "concise", "detailed", "none"]),
    "model_verbosity": .choice(["low", "medium", "high"]),
    "model_instructions_file": .string,
    "plan_mode_reasoning_effort": .string,
    "service_tier": .string,
    "openai_base_url": .string,
    "approval_policy": approvalPolicy,
    "approvals_reviewer": .choice(["user", "auto_review", "guardian_subagent"]),
    "sandbox_mode": .choice(["read-only", "workspace-write", "danger-full-access"]),
    "sandbox_workspace_write": .table([
      "writable_roots": .strings, "network_access": .bool, "exclude_tmpdir_env_var": .bool,
      "exclude_slash_tmp": .bool,
    ]),
    "shell_environment_policy": .table([
      "inherit": .choice(["all", "core", "none"]), "ignore_default_excludes": .bool, "exclude": .strings,
      "include_only": .strings, "set": .map(.string), "experimental_use_profile": .bool,
    ]),
    "edit_review": .choice(["off", "ask", "atEnd"]),
    "snapshot": .table(snapshot),
    "projects": .map(.table(["trust_level": .choice(["trusted", "untrusted"]), "consents": .strings])),
    "mcp_servers": .map(.table(mcpServer)),
    "notify": .strings,
    "instructions": .string,
    "developer_instructions": .string,
    "compact_prompt": .string,
    "project_doc_max_bytes": .count,
    "project_doc_fallback_filenames": .strings,
    "project_root_markers": .strings,
    "tool_output_token_limit": .integer(1...Int64.max),
    "background_terminal_max_timeout": .count,
    "hide_agent_reasoning": .bool,
    "show_raw_agent_reasoning": .bool,
    "web_search": .choice(["disabled", "cached", "live"]),
    "tools": .table([
      "web_search": .either([.bool, .table(webSearch)]), "view_image": .bool, "update_plan": toggle,
      "experimental_request_user_input": .any, "web_search_request": .bool,
    ]),
    "history": .table(["persistence": .choice(["save-all", "none"]), "max_bytes": .count]),
    "tui": .table(tui),
    "keys": .map(.map(.either([.string, .bool]))),
  ]

  private static let approvalPolicy = ConfigShape.either([
    // "on-failure" is gone from Codex; files still have it, and the reader maps it with a warning.
    .choice(["untrusted", "on-request", "never", "on-failure"]),
    .table([
      "granular": .table([
        "sandbox_approval": .bool, "rules": .bool, "mcp_elicitations": .bool, "skill_approval": .bool,
        "request_permissions": .bool,
      ])
    ]),
  ])

  private static let provider: [String: ConfigShape] = [
    "name": .string, "base_url": .string, "env_key": .string, "env_key_instructions": .string,
    "experimental_bearer_token": .string, "wire_api": .choice(["responses", "chat", "messages"]),
    "query_params": .map(.string), "http_headers": .map(.string), "env_http_headers": .map(.string),
    "request_max_retries": .integer(0...100), "stream_max_retries": .integer(0...100),
    "stream_idle_timeout_ms": .integer(1...Int64(Int32.max)), "requires_openai_auth": .bool,
    "websocket_connect_timeout_ms": .count, "supports_websockets": .bool, "auth": .table(keyCommand),
    "aws": .any,
  ]

  /// As Codex has it: a program that prints a bearer token.
  private static let keyCommand: [String: ConfigShape] = [
    "command": .string, "args": .strings, "timeout_ms": .integer(1...Int64(Int32.max)),
    "refresh_interval_ms": .integer(0...Int64(Int32.max)), "cwd": .string,
  ]

  private static let mcpServer: [String: ConfigShape] = [
    "command": .string, "args": .strings, "env": .map(.string), "env_vars": .any, "cwd": .string,
    "url": .string, "bearer_token_env_var": .string, "http_headers": .map(.string),
    "env_http_headers": .map(.string), "startup_timeout_sec": .number, "startup_timeout_ms": .count,
    "tool_timeout_sec": .number, "enabled": .bool, "required": .bool, "enabled_tools": .strings,
    "disabled_tools": .strings, "trusted": .bool,
    "sandbox": .choice(["thread", "network", "off"]), "name": .string, "scopes": .strings, "oauth": .any,
    "oauth_resource": .string, "tools": .any, "default_tools_approval_mode": .string,
    "supports_parallel_tool_calls": .bool, "environment_id": .string,
  ]

  private static let snapshot: [String: ConfigShape] = [
    "include": .strings, "network": .bool, "file_bytes": .count, "new_files": .count, "new_bytes": .count,
    "baseline_bytes": .count, "store_bytes": .count, "total_bytes": .count, "free_bytes": .count,
    "names": .count, "scan_ms": .integer(1...Int64(Int32.max)), "turns": .integer(1...Int64(Int32.max)),
    "days": .integer(1...36_500),
  ]

  private static let webSearch: [String: ConfigShape] = [
    "enabled": .bool, "allowed_domains": .strings, "context_size": .choice(["low", "medium", "high"]),
    "location": .any,
  ]

  private static let toggle = ConfigShape.either([.bool, .table(["enabled": .bool])])

  private static let tui: [String: ConfigShape] = [
    "theme": .string, "notifications": .either([.bool, .strings]),
    "notification_method": .choice(["auto", "osc9", "bel"]),
    "notification_condition": .choice(["unfocused", "always"]), "animations": .bool, "show_tooltips": .bool,
    "alternate_screen": .choice(["auto", "always", "never"]), "vim_mode_default": .bool, "mouse": .bool,
    "ambiguous_width": .integer(1...2), "terminal_title": .either([.bool, .strings]), "bell": .bool,
    "status_line": .strings, "status_line_use_colors": .bool, "raw_output_mode": .bool, "keymap": .any,
    "session_picker_view": .string, "show_mcp_startup_status": .bool, "model_availability_nux": .any,
    "terminal_resize_reflow_max_rows": .count, "pet": .string, "pet_anchor": .string,
    "scroll_events_per_tick": .any, "scroll_wheel_lines": .any, "scroll_trackpad_lines": .any,
    "scroll_trackpad_accel_events": .any, "scroll_trackpad_accel_max": .any, "scroll_mode": .any,
    "scroll_wheel_tick_detect_max_ms": .any, "scroll_wheel_like_max_duration_ms": .any, "scroll_invert": .any,
  ]
}
