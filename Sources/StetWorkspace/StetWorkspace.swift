// StetWorkspace
