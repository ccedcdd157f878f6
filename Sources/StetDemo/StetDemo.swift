// StetDemo
