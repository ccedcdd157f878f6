// StetProtocol
