// StetHash
