// StetTerminal
