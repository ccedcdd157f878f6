/// The allow-list for the model's commands: what shells, compilers and package managers need to work.
enum AllowedNames {
  static func contains(_ name: String) -> Bool {
    names.contains(name) || prefixes.contains { name.hasPrefix($0) }
  }

  private static let names: Set<String> = [
    // The user and the shell. Not XDG_RUNTIME_DIR, SSH_AUTH_SOCK, DBUS_…: they lead out of the sandbox.
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TERM", "COLORTERM", "TZ", "TMPDIR",
    "EDITOR", "HOSTNAME", "MANPATH", "INFOPATH", "CI", "DEBIAN_FRONTEND",
    "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_DIRS",
    "XDG_DATA_DIRS",
    // Compilers and linkers.
    "CC", "CXX", "CPP", "LD", "AR", "AS", "NM", "RANLIB", "STRIP", "CFLAGS", "CXXFLAGS", "CPPFLAGS",
    "LDFLAGS",
    "ARFLAGS", "LDLIBS", "MAKE", "MAKEFLAGS", "CPATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "LIBRARY_PATH",
    "LD_LIBRARY_PATH", "SOURCE_DATE_EPOCH", "CROSS_COMPILE", "ARCH", "SYSROOT", "SDKROOT", "TOOLCHAINS",
    // Languages and their package managers.
    "GOPATH", "GOROOT", "GOBIN", "GOFLAGS", "GOPROXY", "GOSUMDB", "GOPRIVATE", "GOCACHE", "GOMODCACHE",
    "GOOS",
    "GOARCH", "GO111MODULE", "GOTOOLCHAIN", "GOEXPERIMENT",
    "JAVA_HOME", "JDK_HOME", "JAVA_OPTS", "JAVA_TOOL_OPTIONS", "M2_HOME", "MAVEN_HOME", "MAVEN_OPTS",
    "GRADLE_HOME", "GRADLE_OPTS", "GRADLE_USER_HOME", "KOTLIN_HOME", "SCALA_HOME", "SDKMAN_DIR",
    "ANDROID_HOME", "ANDROID_SDK_ROOT", "ANDROID_NDK_HOME", "FLUTTER_ROOT", "PUB_CACHE",
    "NODE_PATH", "NODE_OPTIONS", "NODE_ENV", "NODE_EXTRA_CA_CERTS", "PNPM_HOME", "BUN_INSTALL",
    "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONIOENCODING",
    "PYTHONUTF8",
    "VIRTUAL_ENV", "POETRY_HOME", "PIPX_HOME", "PIPX_BIN_DIR",
    "GEM_HOME", "GEM_PATH", "RUBYLIB", "RUBYOPT", "PERL5LIB", "COMPOSER_HOME", "LUA_PATH", "LUA_CPATH",
    "DOTNET_ROOT", "DOTNET_CLI_HOME", "DOTNET_NOLOGO", "DOTNET_CLI_TELEMETRY_OPTOUT", "NUGET_PACKAGES",
    "GHCUP_INSTALL_BASE_PREFIX", "CABAL_DIR", "STACK_ROOT", "OPAMROOT", "OPAMSWITCH", "OPAM_SWITCH_PREFIX",
    "MIX_ENV", "MIX_HOME", "HEX_HOME", "JULIA_DEPOT_PATH", "R_HOME", "R_LIBS_USER", "ZIG_GLOBAL_CACHE_DIR",
    "IN_NIX_SHELL", "CUDA_HOME", "CUDA_PATH", "CUDA_VISIBLE_DEVICES",
    // Certificates and proxies; a proxy with a password in its address is dropped by value.
    "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE",
    "http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY",
    "ALL_PROXY",
  ]

  private static let prefixes = [
    "LC_", "PKG_CONFIG", "CMAKE_", "CGO_", "CARGO_", "RUST", "SWIFT_", "NVM_", "FNM_", "VOLTA_",
    "npm_config_",
    "PYENV", "PIP_", "UV_", "CONDA_", "MAMBA_", "RBENV_", "BUNDLE_", "ASDF_", "MISE_", "DENO_", "NIX_",
    "CCACHE_",
    "SCCACHE_", "OMP_", "TEST_",
  ]
}
