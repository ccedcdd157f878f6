// StetTestSupport
