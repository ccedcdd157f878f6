// StetNet
