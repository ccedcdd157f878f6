// StetJSON
