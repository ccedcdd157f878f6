// StetRPC
