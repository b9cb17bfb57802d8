"""Identity review: two records side by side, masked, and one judgement at a time."""

from dashboards.page import show
from dashboards.review_page.layout import body

show("identity_review", body)
