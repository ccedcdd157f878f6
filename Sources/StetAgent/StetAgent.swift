// StetAgent
