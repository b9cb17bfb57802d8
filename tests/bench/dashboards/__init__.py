"""How fast the dashboards are: viewers that speak Streamlit's WebSocket protocol, a real browser, and readers
under a thousand new snapshots.
"""
