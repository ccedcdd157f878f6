// StetUI
