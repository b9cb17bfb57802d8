"""One dealer on a phone: queues that should be empty, the month's pace, the weakest steps and what to do."""
