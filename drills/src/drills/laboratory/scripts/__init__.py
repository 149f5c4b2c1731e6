"""Extraction scripts written by hand, each in a style that sqlmap does not have. Each returns the cells it read."""
