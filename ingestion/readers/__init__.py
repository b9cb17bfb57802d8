"""How each kind of system is read: databases, JSON lines, JSON pages, tables in files.

Belongs here: turning what a system holds into chunks of rows, and remembering how far that went.
Does not belong here: which entities there are (the contracts say) and what becomes of the rows (the batch).
"""
