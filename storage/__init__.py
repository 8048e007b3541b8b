"""What is remembered, on disk: profiles, sessions, pairs, adapter versions and cycles.

Knows SQLite and the file system. Does not know models, the network or any interface.
"""
