extension ConfigSchema {
  /// Keys that only Codex acts on. A user's file may hold any of them; stet takes no offence and does nothing.
  static let codexOnly: [String: ConfigShape] = Dictionary(
    uniqueKeysWithValues: [
      "agents", "allow_login_shell", "analytics", "apps", "apps_mcp_product_sku", "audio", "auto_review",
      "chatgpt_base_url", "check_for_update_on_startup", "cli_auth_credentials_store", "commit_attribution",
      "debug", "default_permissions", "desktop", "disable_paste_burst", "disable_response_storage",
      "experimental_compact_prompt_file", "experimental_instructions_file",
      "experimental_realtime_start_instructions", "experimental_realtime_ws_backend_prompt",
      "experimental_realtime_ws_base_url", "experimental_realtime_ws_model",
      "experimental_realtime_ws_startup_context", "experimental_sandbox_command_assessment",
      "experimental_thread_config_endpoint", "experimental_thread_store",
      "experimental_use_exec_command_tool",
      "experimental_use_freeform_apply_patch", "experimental_use_rmcp_client",
      "experimental_use_unified_exec_tool", "experimental_resume", "features", "feedback", "file_opener",
      "forced_chatgpt_workspace_id", "forced_login_method", "ghost_snapshot", "hooks",
      "include_apply_patch_tool", "include_apps_instructions", "include_collaboration_mode_instructions",
      "include_environment_context", "include_permissions_instructions", "include_plan_tool",
      "internal_originator", "js_repl_node_module_dirs", "js_repl_node_path", "log_dir", "marketplaces",
      "mcp_oauth_callback_port", "mcp_oauth_callback_url", "mcp_oauth_credentials_store", "memories",
      "model_auto_compact_token_limit_scope", "model_catalog_json", "model_reasoning_summary_format",
      "model_supports_reasoning_summaries", "notice", "oss_provider", "otel", "permissions", "personality",
      "plugins", "preferred_auth_method", "realtime", "responses_originator_header_internal_override",
      "skills",
      "sqlite_home", "suppress_unstable_features_warning", "tool_suggest", "tools_view_image",
      "tools_web_search", "windows", "windows_wsl_setup_acknowledged", "zsh_path",
    ].map { ($0, ConfigShape.any) })
}
