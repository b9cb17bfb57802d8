"""Data health: what was loaded when, whether it adds up, and what was rejected."""

from dashboards.health_page.layout import body
from dashboards.page import show

show("data_health", body)
