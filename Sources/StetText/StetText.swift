// StetText
