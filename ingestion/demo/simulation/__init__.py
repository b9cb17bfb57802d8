"""What happened: people, dealers, journeys, cars, app use, workshop visits, campaigns. No dirt and no
files here.
"""
