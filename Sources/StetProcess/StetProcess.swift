// StetProcess
