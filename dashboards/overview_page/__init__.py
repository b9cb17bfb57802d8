"""The overview: findings in sentences, the month's indicators with target and pace, and where to go on."""
