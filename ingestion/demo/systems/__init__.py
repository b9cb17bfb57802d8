"""What each source system holds of what happened: its own columns, formats and dirt. No simulation and no
files here.
"""
