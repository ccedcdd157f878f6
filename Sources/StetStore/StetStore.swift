// StetStore
