// StetServer
