"""One file in, one `Document` with its facts out. Pure: nothing here writes anything.

file -> readers -> layout -> structure -> extract (through resolve) -> Document
"""
