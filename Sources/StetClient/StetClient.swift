// StetClient
