"""What stands around the pages: who may connect, security headers, static files, links that survive signing
in, the address for monitors, the documentation, and what happens at the start.
"""
