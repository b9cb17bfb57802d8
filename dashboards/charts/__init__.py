"""Charts as pure functions: numbers and a theme in, an ECharts option out. No Streamlit, so plain tests
cover them.
"""
