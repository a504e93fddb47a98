"""HTTP alone: the socket that listens, and the requests and answers that pass through it."""
