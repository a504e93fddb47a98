"""Random lives of a stack: what people do to a program, to its stack and behind its back, in any order."""
