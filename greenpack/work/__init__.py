"""Workers, which measure what cameras posted, and the processes of one machine."""
