// StetConfig
