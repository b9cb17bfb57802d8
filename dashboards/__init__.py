"""Who reads the numbers: Streamlit pages, chart functions and their words.

What belongs here: pages, charts as pure functions, number formats, sentences. What does not: SQL, indicators
(serving answers), and anything that opens a database.
"""
